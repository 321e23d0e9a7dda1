import {isJsonObject, setField, type JsonObject} from '../../util/json.ts'

/** `$patch: delete | replace | merge`, about the map or list item it stands in. */
export const DIRECTIVE = '$patch'

/** `$retainKeys: [a]`: the only fields of the map that stay. */
export const RETAIN_KEYS = '$retainKeys'

/** `$deleteFromPrimitiveList/finalizers: [a]`: values that go from a list. */
export const DELETE_FROM_PREFIX = '$deleteFromPrimitiveList'

/** `$setElementOrder/containers: [{name: a}]`: the order of a list. */
export const SET_ORDER_PREFIX = '$setElementOrder'

/** The field that a directive with a prefix is about; undefined when it names none. */
export function directiveField(key: string, prefix: string): string | undefined {
  return key.startsWith(`${prefix}/`) ? key.slice(prefix.length + 1) : undefined
}

/**
 * A value of a patch that has nothing to merge with, as it is stored: without nulls and without
 * directives. Undefined for a map with `$patch` in it, of which nothing is left.
 *
 * The other directives are left out too, where upstream lets the decoder drop them as unknown fields.
 */
export function cleaned(value: unknown, options: {keepNulls?: boolean} = {}): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => cleaned(item, options)).filter((item) => item !== undefined)
  }
  if (!isJsonObject(value)) return value
  if (Object.hasOwn(value, DIRECTIVE)) return undefined
  const result: JsonObject = {}
  for (const [key, item] of Object.entries(value)) {
    if (isDirective(key) || (item === null && options.keepNulls !== true)) continue
    const kept = cleaned(item, options)
    if (kept !== undefined) setField(result, key, kept)
  }
  return result
}

function isDirective(key: string): boolean {
  return (
    key === RETAIN_KEYS || key.startsWith(DELETE_FROM_PREFIX) || key.startsWith(SET_ORDER_PREFIX)
  )
}
