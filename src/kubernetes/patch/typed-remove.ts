import {isJsonObject, setField, type JsonObject} from '../../util/json.ts'
import {hasPath, isEmptySet, NO_FIELDS, type FieldsV1} from './fields-v1.ts'
import {fieldTypeOf, shapeOf, type ListType, type MapType, type MergeType} from './merge-type.ts'
import {fieldElement, itemElement} from './path-element.ts'

/**
 * `value` without the members of `set`. Maps and lists that lose everything go with it; undefined
 * when nothing is left.
 *
 * Counterpart of structured-merge-diff `TypedValue.RemoveItems`. Differs from upstream: an emptied
 * map is left out instead of becoming null, because there is no Go struct behind it to swallow that.
 */
export function removeFields(value: unknown, set: FieldsV1, type: MergeType): unknown {
  if (isEmptySet(set)) return value
  const shape = shapeOf(type, value)
  if (shape === 'map' && type.map !== undefined && isJsonObject(value)) {
    return type.map.atomic ? undefined : removeFromMap(value, set, type.map)
  }
  if (shape === 'list' && type.list !== undefined && Array.isArray(value)) {
    return type.list.merges === 'atomic' ? undefined : removeFromList(value, set, type.list)
  }
  return value
}

function removeFromMap(value: JsonObject, set: FieldsV1, type: MapType): JsonObject | undefined {
  const result: JsonObject = {}
  for (const name of Object.keys(value)) {
    const element = fieldElement(name)
    if (hasPath(set, [element])) continue
    const field = fieldTypeOf(type, name)
    const rest = field ? removeFields(value[name], set[element] ?? NO_FIELDS, field) : value[name]
    if (rest !== undefined) setField(result, name, rest)
  }
  return Object.keys(result).length === 0 ? undefined : result
}

function removeFromList(
  items: readonly unknown[],
  set: FieldsV1,
  type: ListType,
): unknown[] | undefined {
  const result: unknown[] = []
  for (const item of items) {
    const element = itemElement(type, item)
    if (hasPath(set, [element])) continue
    const rest = removeFields(item, set[element] ?? NO_FIELDS, type.item)
    if (rest !== undefined) result.push(rest)
  }
  return result.length === 0 ? undefined : result
}
