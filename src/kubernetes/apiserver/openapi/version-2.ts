import {isJsonObject, type JsonObject} from '../json-value.ts'
import {INT_OR_STRING, QUANTITY} from './names.ts'
import {SCHEMA_PREFIX, type OpenApiSchema} from './components.ts'

/** Where references of version 2 lead. */
const DEFINITION_PREFIX = '#/definitions/'

/** Named types that version 3 says with `oneOf`, which version 2 does not have. */
const SCALARS: Readonly<Record<string, OpenApiSchema>> = {
  [QUANTITY]: {type: 'string'},
  [INT_OR_STRING]: {type: 'string', format: 'int-or-string'},
}

/** What is left out of a schema because clients of version 2 do not know it. */
const UNKNOWN = new Set(['oneOf', 'anyOf', 'allOf', 'not', 'nullable'])

/** What is left out besides where a value may be anything. */
const CLOSED = new Set(['type', 'properties', 'items'])

/**
 * The `definitions` of version 2 that say what the schemas of version 3 say, as far as version 2
 * can: what may be null or holds unknown fields may be anything, since kubectl would refuse both.
 *
 * Counterpart of apiextensions `ToStructuralOpenAPIV2`, which leaves the type of what holds unknown
 * fields. kubectl then refuses a null in it, such as the `creationTimestamp` of a template that it
 * has printed itself.
 */
export function definitionsV2(schemas: Readonly<Record<string, OpenApiSchema>>): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      schemaV2(SCALARS[name] === undefined ? schema : {...without(schema), ...SCALARS[name]}),
    ]),
  )
}

function without({description}: OpenApiSchema): OpenApiSchema {
  return {description}
}

function schemaV2(schema: JsonObject): JsonObject {
  const {allOf, $ref} = schema
  const [only, ...others]: unknown[] = Array.isArray(allOf) ? allOf : [{$ref}]
  const reference = isJsonObject(only) && others.length === 0 ? only['$ref'] : undefined
  // Beside a reference a description counts and nothing else.
  if (typeof reference === 'string') {
    return {
      description: schema['description'],
      $ref: reference.replace(SCHEMA_PREFIX, DEFINITION_PREFIX),
    }
  }
  const isOpen =
    schema['nullable'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  const result: JsonObject = {}
  for (const [name, value] of Object.entries(schema)) {
    if (UNKNOWN.has(name) || (isOpen && CLOSED.has(name))) continue
    result[name] = memberV2(name, value, schema)
  }
  return result
}

function memberV2(name: string, value: unknown, schema: JsonObject): unknown {
  if (name === 'required') return requiredV2(value, schema)
  if (!isJsonObject(value)) return value
  if (name === 'items' || name === 'additionalProperties') return schemaV2(value)
  if (name !== 'properties') return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      isJsonObject(inner) ? schemaV2(inner) : inner,
    ]),
  )
}

/** A field that may be null need not be there for a client that knows no null. */
function requiredV2(names: unknown, {properties}: JsonObject): unknown {
  if (!Array.isArray(names) || !isJsonObject(properties)) return names
  return (names as unknown[]).filter((name) => {
    const property = properties[String(name)]
    return !isJsonObject(property) || property['nullable'] !== true
  })
}

/** The `paths` of version 2 for those of version 3. */
export function pathsV2(paths: Readonly<Record<string, JsonObject>>): JsonObject {
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, pathV2(item)]))
}

function pathV2(item: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      if (name === 'parameters') return [name, parametersV2(value)]
      return [name, isJsonObject(value) ? operationV2(value) : value]
    }),
  )
}

function operationV2({requestBody, responses, parameters, ...rest}: JsonObject): JsonObject {
  const body = isJsonObject(requestBody) ? contentV2(requestBody) : undefined
  const answers = Object.entries(isJsonObject(responses) ? responses : {})
  return {
    ...rest,
    produces: ['application/json', 'application/yaml'],
    ...(body !== undefined && {consumes: body.types}),
    parameters: [
      ...(body === undefined ? [] : [{name: 'body', in: 'body', schema: body.schema}]),
      ...parametersV2(parameters),
    ],
    responses: Object.fromEntries(
      answers.map(([code, answer]) => {
        const {description, content} = isJsonObject(answer) ? answer : {}
        const schema = content === undefined ? undefined : contentV2({content}).schema
        return [code, {description, ...(schema !== undefined && {schema})}]
      }),
    ),
  }
}

function contentV2({content}: JsonObject): {types: string[]; schema: JsonObject} {
  const types = isJsonObject(content) ? content : {}
  const [first] = Object.values(types)
  const schema = isJsonObject(first) ? first['schema'] : undefined
  return {types: Object.keys(types), schema: schemaV2(isJsonObject(schema) ? schema : {})}
}

function parametersV2(parameters: unknown): JsonObject[] {
  return (Array.isArray(parameters) ? parameters : [])
    .filter((parameter) => isJsonObject(parameter))
    .map(({schema, ...rest}) => ({...rest, ...(isJsonObject(schema) ? schema : {})}))
}
