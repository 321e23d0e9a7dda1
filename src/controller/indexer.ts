import {keyOf, type KubeObject} from '../api/meta/object.ts'
import {KeyMultimap} from '../util/key-multimap.ts'

/** Computes the values under which an index finds an object. */
export type IndexFunction<T> = (object: T) => readonly string[]

interface Index<T> {
  readonly of: IndexFunction<T>
  readonly keys: KeyMultimap
}

/**
 * Objects by key, by namespace and by any number of named indexes.
 *
 * Reads cost what they return; there is no scan except `list()` over all namespaces.
 */
export class Indexer<T extends KubeObject> {
  readonly #objects = new Map<string, T>()
  readonly #byNamespace = new KeyMultimap()
  readonly #indexes = new Map<string, Index<T>>()

  /** Adds an index; objects that are there already are indexed at once. */
  addIndex(name: string, of: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return
    const index = {of, keys: new KeyMultimap()}
    this.#indexes.set(name, index)
    for (const [key, object] of this.#objects) move(index.keys, key, [], of(object))
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys()
  }

  list(namespace?: string): T[] {
    return namespace === undefined
      ? [...this.#objects.values()]
      : this.#objectsOf(this.#byNamespace.get(namespace))
  }

  /** Objects that the index `name` files under `value`. Throws when there is no such index. */
  byIndex(name: string, value: string): T[] {
    const index = this.#indexes.get(name)
    if (index === undefined) throw new Error(`no index ${name}`)
    return this.#objectsOf(index.keys.get(value))
  }

  /** Stores `object` and answers what it replaced. */
  set(object: T): T | undefined {
    const key = keyOf(object)
    const before = this.#objects.get(key)
    for (const {of, keys} of this.#indexes.values()) {
      move(keys, key, before === undefined ? [] : of(before), of(object))
    }
    this.#byNamespace.add(object.metadata.namespace ?? '', key)
    this.#objects.set(key, object)
    return before
  }

  /** Removes the object of `key` and answers it. */
  delete(key: string): T | undefined {
    const before = this.#objects.get(key)
    if (before === undefined) return undefined
    for (const {of, keys} of this.#indexes.values()) move(keys, key, of(before), [])
    this.#byNamespace.delete(before.metadata.namespace ?? '', key)
    this.#objects.delete(key)
    return before
  }

  #objectsOf(keys: Iterable<string>): T[] {
    const objects: T[] = []
    for (const key of keys) {
      const object = this.#objects.get(key)
      if (object !== undefined) objects.push(object)
    }
    return objects
  }
}

/** Files `key` under the values of `after` instead of those of `before`. */
function move(
  keys: KeyMultimap,
  key: string,
  before: readonly string[],
  after: readonly string[],
): void {
  for (const value of before) if (!after.includes(value)) keys.delete(value, key)
  for (const value of after) if (!before.includes(value)) keys.add(value, key)
}
