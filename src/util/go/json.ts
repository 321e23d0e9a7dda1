/** JSON in the form of Go's `encoding/json`. */
import {isJsonObject, type JsonObject, setField} from '../json.ts'

/** Escapes a JSON text: what could end a script in a web page is written as `\u003c`. */
export function escapeJson(json: string): string {
  return json.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A value as Go writes it, its fields in the order they have. */
export function goJson(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, undefined, indent))
}

/** The value with the fields of all objects in order, as Go writes maps. */
export function sortedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedJson)
  if (!isJsonObject(value)) return value
  const result: JsonObject = {}
  for (const name of Object.keys(value).toSorted()) setField(result, name, sortedJson(value[name]))
  return result
}
