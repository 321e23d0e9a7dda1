/**
 * What decoding JSON into a Go type and encoding it again does to an object: unknown fields go,
 * empty ones too, some zeros appear, and a value of the wrong type is an error.
 */
import {isJsonObject} from '../../util/json.ts'
import {canonicalQuantity} from '../../util/quantity.ts'
import {INT32} from './declare.ts'
import {bareName, type GoType, nameOf, type ScalarType, type StructType} from './go-type.ts'

type JsonObject = Record<string, unknown>

/**
 * Brings the spec of `object` into the form it has after a round trip through `type`, in place.
 * What `type` does not declare beside it (metadata, status) is not touched.
 *
 * @throws Error with the text of Go's `encoding/json`.
 */
export function roundTrip(type: StructType, object: JsonObject): void {
  const decoder = new Decoder()
  const declared: JsonObject = {spec: object['spec'] ?? null}
  decoder.struct(type, declared)
  object['spec'] = declared['spec']
  if (decoder.firstMismatch !== undefined) throw new Error(decoder.firstMismatch)
}

class Decoder {
  /** Go goes on after a value of the wrong type and reports the first one at the end. */
  firstMismatch: string | undefined
  readonly #path: string[] = []
  #struct = ''

  struct(type: StructType, object: JsonObject): void {
    const outer = this.#struct
    // Sorted, as the API server sends it: the order decides which error is the first.
    for (const key of Object.keys(object).toSorted()) {
      const place = type.byJson.get(key)
      if (place === undefined) {
        delete object[key]
        continue
      }
      this.#struct = bareName(type)
      this.#path.push(...place.via, key)
      const value = this.#value(place.field.type, object[key])
      this.#path.length -= place.via.length + 1
      if (value === undefined || (!place.field.always && isOmitted(place.field.type, value))) {
        delete object[key]
      } else object[key] = value
    }
    this.#struct = outer
    for (const [key, {field}] of type.byJson) {
      if (object[key] !== undefined) continue
      const zero = zeroOf(field.type)
      if (field.always || !isOmitted(field.type, zero)) object[key] = zero
    }
  }

  /** The value after the round trip; undefined is what an absent pointer, list or map is. */
  #value(type: GoType, value: unknown): unknown {
    if (value === null) {
      const nil = zeroOf(type)
      return nil === null && type.kind !== 'time' ? undefined : nil
    }
    switch (type.kind) {
      case 'pointer':
        return this.#value(type.to, value)
      case 'opaque':
        return value
      case 'struct':
        if (!isJsonObject(value)) return this.#mismatch(type, value)
        this.struct(type, value)
        return value
      case 'list':
        return Array.isArray(value) ? this.#list(type.of, value) : this.#mismatch(type, value)
      case 'map':
        return isJsonObject(value) ? this.#map(type.of, value) : this.#mismatch(type, value)
      case 'string':
      case 'boolean':
      case 'integer':
      case 'quantity':
      case 'intOrString':
      case 'time':
        return this.#scalar(type, value)
    }
  }

  #list(of: GoType, items: unknown[]): unknown[] {
    for (const [index, item] of items.entries()) items[index] = this.#value(of, item) ?? zeroOf(of)
    return items
  }

  #map(of: GoType, entries: JsonObject): JsonObject {
    for (const key of Object.keys(entries).toSorted()) {
      entries[key] = this.#value(of, entries[key]) ?? zeroOf(of)
    }
    return entries
  }

  #scalar(type: ScalarType, value: unknown): unknown {
    switch (type.kind) {
      case 'quantity':
        if (typeof value === 'string') return canonicalQuantity(value.trim())
        return canonicalQuantity(JSON.stringify(value))
      case 'string':
      case 'time':
        return typeof value === 'string' ? value : this.#mismatch(type, value)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#mismatch(type, value)
      case 'integer':
        return fits(type.name, value) ? value : this.#mismatch(type, value)
      case 'intOrString':
        if (typeof value === 'string' || fits('int32', value)) return value
        // Its own decoder fails, and that ends everything at once.
        throw new Error(this.#describe(INT32, value))
    }
  }

  #mismatch(type: GoType, value: unknown): unknown {
    this.firstMismatch ??= this.#describe(type, value)
    return zeroOf(type)
  }

  #describe(type: GoType, value: unknown): string {
    const field = `${this.#struct}.${this.#path.join('.')}`
    // Go shows the number only where a number belongs, but not this one.
    const shown =
      typeof value === 'number' && type.kind === 'integer' ? `number ${value}` : kindOf(value)
    return `json: cannot unmarshal ${shown} into Go struct field ${field} of type ${nameOf(type)}`
  }
}

function fits(type: string, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false
  return type !== 'int32' || value === (value | 0)
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

/** The zero of a type as JSON; null is an absent pointer, list or map. */
function zeroOf(type: GoType): unknown {
  switch (type.kind) {
    case 'string':
      return ''
    case 'boolean':
      return false
    case 'integer':
    case 'intOrString':
      return 0
    case 'quantity':
      return '0'
    case 'struct': {
      const zero: JsonObject = {}
      for (const [key, {field}] of type.byJson) {
        const value = zeroOf(field.type)
        if (field.always || !isOmitted(field.type, value)) zero[key] = value
      }
      return zero
    }
    case 'list':
    case 'map':
    case 'pointer':
    case 'opaque':
    case 'time':
      return null
  }
}

/** Whether `omitempty` leaves a value out. It never leaves out a struct. */
function isOmitted(type: GoType, value: unknown): boolean {
  switch (type.kind) {
    case 'string':
      return value === ''
    case 'boolean':
      return value === false
    case 'integer':
      return value === 0
    case 'list':
      return !Array.isArray(value) || value.length === 0
    case 'map':
      return !isJsonObject(value) || Object.keys(value).length === 0
    case 'pointer':
    case 'opaque':
      return value === null || value === undefined
    case 'struct':
    case 'quantity':
    case 'intOrString':
    case 'time':
      return false
  }
}
