/**
 * Compares two JSON-like values as Kubernetes does: absent, undefined, null, an empty list and an
 * empty map are the same thing inside an object.
 *
 * Counterpart of k8s.io/apimachinery `equality.Semantic.DeepEqual`. A reconciler that compared
 * strictly would write the same object for ever, because the server drops empty fields.
 */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (isEmpty(left) && isEmpty(right)) return true
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => semanticEqual(item, right[index]))
  }
  if (!isObject(left) || !isObject(right)) return false
  for (const key of Object.keys(left)) {
    if (!semanticEqual(left[key], right[key])) return false
  }
  for (const key of Object.keys(right)) {
    if (!(key in left) && !isEmpty(right[key])) return false
  }
  return true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}
