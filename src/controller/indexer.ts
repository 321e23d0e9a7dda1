import {keyOf, type KubeObject} from '../api/meta/object.ts'

/** Computes the values under which an index finds an object. */
export type IndexFunction<T> = (object: T) => readonly string[]

/**
 * Objects by key, by namespace and by any number of named indexes.
 *
 * Reads cost what they return; there is no scan except `list()` over all namespaces.
 */
export class Indexer<T extends KubeObject> {
  readonly #objects = new Map<string, T>()
  readonly #byNamespace = new Map<string, Map<string, T>>()
  readonly #indexes = new Map<
    string,
    {of: IndexFunction<T>; entries: Map<string, Map<string, T>>}
  >()

  /** Adds an index; objects that are there already are indexed at once. */
  addIndex(name: string, of: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return
    const entries = new Map<string, Map<string, T>>()
    this.#indexes.set(name, {of, entries})
    for (const [key, object] of this.#objects) insert(entries, of(object), key, object)
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys()
  }

  list(namespace?: string): T[] {
    return [
      ...(namespace === undefined
        ? this.#objects
        : (this.#byNamespace.get(namespace) ?? new Map<string, T>())
      ).values(),
    ]
  }

  /** Objects that the index `name` files under `value`. Throws when there is no such index. */
  byIndex(name: string, value: string): T[] {
    const index = this.#indexes.get(name)
    if (index === undefined) throw new Error(`no index ${name}`)
    return [...(index.entries.get(value)?.values() ?? [])]
  }

  /** Stores `object` and answers what it replaced. */
  set(object: T): T | undefined {
    const key = keyOf(object)
    const before = this.#objects.get(key)
    for (const {of, entries} of this.#indexes.values()) {
      if (before !== undefined) remove(entries, of(before), key)
      insert(entries, of(object), key, object)
    }
    insert(this.#byNamespace, [object.metadata.namespace ?? ''], key, object)
    this.#objects.set(key, object)
    return before
  }

  /** Removes the object of `key` and answers it. */
  delete(key: string): T | undefined {
    const before = this.#objects.get(key)
    if (before === undefined) return undefined
    for (const {of, entries} of this.#indexes.values()) remove(entries, of(before), key)
    remove(this.#byNamespace, [before.metadata.namespace ?? ''], key)
    this.#objects.delete(key)
    return before
  }
}

function insert<T>(
  entries: Map<string, Map<string, T>>,
  values: readonly string[],
  key: string,
  object: T,
): void {
  for (const value of values) {
    const bucket = entries.get(value)
    if (bucket === undefined) entries.set(value, new Map([[key, object]]))
    else bucket.set(key, object)
  }
}

function remove<T>(
  entries: Map<string, Map<string, T>>,
  values: readonly string[],
  key: string,
): void {
  for (const value of values) {
    const bucket = entries.get(value)
    bucket?.delete(key)
    if (bucket?.size === 0) entries.delete(value)
  }
}
