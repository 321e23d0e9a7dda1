import {isJsonObject, ownField, type JsonObject} from '../../util/json.ts'
import {goType} from '../../util/go/print.ts'
import {cleaned, DIRECTIVE} from './strategic-directives.ts'
import {strategicErrors} from './strategic-errors.ts'

/** How the items of a list merge. */
export interface ItemRules {
  /** The field that tells maps from one another; undefined for lists of scalars. */
  readonly mergeKey: string | undefined
  readonly mergeMap: (original: JsonObject, patch: JsonObject) => JsonObject
}

type Identity = (item: unknown) => unknown

/** `old` with the items of `patch` merged into it. */
export function mergeItems(
  old: readonly unknown[],
  patch: readonly unknown[],
  rules: ItemRules,
): unknown[] {
  if (old.length === 0 && patch.length === 0) return [...old]
  if (typeOfItems(old, patch) !== 'map[string]interface {}') {
    const merged = [...new Set([...old, ...patch])]
    return arrange(merged, {by: patch, live: old, identity: (item) => item})
  }
  const {mergeKey} = rules
  if (mergeKey === undefined) throw strategicErrors.noDeclaredMergeKey()
  const {kept, changes} = obeyItems(old.map(asMap), patch.map(asMap), mergeKey)
  const merged = mergeKeyed(kept, changes, {...rules, mergeKey})
  return arrange(merged, {by: changes, live: kept, identity: keyed(mergeKey)})
}

/** `old` without `values`. */
export function deleteItems(old: readonly unknown[], values: readonly unknown[]): unknown[] {
  const deleted = new Set(values)
  return old.filter((item) => !deleted.has(item))
}

/**
 * The list after a patch with a `$setElementOrder` for it; undefined when there is no list.
 *
 * Items that the order names come in that order, the others keep their place between them as well
 * as it goes.
 */
export function orderItems(
  lists: {
    old: readonly unknown[] | undefined
    items: readonly unknown[] | undefined
    order: readonly unknown[]
    key: string | undefined
  },
  rules: ItemRules | undefined,
): unknown[] | undefined {
  const {old, items, order, key} = lists
  checkOrder(items ?? [], order, key)
  if (old === undefined && items === undefined) return undefined
  const merged = mergedList(old, items, rules)
  typeOfItems(old ?? [], items ?? [])
  const identity: Identity = key === undefined ? (item) => item : keyed(key)
  return arrange(merged, {by: order, live: old ?? [], identity})
}

function mergedList(
  old: readonly unknown[] | undefined,
  items: readonly unknown[] | undefined,
  rules: ItemRules | undefined,
): readonly unknown[] {
  if (items === undefined) return old ?? []
  if (old === undefined) return cleaned(items) as unknown[]
  return rules === undefined ? items : mergeItems(old, items, rules)
}

/** Takes out the items that are directives: deletes, and a replace of the whole list. */
function obeyItems(
  old: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeKey: string,
): {kept: JsonObject[]; changes: JsonObject[]} {
  const changes: JsonObject[] = []
  const deleted = new Set<unknown>()
  let replaces = false
  for (const item of patch) {
    const directive = ownField(item, DIRECTIVE)
    if (directive === undefined) changes.push(item)
    else if (directive === 'delete') {
      const key = ownField(item, mergeKey)
      if (key === undefined) throw strategicErrors.noMergeKey(item, mergeKey)
      deleted.add(key)
    } else if (directive === 'replace') replaces = true
    else if (directive === 'merge') throw strategicErrors.mergeDirective()
    else throw strategicErrors.unknownDirective(directive, item)
  }
  if (replaces) return {kept: changes.map(cleanedMap), changes: []}
  return {kept: old.filter((each) => !deleted.has(ownField(each, mergeKey))), changes}
}

function mergeKeyed(
  old: readonly JsonObject[],
  changes: readonly JsonObject[],
  {mergeKey, mergeMap}: ItemRules & {mergeKey: string},
): JsonObject[] {
  const merged = [...old]
  const indexes = new Map<unknown, number>()
  const note = (item: JsonObject, index: number): void => {
    const key = ownField(item, mergeKey)
    // The first of several with the same key is the one that is changed.
    if (!indexes.has(key)) indexes.set(key, index)
  }
  merged.forEach(note)
  for (const change of changes) {
    const key = ownField(change, mergeKey)
    if (key === undefined) throw strategicErrors.noMergeKey(change, mergeKey)
    const index = indexes.get(key) ?? merged.length
    const found = merged[index]
    const item = found === undefined ? cleanedMap(change) : mergeMap(found, change)
    merged[index] = item
    note(item, index)
  }
  return merged
}

/**
 * Brings `items` into order: those in `by` in its order; before, after and between them the others in
 * the order of `live`, each in front of the first that came after it there.
 */
function arrange(
  items: readonly unknown[],
  {by, live, identity}: {by: readonly unknown[]; live: readonly unknown[]; identity: Identity},
): unknown[] {
  const byPlace = places(by, identity)
  const livePlace = places(live, identity)
  const placeIn = (order: Map<unknown, number>, item: unknown): number =>
    order.get(identity(item)) ?? Number.POSITIVE_INFINITY
  const sorted = (part: unknown[], order: Map<unknown, number>): unknown[] =>
    part.toSorted((left, right) => {
      const difference = placeIn(order, left) - placeIn(order, right)
      return Number.isNaN(difference) ? 0 : difference
    })

  const first = sorted(
    items.filter((item) => byPlace.has(identity(item))),
    byPlace,
  )
  const others = sorted(
    items.filter((item) => !byPlace.has(identity(item))),
    livePlace,
  )
  const result: unknown[] = []
  let index = 0
  for (const item of first) {
    const place = livePlace.get(identity(item))
    for (; place !== undefined && index < others.length; index++) {
      if (!(placeIn(livePlace, others[index]) < place)) break
      result.push(others[index])
    }
    result.push(item)
  }
  return [...result, ...others.slice(index)]
}

function places(items: readonly unknown[], identity: Identity): Map<unknown, number> {
  const result = new Map<unknown, number>()
  for (const [index, item] of items.entries()) {
    if (!result.has(identity(item))) result.set(identity(item), index)
  }
  return result
}

/** Items of the patch have to be in the order list, in the same order. */
function checkOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  key: string | undefined,
): void {
  if (items.length === 0 || order.length === 0) return
  const identity: Identity = key === undefined ? (item) => item : keyed(key)
  const wanted = items.filter((item) => !(isJsonObject(item) && Object.hasOwn(item, DIRECTIVE)))
  let index = 0
  for (const item of order) {
    if (index < wanted.length && identity(wanted[index]) === identity(item)) index++
  }
  if (index < wanted.length) throw strategicErrors.wrongOrder(items, order)
}

function keyed(mergeKey: string): Identity {
  return (item) => {
    const map = asMap(item)
    const key = ownField(map, mergeKey)
    if (key === undefined) throw strategicErrors.noMergeKey(map, mergeKey)
    return key
  }
}

/** The one Go type of all items. */
function typeOfItems(...lists: (readonly unknown[])[]): string {
  const types = new Set(lists.flat().map(goScalarType))
  if (types.size > 1) throw strategicErrors.mixedTypes(lists)
  const [type = ''] = types
  if (type === '[]interface {}') throw strategicErrors.listOfLists()
  return type
}

/** Whole and broken numbers are one type here, because JSON has no other way to tell them apart. */
function goScalarType(value: unknown): string {
  return typeof value === 'number' ? 'number' : goType(value)
}

function asMap(item: unknown): JsonObject {
  if (!isJsonObject(item)) throw strategicErrors.wrongType({}, item)
  return item
}

function cleanedMap(item: JsonObject): JsonObject {
  return cleaned(item, {keepNulls: true}) as JsonObject
}
