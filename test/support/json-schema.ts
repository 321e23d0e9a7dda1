/** As much of JSON Schema as the schemas of this project use; anything else is refused. */
import {isJsonObject} from '../../src/util/json.ts'

type Schema = Record<string, unknown>

const KEYWORDS = new Set(
  (
    '$schema $defs $ref title description oneOf type const enum required properties ' +
    'additionalProperties items pattern minimum'
  ).split(' '),
)

/** Why `value` does not fit the schema, one line per place; empty if it does. */
export function schemaProblems(root: Schema, value: unknown): string[] {
  return check(root, root, value, '$')
}

function check(root: Schema, schema: Schema, value: unknown, path: string): string[] {
  const unknown = Object.keys(schema).filter((key) => !KEYWORDS.has(key))
  if (unknown.length > 0) throw new Error(`keywords that are not supported: ${unknown.join(', ')}`)
  const {$ref: reference, oneOf, type, const: constant, enum: values, pattern, minimum} = schema
  if (typeof reference === 'string') return check(root, resolve(root, reference), value, path)
  if (Array.isArray(oneOf)) {
    const fitting = oneOf.filter((one: Schema) => check(root, one, value, path).length === 0)
    return fitting.length === 1 ? [] : [`${path} fits ${fitting.length} of ${oneOf.length} schemas`]
  }
  const problems: string[] = []
  if (typeof type === 'string' && typeOf(value, type) !== type)
    problems.push(`${path} is no ${type}`)
  if ('const' in schema && value !== constant) problems.push(`${path} is not ${String(constant)}`)
  if (Array.isArray(values) && !values.includes(value)) problems.push(`${path} is none of the enum`)
  if (typeof pattern === 'string' && !new RegExp(pattern).test(String(value))) {
    problems.push(`${path} does not match ${pattern}`)
  }
  if (typeof minimum === 'number' && Number(value) < minimum) problems.push(`${path} < ${minimum}`)
  if (Array.isArray(value) && isJsonObject(schema['items'])) {
    const items = schema['items']
    problems.push(...value.flatMap((item, at) => check(root, items, item, `${path}[${at}]`)))
  }
  return isJsonObject(value) ? [...problems, ...checkObject(root, schema, value, path)] : problems
}

function checkObject(root: Schema, schema: Schema, value: Schema, path: string): string[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>
  const required = (schema['required'] ?? []) as string[]
  return [
    ...required.filter((key) => !(key in value)).map((key) => `${path}.${key} is missing`),
    ...Object.entries(value).flatMap(([key, item]) => {
      const property = properties[key]
      if (property !== undefined) return check(root, property, item, `${path}.${key}`)
      return schema['additionalProperties'] === false ? [`${path}.${key} is not known`] : []
    }),
  ]
}

function resolve(root: Schema, reference: string): Schema {
  const steps = reference.split('/').slice(1)
  return steps.reduce((schema, step) => schema[step] as Schema, root)
}

function typeOf(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'array'
  if (value === null) return 'null'
  return wanted === 'integer' && Number.isInteger(value) ? 'integer' : typeof value
}
