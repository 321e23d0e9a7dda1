import type {KeyRange} from './key-range.ts'

/** A chunk splits in two beyond this length: short enough to insert into, long enough to be few. */
const CHUNK_LIMIT = 512

/**
 * A sorted set of keys.
 *
 * - Adding and removing move at most one chunk, never the whole set.
 * - Reading a range costs its own length, counting one costs the number of chunks in it.
 * - Must not change while a range is being iterated.
 */
export class SortedKeys {
  // Never empty; no chunk is empty unless it is the only one; chunks ascend.
  #chunks: string[][] = [[]]
  #size = 0

  /** Takes keys that are sorted already. */
  static from(sorted: readonly string[]): SortedKeys {
    const keys = new SortedKeys()
    for (let start = 0; start < sorted.length; start += CHUNK_LIMIT / 2) {
      keys.#chunks.push(sorted.slice(start, start + CHUNK_LIMIT / 2))
    }
    if (sorted.length > 0) keys.#chunks.shift()
    keys.#size = sorted.length
    return keys
  }

  get size(): number {
    return this.#size
  }

  /** Adds a key; nothing happens when it is there already. */
  add(key: string): void {
    const at = this.#chunkOf(key)
    const chunk = this.#chunks[at] ?? []
    const index = lowerBound(chunk, key)
    if (chunk[index] === key) return
    chunk.splice(index, 0, key)
    this.#size++
    if (chunk.length > CHUNK_LIMIT) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK_LIMIT / 2))
  }

  /** Removes a key; nothing happens when it is not there. */
  delete(key: string): void {
    const at = this.#chunkOf(key)
    const chunk = this.#chunks[at] ?? []
    const index = lowerBound(chunk, key)
    if (chunk[index] !== key) return
    chunk.splice(index, 1)
    this.#size--
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1)
  }

  /** The keys of `range`, in order. */
  *range(range: KeyRange): Generator<string, void, undefined> {
    let at = this.#chunkOf(range.from)
    let index = lowerBound(this.#chunks[at] ?? [], range.from)
    for (; at < this.#chunks.length; at++, index = 0) {
      const chunk = this.#chunks[at] ?? []
      for (; index < chunk.length; index++) {
        const key = chunk[index] ?? ''
        if (key >= range.to) return
        yield key
      }
    }
  }

  /** How many keys lie in `range`. */
  count(range: KeyRange): number {
    if (range.from >= range.to) return 0
    const first = this.#chunkOf(range.from)
    const last = this.#chunkOf(range.to)
    let count = lowerBound(this.#chunks[last] ?? [], range.to)
    count -= lowerBound(this.#chunks[first] ?? [], range.from)
    for (let at = first; at < last; at++) count += this.#chunks[at]?.length ?? 0
    return count
  }

  /** The index of the only chunk that may hold `key`: the last one that begins at or before it. */
  #chunkOf(key: string): number {
    let low = 0
    let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#chunks[middle]?.[0] ?? '') <= key) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** The index of the first element that is not before `key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
