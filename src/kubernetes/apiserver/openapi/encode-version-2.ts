import {bytesField, doubleField, varintField} from '../http/protobuf-wire.ts'
import {isJsonObject, type JsonObject} from '../json-value.ts'

/** Writes one member of a JSON object as the field of a message; nothing for what it cannot say. */
type Field = (value: unknown) => Uint8Array | undefined

/** Writes a JSON value as the content of a message. */
type Message = (value: unknown) => Uint8Array

interface Fields {
  readonly [name: string]: Field
}

/** A message with a field per member; members called `x-…` are its `extensions`. */
function message(fields: Fields, extensions?: number): Message {
  const extension = extensions === undefined ? undefined : named(extensions, anyValue)
  return (value) => {
    const parts: Uint8Array[] = []
    for (const [name, member] of Object.entries(isJsonObject(value) ? value : {})) {
      if (member === undefined) continue
      const isExtension = name.startsWith('x-') && extension !== undefined
      const part = isExtension ? extension({[name]: member}) : fields[name]?.(member)
      if (part !== undefined) parts.push(part)
    }
    return Buffer.concat(parts)
  }
}

function text(number: number): Field {
  return (value) => bytesField(number, Buffer.from(String(value)))
}

function flag(number: number): Field {
  return (value) => (value === true ? varintField(number, 1) : undefined)
}

function integer(number: number): Field {
  return (value) =>
    typeof value === 'number' && value > 0 ? varintField(number, value) : undefined
}

function double(number: number): Field {
  return (value) => (typeof value === 'number' ? doubleField(number, value) : undefined)
}

/** Lazily, since schemas contain schemas. */
function nested(number: number, inner: () => Message): Field {
  return (value) => bytesField(number, inner()(value))
}

function each(field: Field): Field {
  return (value) =>
    Array.isArray(value)
      ? Buffer.concat(value.flatMap((item: unknown) => field(item) ?? []))
      : undefined
}

/** A map: repeated pairs of `name = 1` and `value = 2`. */
function named(number: number, inner: Message): Field {
  const pair = (name: string, value: unknown): Uint8Array =>
    bytesField(
      number,
      Buffer.concat([bytesField(1, Buffer.from(name)), bytesField(2, inner(value))]),
    )
  return (value) =>
    isJsonObject(value)
      ? Buffer.concat(Object.entries(value).map(([name, item]) => pair(name, item)))
      : undefined
}

/** A message around another: a `oneof` of which this is the one. */
function wrapped(number: number, inner: Message): Message {
  return (value) => bytesField(number, inner(value))
}

/** `Any`: YAML, which JSON is. */
const anyValue: Message = (value) => bytesField(2, Buffer.from(`${JSON.stringify(value)}\n`))

const schema: Message = (value) => schemaFields(value)
const schemaMap: Message = (value) => named(1, schema)(value) ?? Buffer.alloc(0)

const schemaFields = message(
  {
    $ref: text(1),
    format: text(2),
    title: text(3),
    description: text(4),
    default: nested(5, () => anyValue),
    multipleOf: double(6),
    maximum: double(7),
    exclusiveMaximum: flag(8),
    minimum: double(9),
    exclusiveMinimum: flag(10),
    maxLength: integer(11),
    minLength: integer(12),
    pattern: text(13),
    maxItems: integer(14),
    minItems: integer(15),
    uniqueItems: flag(16),
    maxProperties: integer(17),
    minProperties: integer(18),
    required: each(text(19)),
    enum: each(nested(20, () => anyValue)),
    additionalProperties: (value) =>
      bytesField(
        21,
        typeof value === 'boolean' ? varintField(2, Number(value)) : wrapped(1, schema)(value),
      ),
    type: nested(22, () => wrapped(1, (value) => Buffer.from(String(value)))),
    items: nested(23, () => wrapped(1, schema)),
    properties: nested(25, () => schemaMap),
  },
  31,
)

const bodyParameter = message({
  description: text(1),
  name: text(2),
  in: text(3),
  required: flag(4),
  schema: nested(5, () => schema),
})

const PLAIN_PARAMETER = {required: flag(1), in: text(2), description: text(3), name: text(4)}
const queryParameter = message({...PLAIN_PARAMETER, type: text(6), uniqueItems: flag(20)})
const pathParameter = message({...PLAIN_PARAMETER, type: text(5), uniqueItems: flag(19)})

/** `ParametersItem` of `Parameter` of a body parameter, or of `NonBodyParameter`. */
const parameter: Message = (value) => {
  switch (isJsonObject(value) ? value['in'] : undefined) {
    case 'body':
      return wrapped(1, wrapped(1, bodyParameter))(value)
    case 'path':
      return wrapped(1, wrapped(2, wrapped(4, pathParameter)))(value)
    default:
      return wrapped(1, wrapped(2, wrapped(3, queryParameter)))(value)
  }
}

const response = message({description: text(1), schema: nested(2, () => wrapped(1, schema))})

const operation = message(
  {
    tags: each(text(1)),
    description: text(3),
    operationId: text(5),
    produces: each(text(6)),
    consumes: each(text(7)),
    parameters: each(nested(8, () => parameter)),
    responses: nested(9, () => (value) => named(1, wrapped(1, response))(value) ?? Buffer.alloc(0)),
  },
  13,
)

const pathItem = message({
  get: nested(2, () => operation),
  put: nested(3, () => operation),
  post: nested(4, () => operation),
  delete: nested(5, () => operation),
  patch: nested(8, () => operation),
  parameters: each(nested(9, () => parameter)),
})

const documentFields = message({
  swagger: text(1),
  info: nested(2, () => message({title: text(1), version: text(2)})),
  paths: nested(8, () => (value) => named(2, pathItem)(value) ?? Buffer.alloc(0)),
  definitions: nested(9, () => schemaMap),
})

/**
 * An OpenAPI document of version 2 in protobuf: a `Document` of gnostic's `openapi.v2`, as kubectl
 * reads it to check lists and to explain. Members that our documents never have are not written.
 */
export function encodeVersion2(document: JsonObject): Uint8Array {
  return documentFields(document)
}
