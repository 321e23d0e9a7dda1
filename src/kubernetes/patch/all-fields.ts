import {isJsonObject, ownField, type JsonObject} from '../../util/json.ts'
import {NO_FIELDS, SELF, type FieldsV1} from './fields-v1.ts'
import {fieldTypeOf, shapeOf, type ListType, type MapType, type MergeType} from './merge-type.ts'
import {fieldElement, itemElement, type PathElement} from './path-element.ts'
import {emptyShape, setOf, withElement} from './shared-fields.ts'

/**
 * The fields of a value that is there as a whole, or went as a whole: itself, and all below it.
 *
 * Answers the frozen node for the value's place in a set. Throws a {@link ListItemError} as the
 * comparison does.
 */
export function allFields(value: unknown, type: MergeType): FieldsV1 {
  switch (shapeOf(type, value)) {
    case 'map':
      if (type.map === undefined || type.map.atomic || !isJsonObject(value)) return NO_FIELDS
      return fieldsOfMap(value, type.map)
    case 'list':
      if (type.list === undefined || type.list.merges === 'atomic' || !Array.isArray(value)) {
        return NO_FIELDS
      }
      return fieldsOfList(value, type.list)
    case 'scalar':
      return NO_FIELDS
  }
}

function fieldsOfMap(map: JsonObject, type: MapType): FieldsV1 {
  const start = emptyShape()
  let shape = start
  for (const name in map) {
    const field = fieldTypeOf(type, name)
    if (field === undefined) continue
    const value = valueOf(map, name, type)
    if (value === undefined) continue
    if (shape === start) shape = withElement(start, SELF, NO_FIELDS)
    shape = withElement(shape, fieldElement(name), allFields(value, field))
  }
  return setOf(shape)
}

function fieldsOfList(items: readonly unknown[], type: ListType): FieldsV1 {
  if (items.length === 0) return NO_FIELDS
  const members = new Map<PathElement, FieldsV1>()
  for (const item of items) {
    const element = itemElement(type, item)
    // Of items that cannot be told apart only the fact that there are some counts.
    members.set(element, members.has(element) ? NO_FIELDS : allFields(item, type.item))
  }
  let shape = withElement(emptyShape(), SELF, NO_FIELDS)
  for (const [element, below] of members) shape = withElement(shape, element, below)
  return setOf(shape)
}

/**
 * The value of a field; null is one. A Go struct that is not written is there all the same, unless
 * what it is in is missing too.
 */
export function valueOf(map: JsonObject, name: string, type: MapType): unknown {
  const value = ownField(map, name)
  return value === undefined ? type.fields.get(name)?.whenMissing : value
}
