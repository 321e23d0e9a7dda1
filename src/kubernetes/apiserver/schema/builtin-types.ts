import generated from './builtin-types.json' with {type: 'json'}
import {
  ALWAYS_PRESENT,
  hasTrait,
  NULLED_FIELDS,
  PLAIN_BOOLEANS,
  PLAIN_INTEGERS,
  POINTER_STATUS_INTEGERS,
  POINTER_STRINGS,
} from './type-traits.ts'

/** JSON types of the built-in kinds that are no struct, list or map. */
export type ScalarType =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'double'
  | 'time'
  | 'microTime'
  | 'bytes'
  | 'quantity'
  | 'intOrString'
  | 'any'

/** The type of a value inside a built-in kind. */
export type TypeNode =
  | {readonly kind: ScalarType}
  | {readonly kind: 'list'; readonly item: TypeNode}
  | {readonly kind: 'map'; readonly value: TypeNode}
  | StructType

/** A Go struct of the Kubernetes API. */
export interface StructType {
  readonly kind: 'struct'
  /** The Go name: `PodSpec`. */
  readonly name: string
  /** The short name with its group: `core.v1.PodSpec`. */
  readonly id: string
  readonly fields: ReadonlyMap<string, FieldType>
  /** Fields that are written even when they are missing. */
  readonly completed: readonly FieldType[]
}

/** A field of a {@link StructType}. */
export interface FieldType {
  readonly name: string
  readonly type: TypeNode
  /** Go writes it always: the OpenAPI schema calls it required. */
  readonly required: boolean
  /** The zero value of the type is not stored. */
  readonly dropsZero: boolean
  /** An empty struct is written when the field is missing. */
  readonly alwaysPresent: boolean
  /** Written as null where it is missing. */
  readonly isNulled: boolean
}

const table: Readonly<Record<string, Readonly<Record<string, string>>>> = generated
const structs = new Map<string, StructType>()

/** The struct with the given short name, `core.v1.Pod`; throws when there is none. */
export function structType(id: string): StructType {
  const known = structs.get(id)
  if (known !== undefined) return known
  const codes = table[id]
  if (codes === undefined) throw new Error(`no built-in type ${id}`)
  const fields = new Map<string, FieldType>()
  const completed: FieldType[] = []
  const name = id.slice(id.lastIndexOf('.') + 1)
  const struct: StructType = {kind: 'struct', name, id, fields, completed}
  // Before its fields, since types may contain themselves.
  structs.set(id, struct)
  for (const [fieldName, code] of Object.entries(codes)) {
    const field = fieldType(struct, fieldName, code)
    fields.set(fieldName, field)
    if (isCompleted(field)) completed.push(field)
  }
  return struct
}

/** Whether there is a built-in type of that short name. */
export function hasStructType(id: string): boolean {
  return Object.hasOwn(table, id)
}

function fieldType(struct: StructType, name: string, code: string): FieldType {
  const required = code.startsWith('!')
  const type = typeNode(required ? code.slice(1) : code)
  return {
    name,
    type,
    required,
    dropsZero: !required && dropsZero(struct.name, name, type),
    alwaysPresent: ALWAYS_PRESENT.has(`${struct.name}.${name}`),
    isNulled: NULLED_FIELDS.has(`${struct.name}.${name}`),
  }
}

function isCompleted(field: FieldType): boolean {
  if (field.alwaysPresent || field.isNulled) return true
  return field.required && ['string', 'bool', 'int32', 'int64', 'double'].includes(field.type.kind)
}

function typeNode(code: string): TypeNode {
  if (code.startsWith('[]')) return {kind: 'list', item: typeNode(code.slice(2))}
  if (code.startsWith('map:')) return {kind: 'map', value: typeNode(code.slice(4))}
  if (code.startsWith('#')) return structType(code.slice(1))
  return {kind: code as ScalarType}
}

function dropsZero(struct: string, field: string, type: TypeNode): boolean {
  switch (type.kind) {
    case 'string':
      return !hasTrait(POINTER_STRINGS, struct, field)
    case 'bool':
      return hasTrait(PLAIN_BOOLEANS, struct, field)
    case 'int32':
    case 'int64':
      return (
        hasTrait(PLAIN_INTEGERS, struct, field) ||
        (struct.endsWith('Status') && !hasTrait(POINTER_STATUS_INTEGERS, struct, field))
      )
    case 'list':
    case 'map':
    case 'bytes':
      return true
    case 'double':
    case 'time':
    case 'microTime':
    case 'quantity':
    case 'intOrString':
    case 'any':
    case 'struct':
      return false
  }
}
