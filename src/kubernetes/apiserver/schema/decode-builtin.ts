import {messageOf} from '../../../util/message-of.ts'
import {badRequest} from '../errors.ts'
import {setField} from '../../../util/json.ts'
import {isJsonObject, type JsonObject} from '../json-value.ts'
import type {FieldType, StructType, TypeNode} from './builtin-types.ts'
import {decodeScalar, WrongType} from './decode-scalar.ts'

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
        if (field.isNulled) result[name] = null
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
    if (type.kind === 'struct') {
      if (!isJsonObject(item)) throw this.#wrongType(item, at, type)
      return this.struct(item, type, at)
    }
    if (type.kind === 'list') {
      if (!Array.isArray(item)) throw this.#wrongType(item, at, type)
      return this.#list(item, type.item, at)
    }
    if (type.kind === 'map') {
      if (!isJsonObject(item)) throw this.#wrongType(item, at, type)
      return this.#map(item, type.value, at)
    }
    try {
      return decodeScalar(item, type.kind)
    } catch (error) {
      if (error instanceof WrongType) throw this.#wrongType(item, at, type, error.found)
      throw this.#refuse(messageOf(error))
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

  #wrongType(item: unknown, at: Place, type: TypeNode, found = jsonTypeName(item)): Error {
    return this.#refuse(
      `json: cannot unmarshal ${found} into Go struct field ${at.struct}.${goPathOf(at)} of type ${goTypeName(type)}`,
    )
  }

  #refuse(why: string): Error {
    const {kind, version} = this.#target
    return badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${why}`,
    )
  }
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
  return field.isNulled ? null : zeroElement(field.type)
}

/** What Go has where a list or a map holds null. */
const ZEROS: Readonly<Partial<Record<TypeNode['kind'], unknown>>> = {
  string: '',
  bytes: '',
  bool: false,
  int32: 0,
  int64: 0,
  double: 0,
  quantity: '0',
}

function zeroElement(type: TypeNode): unknown {
  return type.kind === 'struct' ? {} : (ZEROS[type.kind] ?? null)
}

function jsonTypeName(item: unknown): string {
  if (Array.isArray(item)) return 'array'
  if (typeof item === 'boolean') return 'bool'
  return item === null ? 'null' : typeof item
}

/** How Go calls scalars, where not as the type table does. */
const GO_NAMES: Readonly<Partial<Record<TypeNode['kind'], string>>> = {
  double: 'float64',
  bytes: '[]uint8',
  time: 'string',
  microTime: 'string',
  intOrString: 'int32',
}

function goTypeName(type: TypeNode): string {
  if (type.kind === 'struct') return `${type.id.split('.')[1] ?? 'v1'}.${type.name}`
  if (type.kind === 'list') return `[]${goTypeName(type.item)}`
  if (type.kind === 'map') return `map[string]${goTypeName(type.value)}`
  return GO_NAMES[type.kind] ?? type.kind
}
