/** Keys from `from` (inclusive) up to `to` (exclusive), in the order of UTF-16 code units. */
export interface KeyRange {
  readonly from: string
  readonly to: string
}

/**
 * The keys that begin with `prefix`, optionally only those after `startAfter`.
 *
 * A prefix ends with a slash; without one it names a single key, so that `/pods/a` never means
 * `/pods/ab`. The empty prefix means every key.
 */
export function keyRange(prefix: string, startAfter?: string): KeyRange {
  const first = startAfter === undefined ? prefix : later(prefix, `${startAfter}\0`)
  if (prefix === '') return {from: first, to: '\uffff'}
  if (!prefix.endsWith('/')) return {from: first, to: `${prefix}\0`}
  // '0' is the character after '/', so this is the first string that no longer has the prefix.
  return {from: first, to: `${prefix.slice(0, -1)}0`}
}

/** Whether `key` lies in `range`. */
export function inRange(range: KeyRange, key: string): boolean {
  return key >= range.from && key < range.to
}

/**
 * Every prefix under which somebody may watch `key`: `''`, each leading part that ends with a slash,
 * and the key itself.
 */
export function prefixesOf(key: string): string[] {
  const prefixes = ['']
  for (let slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
    prefixes.push(key.slice(0, slash + 1))
  }
  prefixes.push(key)
  return prefixes
}

function later(left: string, right: string): string {
  return left > right ? left : right
}
