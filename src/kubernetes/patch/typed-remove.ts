import {isJsonObject, setField, type JsonObject} from '../../util/json.ts'
import {hasPath, isEmptySet, NO_FIELDS, type FieldsV1} from './fields-v1.ts'
import {fieldTypeOf, shapeOf, type ListType, type MapType, type MergeType} from './merge-type.ts'
import {fieldElement, itemElement} from './path-element.ts'

/**
 * `value` without the members of `set`. A map or list that loses everything in it stays, empty, unless
 * it is a member itself; undefined when `value` as a whole merges atomically.
 *
 * Counterpart of structured-merge-diff `TypedValue.RemoveItems`. Differs from upstream: an emptied map
 * is empty instead of null, because there is no Go struct behind it to make that the same.
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

function removeFromMap(value: JsonObject, set: FieldsV1, type: MapType): JsonObject {
  const result: JsonObject = {}
  for (const name of Object.keys(value)) {
    const element = fieldElement(name)
    if (hasPath(set, [element])) continue
    const field = fieldTypeOf(type, name)
    const rest = field ? removeFields(value[name], set[element] ?? NO_FIELDS, field) : value[name]
    if (rest !== undefined) setField(result, name, rest)
  }
  return result
}

function removeFromList(items: readonly unknown[], set: FieldsV1, type: ListType): unknown[] {
  const result: unknown[] = []
  for (const item of items) {
    const element = itemElement(type, item)
    if (hasPath(set, [element])) continue
    result.push(removeFields(item, set[element] ?? NO_FIELDS, type.item))
  }
  return result
}
