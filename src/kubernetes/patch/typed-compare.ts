import {isJsonObject, jsonEqual, type JsonObject} from '../../util/json.ts'
import {allFields, valueOf} from './all-fields.ts'
import {FieldSetBuilder, type FieldsV1} from './fields-v1.ts'
import {
  fieldTypeOf,
  shapeOf,
  type ListType,
  type MapType,
  type MergeType,
  type Shape,
} from './merge-type.ts'
import {fieldElement, itemElement, type PathElement} from './path-element.ts'

/** Which fields differ between two states of an object. */
export interface Comparison {
  readonly added: FieldsV1
  /** Fields that are in both, with different values; only fields that merge as a whole. */
  readonly modified: FieldsV1
  readonly removed: FieldsV1
}

/**
 * Compares two states of an object by the rules of its type.
 *
 * Costs what differs: parts that both states share are not looked into. `metadata.managedFields` is
 * left out. Throws a {@link ListItemError} for a list whose items cannot be told apart by their keys.
 *
 * Counterpart of structured-merge-diff `TypedValue.Compare`.
 */
export function compareTyped(before: JsonObject, after: JsonObject, type: MergeType): Comparison {
  const walk = new CompareWalk()
  walk.compare(before, after, type)
  return walk
}

class CompareWalk implements Comparison {
  readonly #added = new FieldSetBuilder()
  readonly #modified = new FieldSetBuilder()
  readonly #removed = new FieldSetBuilder()
  readonly #path: PathElement[] = []

  get added(): FieldsV1 {
    return this.#added.set
  }

  get modified(): FieldsV1 {
    return this.#modified.set
  }

  get removed(): FieldsV1 {
    return this.#removed.set
  }

  /** Undefined means absent; null is a value. */
  compare(left: unknown, right: unknown, type: MergeType): void {
    if (left === right) return
    if (left === undefined) return this.#added.addAll(this.#path, allFields(right, type))
    if (right === undefined) return this.#removed.addAll(this.#path, allFields(left, type))
    const leftShape = shapeOf(type, left ?? right)
    const rightShape = shapeOf(type, right ?? left)
    // A value that changes its shape loses what it had and gets what it has.
    this.#compareAs(leftShape, left, right, type)
    if (leftShape !== rightShape) this.#compareAs(rightShape, left, right, type)
  }

  #compareAs(shape: Shape, left: unknown, right: unknown, type: MergeType): void {
    if (shape === 'map' && type.map !== undefined && !type.map.atomic) {
      const ours = isJsonObject(left) ? left : undefined
      const theirs = isJsonObject(right) ? right : undefined
      if (!isEmptyMap(ours) || !isEmptyMap(theirs)) {
        return this.#compareMaps(ours, theirs, type.map)
      }
    }
    if (shape === 'list' && type.list !== undefined && type.list.merges !== 'atomic') {
      const ours: unknown[] = Array.isArray(left) ? left : []
      const theirs: unknown[] = Array.isArray(right) ? right : []
      if (ours.length > 0 || theirs.length > 0) {
        // Finding out which item is which costs more than seeing that they are the same.
        if (jsonEqual(ours, theirs)) return
        return this.#compareLists(ours, theirs, type.list)
      }
    }
    if (!jsonEqual(left, right)) this.#modified.add(this.#path)
  }

  #compareMaps(left: JsonObject | undefined, right: JsonObject | undefined, type: MapType): void {
    for (const name in left) this.#compareField(name, left, right, type)
    for (const name in right) {
      if (left === undefined || !Object.hasOwn(left, name)) {
        this.#compareField(name, left, right, type)
      }
    }
  }

  #compareField(
    name: string,
    left: JsonObject | undefined,
    right: JsonObject | undefined,
    type: MapType,
  ): void {
    const field = fieldTypeOf(type, name)
    if (field === undefined || this.#isManagedFields(name)) return
    this.#descend(
      fieldElement(name),
      left && valueOf(left, name, type),
      right && valueOf(right, name, type),
      field,
    )
  }

  #isManagedFields(name: string): boolean {
    return name === 'managedFields' && this.#path.length === 1 && this.#path[0] === 'f:metadata'
  }

  #compareLists(left: readonly unknown[], right: readonly unknown[], type: ListType): void {
    const ours = itemsByElement(left, type)
    const theirs = itemsByElement(right, type)
    for (const [element, items] of ours) {
      this.#compareItems(element, items, theirs.get(element) ?? [], type)
    }
    for (const [element, items] of theirs) {
      if (!ours.has(element)) this.#compareItems(element, [], items, type)
    }
  }

  /**
   * | items before | after | answer                                             |
   * | ------------ | ----- | -------------------------------------------------- |
   * | 0, 1         | 0, 1  | compared field by field                            |
   * | more         | more  | the item as a whole is modified if they differ     |
   * | more         | 0, 1  | the item as a whole is removed, the fields of the one left are added |
   * | 0, 1         | more  | the fields of the one are removed, the item as a whole is added      |
   */
  #compareItems(
    element: PathElement,
    left: readonly unknown[],
    right: readonly unknown[],
    type: ListType,
  ): void {
    if (left.length <= 1 && right.length <= 1) {
      this.#descend(element, left[0], right[0], type.item)
      return
    }
    const isRepeatedLeft = left.length > 1
    const isRepeatedRight = right.length > 1
    if (!isRepeatedRight) this.#descend(element, undefined, right[0], type.item)
    if (!isRepeatedLeft) this.#descend(element, left[0], undefined, type.item)
    this.#path.push(element)
    if (!isRepeatedRight) this.#removed.add(this.#path)
    else if (!isRepeatedLeft) this.#added.add(this.#path)
    else if (!jsonEqual(left, right)) this.#modified.add(this.#path)
    this.#path.pop()
  }

  #descend(element: PathElement, left: unknown, right: unknown, type: MergeType): void {
    this.#path.push(element)
    this.compare(left, right, type)
    this.#path.pop()
  }
}

function itemsByElement(items: readonly unknown[], type: ListType): Map<PathElement, unknown[]> {
  const byElement = new Map<PathElement, unknown[]>()
  for (const item of items) {
    const element = itemElement(type, item)
    const known = byElement.get(element)
    if (known === undefined) byElement.set(element, [item])
    else known.push(item)
  }
  return byElement
}

function isEmptyMap(map: JsonObject | undefined): boolean {
  for (const name in map) if (map[name] !== undefined) return false
  return true
}
