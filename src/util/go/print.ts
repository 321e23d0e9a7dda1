/** JSON values as Go's `fmt` prints them, since messages of kube-apiserver contain them. */
import {isJsonObject} from '../json.ts'
import {compareText} from './compare.ts'

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
  const entries = Object.entries(value).toSorted(([left], [right]) => compareText(left, right))
  return `map[${entries.map(([name, item]) => `${name}:${goPrint(item)}`).join(' ')}]`
}
