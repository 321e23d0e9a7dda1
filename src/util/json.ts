/** A JSON object whose fields nobody knows at compile time. */
export interface JsonObject {
  [field: string]: unknown
}

/** Whether `value` is an object, neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field `name` of `object`, never something that every object inherits. */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Sets a field, also one called `__proto__`, which a plain assignment would not store. */
export function setField(object: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  } else {
    object[name] = value
  }
}

/**
 * Whether two JSON values are the same; the order of fields does not count, and a field that is
 * undefined is one that is absent.
 */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => jsonEqual(item, right[index]))
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false
  for (const name of Object.keys(left)) {
    if (!jsonEqual(left[name], ownField(right, name))) return false
  }
  for (const name of Object.keys(right)) {
    if (right[name] !== undefined && ownField(left, name) === undefined) return false
  }
  return true
}

/**
 * A private deep copy of a JSON document; fields that are undefined are left out.
 *
 * About ten times as fast as structuredClone, which every write would pay several times.
 */
export function cloneJson<T>(value: T): T
export function cloneJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => cloneJson<unknown>(item))
  const copy: JsonObject = {}
  for (const name of Object.keys(value)) {
    const item = (value as JsonObject)[name]
    if (item !== undefined) setField(copy, name, cloneJson<unknown>(item))
  }
  return copy
}
