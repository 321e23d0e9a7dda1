const NOTHING: ReadonlySet<string> = new Set()

/**
 * Sets of keys by value: a Map of Sets, without a Set where there is only one key.
 *
 * Most values of an index have one key, and a Set costs ten times what the key does.
 */
export class KeyMultimap {
  readonly #keys = new Map<string, string | Set<string>>()

  add(value: string, key: string): void {
    const known = this.#keys.get(value)
    if (known === undefined) this.#keys.set(value, key)
    else if (typeof known !== 'string') known.add(key)
    else if (known !== key) this.#keys.set(value, new Set([known, key]))
  }

  delete(value: string, key: string): void {
    const known = this.#keys.get(value)
    if (known === key) this.#keys.delete(value)
    if (known === undefined || typeof known === 'string') return
    known.delete(key)
    if (known.size === 0) this.#keys.delete(value)
  }

  /** The keys of `value` in the order they were added; not to be kept over the next change. */
  get(value: string): Iterable<string> {
    const known = this.#keys.get(value)
    return known === undefined ? NOTHING : typeof known === 'string' ? [known] : known
  }

  /** Whether `value` has any key. */
  has(value: string): boolean {
    return this.#keys.has(value)
  }

  /** Removes `value` with its keys. */
  deleteAll(value: string): void {
    this.#keys.delete(value)
  }
}
