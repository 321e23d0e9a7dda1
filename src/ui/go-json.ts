import {escapeJson} from '../util/go/json.ts'
import {inAlphabeticalOrder} from './field-order.ts'

/** A value as JSON with its fields in the order they have, escaped as Go does; ends in a newline. */
export function orderedJson(value: unknown, indent: number): string {
  return `${escapeJson(JSON.stringify(value, undefined, indent))}\n`
}

/** A value as Go prints a map: fields in alphabetical order. */
export function goJson(value: unknown, indent: number): string {
  return orderedJson(inAlphabeticalOrder(value), indent)
}
