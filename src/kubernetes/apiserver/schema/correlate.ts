import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import {isJsonObject, jsonEqual} from '../json-value.ts'

/** What a field was before; undefined where there was nothing, or nobody can tell. */
export function oldProperty(name: string, old: unknown, schema: StructuralSchema): unknown {
  if (schema['x-kubernetes-map-type'] === 'atomic' || !isJsonObject(old)) return undefined
  return Object.hasOwn(old, name) ? old[name] : undefined
}

/** What an item of a list was before: only lists with keys tell. */
export function oldItem(item: unknown, old: unknown, schema: StructuralSchema): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined
  if (!Array.isArray(old) || !isJsonObject(item)) return undefined
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return old.find(
    (other) => isJsonObject(other) && keys.every((key) => jsonEqual(other[key], item[key])),
  )
}
