import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import {cloneJson, isJsonObject, type JsonObject} from '../json-value.ts'

/**
 * Takes fields out of `value` that the schema does not know, and names them to `onPruned`.
 *
 * `value` is changed in place. `apiVersion`, `kind` and `metadata` of the root and of embedded
 * resources stay: they are not the schema's to judge.
 */
export function pruneStructural(
  value: JsonObject,
  schema: StructuralSchema,
  onPruned: (path: string) => void,
): void {
  prune(value, {...schema, 'x-kubernetes-embedded-resource': true}, '', onPruned)
}

function prune(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  onPruned: (path: string) => void,
): void {
  if (Array.isArray(value)) {
    const {items} = schema
    if (items === undefined) return
    value.forEach((item, index) => prune(item, items, `${path}[${index}]`, onPruned))
    return
  }
  if (!isJsonObject(value)) return
  for (const name of Object.keys(value)) {
    const at = path === '' ? name : `${path}.${name}`
    const property = propertySchema(schema, name)
    if (property === 'keep') continue
    if (property === undefined) {
      delete value[name]
      onPruned(at)
    } else {
      prune(value[name], property, at, onPruned)
    }
  }
}

const RESOURCE_FIELDS = new Set(['apiVersion', 'kind', 'metadata'])

/** The schema of a field; `keep` where anything goes; undefined where the field is unknown. */
function propertySchema(
  schema: StructuralSchema,
  name: string,
): StructuralSchema | 'keep' | undefined {
  if (schema['x-kubernetes-embedded-resource'] && RESOURCE_FIELDS.has(name)) return 'keep'
  const {properties, additionalProperties} = schema
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name]
  if (typeof additionalProperties === 'object') return additionalProperties
  if (additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields']) return 'keep'
  return undefined
}

/**
 * Fills in the defaults of the schema, in place; only below objects that are there.
 *
 * A null where the schema allows none counts as missing when there is a default.
 */
export function defaultStructural(value: unknown, schema: StructuralSchema): void {
  if (!hasDefaults(schema)) return
  if (Array.isArray(value)) {
    const {items} = schema
    if (items !== undefined) for (const item of value) defaultStructural(item, items)
    return
  }
  if (!isJsonObject(value)) return
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMissing = value[name] === undefined || (value[name] === null && !property.nullable)
    if (isMissing && property.default !== undefined) value[name] = cloneJson(property.default)
    if (value[name] !== undefined) defaultStructural(value[name], property)
  }
  const {additionalProperties} = schema
  if (typeof additionalProperties !== 'object') return
  for (const [name, item] of Object.entries(value)) {
    if (!Object.hasOwn(schema.properties ?? {}, name)) defaultStructural(item, additionalProperties)
  }
}

const withDefaults = new WeakMap<StructuralSchema, boolean>()

/**
 * Whether there is a default anywhere below; remembered, because most parts of the schemas of
 * Knative have none, and every write would walk through all of them.
 */
function hasDefaults(schema: StructuralSchema): boolean {
  let known = withDefaults.get(schema)
  if (known === undefined) {
    const {properties = {}, items, additionalProperties} = schema
    const below = Object.values(properties)
    if (items !== undefined) below.push(items)
    if (typeof additionalProperties === 'object') below.push(additionalProperties)
    known = below.some((part) => part.default !== undefined || hasDefaults(part))
    withDefaults.set(schema, known)
  }
  return known
}
