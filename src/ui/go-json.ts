import {inAlphabeticalOrder} from './field-order.ts'

// Go escapes these in JSON, so that it can stand in HTML.
const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** A value as JSON with its fields in the order they have, escaped as Go does; ends in a newline. */
export function orderedJson(value: unknown, indent: number): string {
  const text = JSON.stringify(value, undefined, indent)
  return `${text.replaceAll(/[<>&\u2028\u2029]/g, (char) => HTML_ESCAPES[char] ?? char)}\n`
}

/** A value as Go prints a map: fields in alphabetical order. */
export function goJson(value: unknown, indent: number): string {
  return orderedJson(inAlphabeticalOrder(value), indent)
}
