import {isJsonObject, ownField, type JsonObject} from '../../util/json.ts'
import {quote} from '../../util/strconv.ts'
import {goJson, sortedJson} from '../../util/go/json.ts'
import type {ListType} from './merge-type.ts'

/**
 * One step of a field path, written as FieldsV1 writes it:
 *
 * | element               | selects                                       |
 * | --------------------- | --------------------------------------------- |
 * | `f:spec`              | the field `spec`                              |
 * | `k:{"name":"web"}`    | the list item with this key, fields in order  |
 * | `v:"example.com/a"`   | the item of a set with this value             |
 * | `i:0`                 | the item at this index                        |
 *
 * Equal elements are equal strings, so that sets of fields need no comparison of their own.
 */
export type PathElement = string

/** Elements by the name of the field, so that V8 joins and hashes each of them once. */
const fieldElements = new Map<string, PathElement>()
/** So many are remembered; then all are forgotten. */
const REMEMBERED = 20_000

/** Selects the field `name`. */
export function fieldElement(name: string): PathElement {
  let element = fieldElements.get(name)
  if (element === undefined) {
    element = `f:${name}`
    if (fieldElements.size >= REMEMBERED) fieldElements.clear()
    fieldElements.set(name, element)
  }
  return element
}

/** An item of a list that cannot be told from the others. */
export class ListItemError extends Error {
  override readonly name = 'ListItemError'
}

/** Selects `item` in a list that merges by key or by value. Throws a {@link ListItemError}. */
export function itemElement(type: ListType, item: unknown): PathElement {
  return type.merges === 'map' ? keyElement(type, item) : valueElement(item)
}

function keyElement(type: ListType, item: unknown): PathElement {
  if (item === null) {
    throw new ListItemError('associative list with keys may not have a null element')
  }
  if (!isJsonObject(item)) {
    throw new ListItemError('associative list with keys may not have non-map elements')
  }
  const key: JsonObject = {}
  for (const name of type.keys) {
    const value = ownField(item, name) ?? type.item.map?.fields.get(name)?.default
    // A key that is missing makes another item than one that is set, whatever the value.
    if (value !== undefined) key[name] = value
  }
  if (Object.keys(key).length === 0) {
    const names = `[${type.keys.map(quote).join(' ')}]`
    throw new ListItemError(
      `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    )
  }
  return `k:${goJson(key)}`
}

function valueElement(item: unknown): PathElement {
  if (item === null) {
    throw new ListItemError("associative list without keys has an element that's an explicit null")
  }
  if (Array.isArray(item)) {
    throw new ListItemError('not supported: associative list with lists as elements')
  }
  if (typeof item === 'object') {
    throw new ListItemError("associative list without keys has an element that's a map type")
  }
  return `v:${goJson(item)}`
}

/**
 * Reads an element as somebody else may have written it and answers its canonical form; undefined
 * when it is none.
 */
export function parseElement(text: string): PathElement | undefined {
  const kind = text.slice(0, 2)
  const rest = text.slice(2)
  if (kind === 'f:') return text
  if (kind === 'i:') return /^[+-]?\d+$/.test(rest) ? `i:${Number(rest)}` : undefined
  if (kind !== 'k:' && kind !== 'v:') return undefined
  try {
    const value: unknown = JSON.parse(rest)
    if (kind === 'v:') return `v:${goJson(value)}`
    return isJsonObject(value) ? `k:${goJson(sortedJson(value))}` : undefined
  } catch {
    return undefined
  }
}

/** An element as messages show it: `.spec`, `[name="web"]`, `[="a"]`, `[0]`. */
export function printElement(element: PathElement): string {
  const rest = element.slice(2)
  switch (element.slice(0, 1)) {
    case 'f':
      return `.${rest}`
    case 'k': {
      const key = Object.entries(JSON.parse(rest) as JsonObject)
      return `[${key.map(([name, value]) => `${name}=${printValue(value)}`).join(',')}]`
    }
    case 'v':
      return `[=${printValue(JSON.parse(rest))}]`
    default:
      return `[${rest}]`
  }
}

/** A path as messages show it: `.spec.containers[name="web"].image`. */
export function printPath(path: readonly PathElement[]): string {
  return path.map(printElement).join('')
}

/** Orders elements as upstream does: fields, then keys, then values, then indexes. */
export function compareElements(left: PathElement, right: PathElement): number {
  if (left === right) return 0
  if (left.startsWith('f') && right.startsWith('f')) return left < right ? -1 : 1
  const kind = KINDS.indexOf(left.slice(0, 1)) - KINDS.indexOf(right.slice(0, 1))
  if (kind !== 0) return kind
  const leftValue: unknown = JSON.parse(left.slice(2))
  const rightValue: unknown = JSON.parse(right.slice(2))
  if (isJsonObject(leftValue) && isJsonObject(rightValue)) return compareKeys(leftValue, rightValue)
  return compareScalars(leftValue, rightValue)
}

const KINDS = 'fkvi'

function compareKeys(left: JsonObject, right: JsonObject): number {
  const rightFields = Object.entries(right)
  for (const [index, [name, value]] of Object.entries(left).entries()) {
    const [otherName, otherValue] = rightFields[index] ?? []
    if (otherName === undefined) return 1
    if (name !== otherName) return name < otherName ? -1 : 1
    const order = compareScalars(value, otherValue)
    if (order !== 0) return order
  }
  return -1
}

/** Numbers before strings before booleans, as structured-merge-diff `value.Compare`. */
function compareScalars(left: unknown, right: unknown): number {
  const types = ['number', 'string', 'boolean']
  const type = types.indexOf(typeof left) - types.indexOf(typeof right)
  if (type !== 0) return type
  if (left === right) return 0
  return (left as string) < (right as string) ? -1 : 1
}

function printValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : JSON.stringify(value)
}
