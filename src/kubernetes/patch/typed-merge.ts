import {isJsonObject, ownField, setField, type JsonObject} from '../../util/json.ts'
import {fieldTypeOf, shapeOf, type ListType, type MapType, type MergeType} from './merge-type.ts'
import {itemElement, type PathElement} from './path-element.ts'

/**
 * `live` with `applied` merged over it: maps field by field, keyed lists item by item, all else as
 * a whole. Nothing is removed. The inputs stay as they are, the result shares parts of both.
 *
 * Counterpart of structured-merge-diff `TypedValue.Merge`.
 */
export function mergeTyped(live: unknown, applied: unknown, type: MergeType): unknown {
  if (applied === undefined) return live
  if (live === undefined) return applied
  const shape = shapeOf(type, applied)
  if (shape === 'map' && type.map !== undefined && !type.map.atomic) {
    return mergeMaps(live, applied, type.map)
  }
  if (shape === 'list' && type.list !== undefined && type.list.merges !== 'atomic') {
    return mergeLists(live, applied, type.list)
  }
  return applied
}

function mergeMaps(live: unknown, applied: unknown, type: MapType): unknown {
  const ours = isJsonObject(live) ? live : {}
  const theirs = isJsonObject(applied) ? applied : {}
  // Tells an empty map from null, which are both nothing to merge.
  if (Object.keys(ours).length === 0 && Object.keys(theirs).length === 0) return applied
  const result: JsonObject = {...ours}
  for (const name of Object.keys(theirs)) {
    const field = fieldTypeOf(type, name)
    const value = theirs[name]
    setField(result, name, field ? mergeTyped(ownField(ours, name), value, field) : value)
  }
  return result
}

function mergeLists(live: unknown, applied: unknown, type: ListType): unknown {
  const ours: unknown[] = Array.isArray(live) ? live : []
  const theirs: unknown[] = Array.isArray(applied) ? applied : []
  if (ours.length === 0 && theirs.length === 0) return applied
  return new ListMerge(ours, theirs, type).run()
}

/**
 * Merges two keyed lists. Items in both keep the order that `applied` gives them; the others keep
 * their place between their neighbours.
 */
class ListMerge {
  readonly #live: readonly unknown[]
  readonly #liveElements: PathElement[]
  readonly #appliedElements: PathElement[]
  readonly #liveItems = new Map<PathElement, unknown>()
  readonly #appliedItems = new Map<PathElement, unknown>()
  readonly #type: ListType
  readonly #result: unknown[] = []
  /** Items in both lists, in the order of the applied one, and which is the next to be merged. */
  readonly #shared: readonly PathElement[]
  #nextShared = 0
  readonly #merged = new Set<PathElement>()

  constructor(live: readonly unknown[], applied: readonly unknown[], type: ListType) {
    this.#live = live
    this.#type = type
    this.#liveElements = live.map((item) => itemElement(type, item))
    this.#appliedElements = applied.map((item) => itemElement(type, item))
    for (const [index, element] of this.#liveElements.entries()) {
      // An item that is there twice has no state to merge with: the applied one takes its place.
      this.#liveItems.set(element, this.#liveItems.has(element) ? undefined : live[index])
    }
    for (const [index, element] of this.#appliedElements.entries()) {
      this.#appliedItems.set(element, applied[index])
    }
    this.#shared = this.#appliedElements.filter((element) => this.#liveItems.has(element))
  }

  run(): unknown[] {
    let live = 0
    let applied = 0
    while (live < this.#liveElements.length || applied < this.#appliedElements.length) {
      const ours = this.#liveElements[live]
      const theirs = this.#appliedElements[applied]
      if (ours !== undefined && ours === theirs) {
        this.#takeApplied(ours)
        live++
        applied++
      } else if (ours === undefined) {
        this.#takeApplied(theirs ?? '')
        applied++
      } else if (!this.#appliedItems.has(ours)) {
        this.#result.push(this.#live[live])
        live++
      } else if (theirs !== undefined && this.#isAhead(ours)) {
        live++
      } else {
        if (this.#merged.has(ours)) live++
        if (theirs !== undefined) {
          this.#takeApplied(theirs)
          applied++
        }
      }
    }
    return this.#result
  }

  /** Whether another shared item has to come before this one. */
  #isAhead(element: PathElement): boolean {
    const next = this.#shared[this.#nextShared]
    return next !== undefined && next !== element
  }

  #takeApplied(element: PathElement): void {
    const item = this.#appliedItems.get(element)
    this.#result.push(mergeTyped(this.#liveItems.get(element), item, this.#type.item))
    this.#merged.add(element)
    if (this.#shared[this.#nextShared] === element) this.#nextShared++
  }
}
