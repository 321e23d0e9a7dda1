import {formatQuantity, parseQuantity} from '../../../util/quantity.ts'
import {badRequest} from '../errors.ts'
import {setField} from '../../../util/json.ts'
import {cloneJson, isJsonObject, type JsonObject} from '../json-value.ts'
import type {FieldType, ScalarType, StructType, TypeNode} from './builtin-types.ts'

/** The kind a client sent, for messages: `ConfigMap in version "v1" cannot be handled as …`. */
export interface DecodeTarget {
  readonly kind: string
  readonly version: string
}

/**
 * Reads a document as Go would read it into the struct and write it again: unknown fields and
 * empty optional fields go, always-present structs come, quantities get their canonical form.
 *
 * Returns a private copy and hands the paths of unknown fields to `onUnknown`, in the order of the
 * document. Throws 400 for values of the wrong type.
 */
export function decodeBuiltin(
  value: JsonObject,
  struct: StructType,
  target: DecodeTarget,
  onUnknown: (path: string) => void,
): JsonObject {
  return new Decoder(target, onUnknown).struct(value, struct, undefined)
}

/**
 * Where a value stands, as a chain: paths are needed for complaints only, and writing them for every
 * field of every write would cost more than the rest.
 */
interface Place {
  readonly parent: Place | undefined
  /** The struct whose field this is. */
  readonly struct: string
  readonly field: string
  /** `[3]` or `.key` inside of the field. */
  readonly inside: string
}

class Decoder {
  readonly #target: DecodeTarget
  readonly #onUnknown: (path: string) => void

  constructor(target: DecodeTarget, onUnknown: (path: string) => void) {
    this.#target = target
    this.#onUnknown = onUnknown
  }

  struct(value: JsonObject, struct: StructType, parent: Place | undefined): JsonObject {
    const result: JsonObject = {}
    for (const name of Object.keys(value)) {
      const item = value[name]
      if (item === undefined) continue
      const field = struct.fields.get(name)
      if (field === undefined) {
        this.#onUnknown(pathOf({parent, struct: struct.name, field: name, inside: ''}))
        continue
      }
      if (item === null) {
        if (field.nullTime) result[name] = null
        continue
      }
      // The most frequent case first, without a place.
      const decoded =
        field.type.kind === 'string' && typeof item === 'string'
          ? item
          : this.#value(item, field.type, {parent, struct: struct.name, field: name, inside: ''})
      if (!(field.dropsZero && isZero(decoded))) result[name] = decoded
    }
    for (const field of struct.completed) {
      if (result[field.name] !== undefined) continue
      result[field.name] =
        field.type.kind === 'struct' ? this.struct({}, field.type, parent) : zeroOf(field)
    }
    return result
  }

  #value(item: unknown, type: TypeNode, at: Place): unknown {
    switch (type.kind) {
      case 'struct':
        if (!isJsonObject(item)) throw this.#wrongType(item, at, goTypeName(type))
        return this.struct(item, type, at)
      case 'list':
        if (!Array.isArray(item)) throw this.#wrongType(item, at, goTypeName(type))
        return this.#list(item, type.item, at)
      case 'map':
        if (!isJsonObject(item)) throw this.#wrongType(item, at, goTypeName(type))
        return this.#map(item, type.value, at)
      default:
        return this.#scalar(item, type.kind, at)
    }
  }

  #list(items: readonly unknown[], type: TypeNode, at: Place): unknown[] {
    return items.map((item, index) => {
      if (item === null) return zeroElement(type)
      if (type.kind === 'string' && typeof item === 'string') return item
      return this.#value(item, type, {...at, inside: `${at.inside}[${index}]`})
    })
  }

  #map(items: JsonObject, type: TypeNode, at: Place): JsonObject {
    const map: JsonObject = {}
    for (const key of Object.keys(items)) {
      const item = items[key]
      if (item === undefined) continue
      if (type.kind === 'string' && typeof item === 'string') setField(map, key, item)
      else if (item === null) setField(map, key, zeroElement(type))
      else setField(map, key, this.#value(item, type, {...at, inside: `${at.inside}.${key}`}))
    }
    return map
  }

  #scalar(item: unknown, kind: ScalarType, at: Place): unknown {
    switch (kind) {
      case 'string':
        if (typeof item !== 'string') throw this.#wrongType(item, at, 'string')
        return item
      case 'bool':
        if (typeof item !== 'boolean') throw this.#wrongType(item, at, 'bool')
        return item
      case 'int32':
      case 'int64':
        if (typeof item !== 'number') throw this.#wrongType(item, at, kind)
        if (!Number.isInteger(item) || (kind === 'int32' && Math.abs(item) > 2_147_483_647)) {
          throw this.#wrongType(item, at, kind, `number ${item}`)
        }
        return item
      case 'double':
        if (typeof item !== 'number') throw this.#wrongType(item, at, 'float64')
        return item
      case 'time':
      case 'microTime':
        if (typeof item !== 'string') throw this.#wrongType(item, at, 'string')
        return this.#time(item, kind)
      case 'bytes':
        if (typeof item !== 'string') throw this.#wrongType(item, at, '[]uint8')
        this.#checkBase64(item)
        return item
      case 'quantity':
        return this.#quantity(item)
      case 'intOrString':
        if (typeof item === 'string' || Number.isInteger(item)) return item
        throw this.#wrongType(item, at, 'int32')
      case 'any':
        return cloneJson(item)
    }
  }

  #time(text: string, kind: 'time' | 'microTime'): string {
    const timeMs = Date.parse(text)
    const isRfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
    if (Number.isNaN(timeMs) || !isRfc3339) {
      throw this.#refuse(
        `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
      )
    }
    if (kind === 'microTime') {
      const micros = /\.(\d+)/.exec(text)?.[1] ?? ''
      const seconds = new Date(timeMs).toISOString().slice(0, 19)
      return `${seconds}.${micros.padEnd(6, '0').slice(0, 6)}Z`
    }
    return text.length === 20 ? text : `${new Date(timeMs).toISOString().slice(0, 19)}Z`
  }

  #quantity(item: unknown): string {
    const text = typeof item === 'string' ? item : JSON.stringify(item)
    try {
      return canonicalQuantity(text)
    } catch (error) {
      throw this.#refuse(error instanceof Error ? error.message : String(error))
    }
  }

  #checkBase64(text: string): void {
    const clean = text.replace(/[\r\n]/g, '')
    const bad = /[^A-Za-z0-9+/]/.exec(clean.replace(/={0,2}$/, ''))
    if (bad !== null) throw this.#refuse(`illegal base64 data at input byte ${bad.index}`)
    if (clean.length % 4 !== 0) {
      throw this.#refuse(`illegal base64 data at input byte ${clean.length - (clean.length % 4)}`)
    }
  }

  #wrongType(item: unknown, at: Place, goType: string, found = jsonTypeName(item)): Error {
    return this.#refuse(
      `json: cannot unmarshal ${found} into Go struct field ${at.struct}.${goPathOf(at)} of type ${goType}`,
    )
  }

  #refuse(why: string): Error {
    const {kind, version} = this.#target
    return badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${why}`,
    )
  }
}

const canonicalQuantities = new Map<string, string>()

/** Remembers the few texts that all pods of a cluster share. */
function canonicalQuantity(text: string): string {
  const known = canonicalQuantities.get(text)
  if (known !== undefined) return known
  const canonical = formatQuantity(parseQuantity(text))
  if (canonicalQuantities.size < 1000) canonicalQuantities.set(text, canonical)
  return canonical
}

/** The path with indexes and keys: `spec.containers[0].name`. */
function pathOf({parent, field, inside}: Place): string {
  return `${parent === undefined ? '' : `${pathOf(parent)}.`}${field}${inside}`
}

/** The path as Go's decoder writes it, fields only: `spec.containers.name`. */
function goPathOf({parent, field}: Place): string {
  return parent === undefined ? field : `${goPathOf(parent)}.${field}`
}

function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).length === 0
}

function zeroOf(field: FieldType): unknown {
  return field.nullTime ? null : zeroElement(field.type)
}

function zeroElement(type: TypeNode): unknown {
  switch (type.kind) {
    case 'string':
    case 'bytes':
      return ''
    case 'bool':
      return false
    case 'int32':
    case 'int64':
    case 'double':
      return 0
    case 'quantity':
      return '0'
    case 'struct':
      return {}
    default:
      return null
  }
}

function jsonTypeName(item: unknown): string {
  if (Array.isArray(item)) return 'array'
  if (typeof item === 'boolean') return 'bool'
  return item === null ? 'null' : typeof item
}

function goTypeName(type: TypeNode): string {
  switch (type.kind) {
    case 'struct':
      return `${goPackage(type.id)}.${type.name}`
    case 'list':
      return `[]${goTypeName(type.item)}`
    case 'map':
      return `map[string]${goTypeName(type.value)}`
    case 'double':
      return 'float64'
    default:
      return type.kind
  }
}

function goPackage(id: string): string {
  return id.split('.')[1] ?? 'v1'
}
