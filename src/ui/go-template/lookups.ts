/** Ways into JSON values for templates, where a map may hold values of any kind. */
import {typeName} from '../../util/go-template/functions.ts'
import {isJsonObject} from '../../util/json.ts'

/**
 * `index x 1 "a"` is `x[1]["a"]`. Unlike in a map of texts, a key that is not there has no value.
 * Throws an Error with Go's text.
 */
export function index(collection: unknown, ...keys: unknown[]): unknown {
  return keys.reduce((value, key) => {
    if (value === undefined || value === null) throw new Error('index of nil pointer')
    if (Array.isArray(value)) {
      if (typeof key !== 'number') {
        throw new Error(`cannot index slice/array with type ${typeName(key)}`)
      }
      if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`)
      return value[key] as unknown
    }
    if (!isJsonObject(value)) throw new Error(`can't index item of type ${typeName(value)}`)
    if (typeof key !== 'string') {
      throw new Error(`value has type ${typeName(key)}; should be string`)
    }
    return Object.hasOwn(value, key) ? value[key] : undefined
  }, collection)
}

/** Whether `index` with the same arguments finds something that is not null. */
export function exists(collection: unknown, ...keys: unknown[]): boolean {
  try {
    const found = index(collection, ...keys)
    return found !== undefined && found !== null
  } catch {
    return false
  }
}
