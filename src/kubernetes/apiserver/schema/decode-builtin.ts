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
  const decoder = new Decoder(target, onUnknown)
  return decoder.struct(value, struct, '', '')
}

class Decoder {
  readonly #target: DecodeTarget
  readonly #onUnknown: (path: string) => void

  constructor(target: DecodeTarget, onUnknown: (path: string) => void) {
    this.#target = target
    this.#onUnknown = onUnknown
  }

  /** `path` has indexes and names unknown fields; `goPath` has none and names wrong types. */
  struct(value: JsonObject, struct: StructType, path: string, goPath: string): JsonObject {
    const result: JsonObject = {}
    for (const name of Object.keys(value)) {
      const item = value[name]
      if (item === undefined) continue
      const field = struct.fields.get(name)
      const at = path === '' ? name : `${path}.${name}`
      if (field === undefined) {
        this.#onUnknown(at)
        continue
      }
      if (item === null) {
        if (field.nullTime) result[name] = null
        continue
      }
      const decoded = this.#value(item, field.type, {
        path: at,
        goPath: goPath === '' ? name : `${goPath}.${name}`,
        struct: struct.name,
      })
      if (!(field.dropsZero && isZero(decoded))) result[name] = decoded
    }
    this.#complete(result, struct)
    return result
  }

  #complete(result: JsonObject, struct: StructType): void {
    for (const field of struct.completed) {
      if (result[field.name] === undefined) {
        result[field.name] =
          field.type.kind === 'struct'
            ? this.struct({}, field.type, field.name, field.name)
            : zeroOf(field)
      }
    }
  }

  #value(item: unknown, type: TypeNode, at: Place): unknown {
    switch (type.kind) {
      case 'struct':
        if (!isJsonObject(item)) throw this.#wrongType(item, at, goTypeName(type))
        return this.struct(item, type, at.path, at.goPath)
      case 'list':
        if (!Array.isArray(item)) throw this.#wrongType(item, at, goTypeName(type))
        return item.map((element, index) =>
          element === null
            ? zeroElement(type.item)
            : this.#value(element, type.item, {...at, path: `${at.path}[${index}]`}),
        )
      case 'map': {
        if (!isJsonObject(item)) throw this.#wrongType(item, at, goTypeName(type))
        const map: JsonObject = {}
        for (const [key, element] of Object.entries(item)) {
          const decoded =
            element === null
              ? zeroElement(type.value)
              : this.#value(element, type.value, {...at, path: `${at.path}.${key}`})
          setField(map, key, decoded)
        }
        return map
      }
      default:
        return this.#scalar(item, type.kind, at)
    }
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
      `json: cannot unmarshal ${found} into Go struct field ${at.struct}.${at.goPath} of type ${goType}`,
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

interface Place {
  readonly path: string
  readonly goPath: string
  readonly struct: string
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
