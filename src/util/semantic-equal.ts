/**
 * Compares two JSON-like values as Kubernetes does: absent, undefined, null, an empty list and an
 * empty map are the same thing inside an object.
 *
 * Counterpart of k8s.io/apimachinery `equality.Semantic.DeepEqual`. A reconciler that compared
 * strictly would write the same object for ever, because the server drops empty fields.
 */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (!isObject(left) || !isObject(right)) return isEmpty(left) && isEmpty(right)
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => semanticEqual(item, right[at]))
  }
  if (Array.isArray(left) || Array.isArray(right)) return isEmpty(left) && isEmpty(right)
  // No lists of keys: every reconcile compares a status, and most of them are the same.
  for (const key in left) {
    if (!semanticEqual(left[key], right[key])) return false
  }
  for (const key in right) {
    if (!(key in left) && !isEmpty(right[key])) return false
  }
  return true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value !== 'object') return false
  for (const _ in value) return false
  return true
}
