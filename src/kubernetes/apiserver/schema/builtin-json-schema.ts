import type {FieldType, StructType, TypeNode} from './builtin-types.ts'
import {
  ATOMIC_MAPS,
  ATOMIC_STRUCTS,
  KEY_DEFAULTS,
  LIST_TRAITS,
  PATCH_STRATEGIES,
  type ListTraits,
} from './merge-traits.ts'

/** The schema of a type as OpenAPI writes it. `ref` stands where another struct is meant. */
export interface JsonSchema {
  type?: string
  format?: string
  description?: string
  default?: unknown
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: JsonSchema
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: readonly string[]
  'x-kubernetes-map-type'?: string
  'x-kubernetes-patch-strategy'?: string
  'x-kubernetes-patch-merge-key'?: string
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
}

/** Makes the schema of a struct that a field, list or map holds: the schema itself or a reference. */
export type StructReference = (struct: StructType) => JsonSchema

/** The schema of a struct; what it contains comes from `reference`. */
export function structSchema(struct: StructType, reference: StructReference): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  for (const field of struct.fields.values()) {
    properties[field.name] = fieldSchema(struct, field, reference)
    if (field.required) required.push(field.name)
  }
  return {
    type: 'object',
    ...(required.length > 0 && {required}),
    ...(struct.fields.size > 0 && {properties}),
    ...(ATOMIC_STRUCTS.has(struct.name) && {'x-kubernetes-map-type': 'atomic'}),
  }
}

function fieldSchema(struct: StructType, field: FieldType, reference: StructReference): JsonSchema {
  const {type, name} = field
  const key = `${struct.name}.${name}`
  const base = typeSchema(type, reference)
  const strategy = PATCH_STRATEGIES[key]
  const keyDefault = KEY_DEFAULTS[key]
  // Not a spread: that would look at the fields of structs that are not made yet.
  return Object.assign(base, {
    ...(type.kind === 'list' && listSchema(LIST_TRAITS[key] ?? LIST_TRAITS[`*.${name}`])),
    ...(ATOMIC_MAPS.has(key) && {'x-kubernetes-map-type': 'atomic'}),
    ...(strategy !== undefined && {'x-kubernetes-patch-strategy': strategy}),
    ...(isPresentStruct(field) && {default: {}}),
    ...(keyDefault !== undefined && {default: keyDefault}),
  })
}

/** Structs that are no pointers: Go always has one, and nobody owns it by writing into it. */
function isPresentStruct(field: FieldType): boolean {
  if (field.type.kind !== 'struct') return false
  if (field.alwaysPresent || field.name === 'metadata') return true
  return field.required && field.name !== 'selector'
}

function listSchema(traits: ListTraits | undefined): Partial<JsonSchema> {
  if (traits === undefined) return {'x-kubernetes-list-type': 'atomic'}
  const {listType, mapKeys, patchStrategy, patchMergeKey} = traits
  return {
    ...(listType !== undefined && {'x-kubernetes-list-type': listType}),
    ...(mapKeys !== undefined && {'x-kubernetes-list-map-keys': mapKeys}),
    ...(patchStrategy !== undefined && {'x-kubernetes-patch-strategy': patchStrategy}),
    ...(patchMergeKey !== undefined && {'x-kubernetes-patch-merge-key': patchMergeKey}),
  }
}

function typeSchema(type: TypeNode, reference: StructReference): JsonSchema {
  switch (type.kind) {
    case 'struct':
      return reference(type)
    case 'list':
      return {type: 'array', items: typeSchema(type.item, reference)}
    case 'map':
      return {type: 'object', additionalProperties: typeSchema(type.value, reference)}
    case 'string':
    case 'quantity':
      return {type: 'string'}
    case 'bool':
      return {type: 'boolean'}
    case 'int32':
    case 'int64':
      return {type: 'integer', format: type.kind}
    case 'double':
      return {type: 'number', format: 'double'}
    case 'time':
    case 'microTime':
      return {type: 'string', format: 'date-time'}
    case 'bytes':
      return {type: 'string', format: 'byte'}
    case 'intOrString':
      return {'x-kubernetes-int-or-string': true}
    case 'any':
      return {}
  }
}

const graph = new Map<StructType, JsonSchema>()

/** The schema of a struct as a graph without references; a type that holds itself is a cycle. */
export function builtinJsonSchema(struct: StructType): JsonSchema {
  const known = graph.get(struct)
  if (known !== undefined) return known
  const schema: JsonSchema = {}
  graph.set(struct, schema)
  // A field's schema adds to that of its struct, so that it must not be made before it is asked for.
  Object.assign(schema, structSchema(struct, lazySchema))
  return schema
}

/** A stand-in that becomes the schema of the struct when somebody looks at its fields. */
function lazySchema(struct: StructType): JsonSchema {
  const atomic = ATOMIC_STRUCTS.has(struct.name)
  const schema: JsonSchema = {type: 'object', ...(atomic && {'x-kubernetes-map-type': 'atomic'})}
  return Object.defineProperties(schema, {
    properties: {enumerable: true, get: () => builtinJsonSchema(struct).properties},
    required: {enumerable: true, get: () => builtinJsonSchema(struct).required},
  })
}
