import type {LogEntry} from './history.ts'
import {inRange, type KeyRange} from './key-range.ts'
import type {SortedKeys} from './sorted-keys.ts'
import type {Stored} from './storage.ts'

/** Which part of a list is wanted. */
export interface PageRequest {
  readonly range: KeyRange
  readonly limit: number
}

/** A part of a list. */
export interface Page {
  readonly items: Stored[]
  readonly hasMore: boolean
  /** How many objects of the list come after this part. */
  readonly remaining: number
}

/** A page of what is stored now. Costs its own length, however many other keys there are. */
export function currentPage(
  request: PageRequest,
  keys: SortedKeys,
  objects: ReadonlyMap<string, Stored>,
): Page {
  const items: Stored[] = []
  let last: string | undefined
  for (const key of keys.range(request.range)) {
    if (items.length >= request.limit) break
    const stored = objects.get(key)
    if (stored !== undefined) items.push(stored)
    last = key
  }
  if (items.length < request.limit) return {items, hasMore: false, remaining: 0}
  const remaining = keys.count(rest(request.range, last))
  return {items, hasMore: remaining > 0, remaining}
}

/**
 * A page of what was stored before the writes in `undone` (oldest first) happened.
 *
 * Costs its own length plus the number of those writes.
 */
export function pastPage(
  request: PageRequest,
  keys: SortedKeys,
  objects: ReadonlyMap<string, Stored>,
  undone: Iterable<LogEntry>,
): Page {
  // The first write after the wanted revision tells what a key held at that revision.
  const past = new Map<string, Stored | undefined>()
  for (const {event, before} of undone) {
    if (inRange(request.range, event.key) && !past.has(event.key)) past.set(event.key, before)
  }
  const revived = [...past.keys()].filter((key) => !objects.has(key)).toSorted()

  const items: Stored[] = []
  let last: string | undefined
  for (const key of merged(keys.range(request.range), revived)) {
    if (items.length >= request.limit) break
    const stored = past.has(key) ? past.get(key) : objects.get(key)
    if (stored !== undefined) items.push(stored)
    last = key
  }
  if (items.length < request.limit) return {items, hasMore: false, remaining: 0}

  const after = rest(request.range, last)
  let remaining = keys.count(after)
  for (const [key, stored] of past) {
    if (!inRange(after, key)) continue
    const isNow = objects.has(key)
    const wasThen = stored !== undefined
    if (isNow && !wasThen) remaining--
    if (!isNow && wasThen) remaining++
  }
  return {items, hasMore: remaining > 0, remaining}
}

function rest(range: KeyRange, last: string | undefined): KeyRange {
  return last === undefined ? range : {from: `${last}\0`, to: range.to}
}

/** Two ascending sequences without common members as one. */
function* merged(left: Iterable<string>, right: readonly string[]): Generator<string> {
  let index = 0
  for (const key of left) {
    for (; index < right.length && (right[index] ?? '') < key; index++) yield right[index] ?? ''
    yield key
  }
  yield* right.slice(index)
}
