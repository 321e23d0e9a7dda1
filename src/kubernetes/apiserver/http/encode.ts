import type {WatchEvent} from '../../../api/meta/object.ts'
import {isJsonObject} from '../json-value.ts'
import {bareLists} from '../render.ts'

const texts = new WeakMap<object, string>()

/**
 * The JSON text of a stored object, made once: it is frozen, and a hundred watches send the same.
 */
function textOf(object: object): string {
  if (!Object.isFrozen(object)) return JSON.stringify(object)
  const known = texts.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  texts.set(object, text)
  return text
}

/** One line of a watch. */
export function encodeEvent({type, object}: WatchEvent): string {
  return `{"type":"${type}","object":${textOf(object)}}\n`
}

/** The JSON text of an answer. Items of {@link bareLists} are written without apiVersion and kind. */
export function encodeDocument(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (!bareLists.has(value) || !isJsonObject(value) || !Array.isArray(value['items'])) {
    return textOf(value)
  }
  const {items, ...rest} = value
  const parts = items.filter(isJsonObject).map((item) => {
    const {apiVersion: _apiVersion, kind: _kind, ...bare} = item
    return JSON.stringify(bare)
  })
  return `${JSON.stringify(rest).slice(0, -1)},"items":[${parts.join(',')}]}`
}
