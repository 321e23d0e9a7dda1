/**
 * Words to write structural schemas with, for kinds whose types are not Go structs: Istio's are
 * protocol buffers. Each takes what `kubectl explain` says about the field.
 */
import type {StructuralSchema} from '../extensions/structural-schema.ts'

/** A string. */
export function text(description: string): StructuralSchema {
  return {type: 'string', description}
}

/** One of some words. */
export function choice(description: string, ...words: string[]): StructuralSchema {
  return {type: 'string', description, enum: words}
}

/** True or false. */
export function flag(description: string): StructuralSchema {
  return {type: 'boolean', description}
}

/** A whole number that is not negative: `uint32` has no format in OpenAPI. */
export function unsigned(description: string): StructuralSchema {
  return {type: 'integer', description}
}

/** A whole number. */
export function int32(description: string): StructuralSchema {
  return {type: 'integer', format: 'int32', description}
}

/** A number. */
export function double(description: string): StructuralSchema {
  return {type: 'number', format: 'double', description}
}

/** What may also be null: a wrapped value. */
export function nullable(schema: StructuralSchema): StructuralSchema {
  return {...schema, nullable: true}
}

/** A list of items. */
export function listOf(items: StructuralSchema, description: string): StructuralSchema {
  return {type: 'array', description, items}
}

/** A map from strings. */
export function mapOf(values: StructuralSchema, description: string): StructuralSchema {
  return {type: 'object', description, additionalProperties: values}
}

/** A message. `required` fields must be there; of each of the `oneOfs` at most one field may be. */
export function message(
  description: string,
  properties: Readonly<Record<string, StructuralSchema>>,
  {required, oneOfs = []}: {required?: readonly string[]; oneOfs?: readonly string[][]} = {},
): StructuralSchema {
  const [only] = oneOfs
  return {
    type: 'object',
    description,
    ...(required !== undefined && {required}),
    properties,
    ...(oneOfs.length === 1 && only !== undefined && atMostOne(only)),
    ...(oneOfs.length > 1 && {allOf: oneOfs.map(atMostOne)}),
  }
}

/** The same message in a place of its own. */
export function as(schema: StructuralSchema, description: string): StructuralSchema {
  return {...schema, description}
}

/** Written as none of them or exactly one of them, which is how generators of schemas say it. */
function atMostOne(fields: readonly string[]): StructuralSchema {
  const present = fields.map((field) => ({required: [field]}))
  return {oneOf: [{not: {anyOf: present}}, ...present]}
}
