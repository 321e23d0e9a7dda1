/** Comparison in filters. Counterpart of k8s.io/client-go `third_party/forked/golang/template`. */

/** Compares two values of one kind. Throws an Error with Go's text for what cannot be compared. */
export function compareValues(left: unknown, operator: string, right: unknown): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right)
    case '!=':
      return !isEqual(left, right)
    case '<':
      return isLess(left, right)
    case '<=':
      return isLess(left, right) || isEqual(left, right)
    case '>':
      return !isLess(left, right) && !isEqual(left, right)
    case '>=':
      return !isLess(left, right)
    default:
      throw new Error(`unrecognized filter operator ${operator}`)
  }
}

type Basic = string | number | boolean

function isEqual(left: unknown, right: unknown): boolean {
  const [first, second] = sameKind(left, right)
  return first === second
}

function isLess(left: unknown, right: unknown): boolean {
  const [first, second] = sameKind(left, right)
  if (typeof first === 'boolean') throw new Error('invalid type for comparison')
  return first < second
}

function sameKind(left: unknown, right: unknown): [Basic, Basic] {
  if (!isBasic(left) || !isBasic(right)) throw new Error('invalid type for comparison')
  if (kindOf(left) !== kindOf(right)) throw new Error('incompatible types for comparison')
  return [left, right]
}

function isBasic(value: unknown): value is Basic {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

// Go keeps whole numbers and others apart, and so do kubectl's users' filters.
function kindOf(value: Basic): string {
  if (typeof value !== 'number') return typeof value
  return Number.isInteger(value) ? 'integer' : 'float'
}
