import {isJsonObject, setField, type JsonObject} from '../../../util/json.ts'
import {
  hasStructType,
  structType,
  type FieldType,
  type StructType,
  type TypeNode,
} from '../schema/builtin-types.ts'
import {readFields, type WireField} from './protobuf-wire.ts'

type FieldNumbers = Readonly<Record<string, Readonly<Record<string, string>>>>

let loading: Promise<FieldNumbers> | undefined

function loadFieldNumbers(): Promise<FieldNumbers> {
  loading ??= import('../schema/builtin-field-numbers.json', {with: {type: 'json'}}).then(
    (module): FieldNumbers => module.default,
  )
  return loading
}

const MAGIC = Buffer.from('k8s\0')

/**
 * Reads an object in Kubernetes' protobuf encoding, which typed client-go clients prefer for the
 * built-in kinds. Undefined for kinds we have no numbers for: then the client hears 415.
 *
 * Throws an Error for bytes that are no message.
 */
export async function decodeProtobuf(bytes: Uint8Array): Promise<JsonObject | undefined> {
  if (!Buffer.from(bytes.subarray(0, 4)).equals(MAGIC)) throw new Error('the magic is missing')
  // runtime.Unknown: typeMeta, raw
  const envelope = readFields(bytes.subarray(4))
  const typeMeta = bytesOf(envelope, 1)
  const type = typeMeta === undefined ? [] : readFields(typeMeta)
  const apiVersion = textOf(bytesOf(type, 1))
  const kind = textOf(bytesOf(type, 2))
  const id = typeId(apiVersion, kind)
  const numbers = await loadFieldNumbers()
  if (id === undefined || numbers[id] === undefined) return undefined
  const raw = bytesOf(envelope, 2) ?? new Uint8Array()
  return {apiVersion, kind, ...new Decoder(numbers).struct(raw, structType(id))}
}

function typeId(apiVersion: string, kind: string): string | undefined {
  const [group = '', version] = apiVersion.split('/')
  const own =
    version === undefined ? `core.${group}.${kind}` : `${group.split('.')[0]}.${version}.${kind}`
  // Options of the API machinery come as a kind of whichever group the client works in.
  const id = kind === 'DeleteOptions' ? 'meta.v1.DeleteOptions' : own
  return hasStructType(id) ? id : undefined
}

function bytesOf(fields: readonly WireField[], number: number): Uint8Array | undefined {
  const value = fields.findLast((field) => field.number === number)?.value
  return value instanceof Uint8Array ? value : undefined
}

function intOf(fields: readonly WireField[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value
  return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
}

class Decoder {
  readonly #numbers: FieldNumbers

  constructor(numbers: FieldNumbers) {
    this.#numbers = numbers
  }

  struct(message: Uint8Array, struct: StructType): JsonObject {
    const object: JsonObject = {}
    this.#fill(object, message, struct.id, struct)
    return object
  }

  /** `id` names the numbers: those of the struct, or of one that is embedded in it. */
  #fill(object: JsonObject, message: Uint8Array, id: string, struct: StructType): void {
    for (const {number, value} of readFields(message)) {
      const name = this.#numbers[id]?.[number]
      if (name === undefined) continue
      if (name.startsWith('>')) {
        if (value instanceof Uint8Array) this.#fill(object, value, name.slice(1), struct)
        continue
      }
      const field = struct.fields.get(name)
      if (field !== undefined) this.#add(object, field, value)
    }
  }

  #add(object: JsonObject, {name, type}: FieldType, value: WireField['value']): void {
    if (type.kind === 'list') {
      const known = object[name]
      const list: unknown[] = Array.isArray(known) ? known : []
      list.push(this.#value(value, type.item))
      object[name] = list
    } else if (type.kind === 'map') {
      const known = object[name]
      const map = isJsonObject(known) ? known : {}
      const entry = value instanceof Uint8Array ? readFields(value) : []
      const item = entry.find((part) => part.number === 2)?.value ?? new Uint8Array()
      setField(map, textOf(bytesOf(entry, 1)), this.#value(item, type.value))
      object[name] = map
    } else {
      const decoded = this.#value(value, type)
      if (decoded !== undefined) object[name] = decoded
    }
  }

  #value(value: WireField['value'], type: TypeNode): unknown {
    if (type.kind === 'struct') {
      return value instanceof Uint8Array ? this.struct(value, type) : {}
    }
    // A list inside of a map is a message of its own: `ExtraValue`.
    if (type.kind === 'list') {
      const items = value instanceof Uint8Array ? readFields(value) : []
      return items.map((item) => this.#value(item.value, type.item))
    }
    if (typeof value === 'bigint') {
      return type.kind === 'bool' ? value !== 0n : Number(BigInt.asIntN(64, value))
    }
    return scalarOf(value, type)
  }
}

/** What a length-delimited or fixed value of a scalar type means; undefined for an empty time. */
function scalarOf(value: Uint8Array, {kind}: TypeNode): unknown {
  const read = SCALARS[kind]
  return read === undefined ? textOf(value) : read(value)
}

/** Scalars that are no text. */
const SCALARS: Readonly<Partial<Record<TypeNode['kind'], (value: Uint8Array) => unknown>>> = {
  bytes: (value) => Buffer.from(value).toString('base64'),
  double: (value) => new DataView(value.buffer, value.byteOffset, 8).getFloat64(0, true),
  quantity: (value) => textOf(bytesOf(readFields(value), 1)) || '0',
  intOrString(value) {
    const parts = readFields(value)
    return intOf(parts, 1) === 1 ? textOf(bytesOf(parts, 3)) : intOf(parts, 2)
  },
  time: (value) => timeOf(readFields(value), 'time'),
  microTime: (value) => timeOf(readFields(value), 'microTime'),
  any(value) {
    // RawExtension, FieldsV1, JSON: the JSON text in field 1.
    const raw = textOf(bytesOf(readFields(value), 1))
    return raw === '' ? undefined : (JSON.parse(raw) as unknown)
  },
}

function timeOf(parts: readonly WireField[], kind: 'time' | 'microTime'): string | undefined {
  if (parts.length === 0) return undefined
  const seconds = new Date(intOf(parts, 1) * 1000).toISOString().slice(0, 19)
  if (kind === 'time') return `${seconds}Z`
  const micros = Math.floor(intOf(parts, 2) / 1000)
  return `${seconds}.${String(micros).padStart(6, '0')}Z`
}
