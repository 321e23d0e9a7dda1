import {escapeJson} from '../../util/go/json.ts'
import {isJsonObject, setField, type JsonObject} from '../../util/json.ts'

/**
 * JSON values as Go prints them, since messages of kube-apiserver contain them.
 */

/** What encoding/json calls the kind of a value: `object`, `array`, `string`, `number`, `bool`. */
export function goKind(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** The Go type of a decoded JSON value: `map[string]interface {}`. */
export function goType(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return 'map[string]interface {}'
}

/** A value as `%v` prints it: `map[a:1 b:[x y]]`, with the keys of maps in order. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`
  if (!isJsonObject(value)) return `${value as string | number | boolean}`
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return `map[${entries.map(([name, item]) => `${name}:${goPrint(item)}`).join(' ')}]`
}

/** JSON as Go writes it. */
export function goJson(value: unknown): string {
  return escapeJson(JSON.stringify(value))
}

/** The value with the fields of all objects in order, as Go writes maps. */
export function sortedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedJson)
  if (!isJsonObject(value)) return value
  const result: JsonObject = {}
  for (const name of Object.keys(value).toSorted()) setField(result, name, sortedJson(value[name]))
  return result
}
