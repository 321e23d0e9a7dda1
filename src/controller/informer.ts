import {keyOf, type KubeObject, type WatchEvent} from '../api/meta/object.ts'
import {matchesLabels} from '../api/meta/label-selector.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import type {Client} from '../client/client.ts'
import {type Clock, sleep} from '../util/clock.ts'
import {Indexer, type IndexFunction} from './indexer.ts'

/** Called for each change of an informer's objects. */
export interface InformerHandler<T> {
  /** `before` is absent when the object is new. */
  onSet?(object: T, before: T | undefined): void
  onDelete?(object: T): void
}

/** The read side of an informer: what a reconciler sees of the world. Objects are frozen. */
export interface Lister<T extends KubeObject> {
  get(namespace: string | undefined, name: string): T | undefined
  list(namespace?: string, labels?: Readonly<Record<string, string>>): T[]
  byIndex(index: string, value: string): T[]
}

const RETRY_MS = 1000

/**
 * A cache of all objects of one kind, kept current by list and watch.
 *
 * - Handlers are called in the order of the writes, after the cache holds the change.
 * - After a lost watch it lists again and reports only differences.
 * - `synced` resolves when the first list is in the cache and was reported.
 *
 * Counterpart of client-go `tools/cache` SharedInformer.
 */
export class Informer<T extends KubeObject> implements Lister<T> {
  readonly type: ResourceType<T>
  readonly synced: Promise<void>
  readonly #client: Client
  readonly #clock: Clock
  readonly #indexer = new Indexer<T>()
  readonly #handlers = new Set<InformerHandler<T>>()
  readonly #markSynced: () => void
  #started = false

  constructor(type: ResourceType<T>, client: Client, clock: Clock) {
    this.type = type
    this.#client = client
    this.#clock = clock
    const {promise, resolve} = Promise.withResolvers<void>()
    this.synced = promise
    this.#markSynced = resolve
  }

  /**
   * Registers a handler; what is cached already is reported to it at once. Call the result to take
   * the handler back.
   */
  addHandler(handler: InformerHandler<T>): () => void {
    this.#handlers.add(handler)
    for (const object of this.#indexer.list()) handler.onSet?.(object, undefined)
    return () => void this.#handlers.delete(handler)
  }

  /** Adds an index for {@link byIndex}; adding the same name twice is harmless. */
  addIndex(name: string, of: IndexFunction<T>): void {
    this.#indexer.addIndex(name, of)
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#indexer.get(namespace === undefined ? name : `${namespace}/${name}`)
  }

  list(namespace?: string, labels?: Readonly<Record<string, string>>): T[] {
    const all = this.#indexer.list(namespace)
    return labels === undefined
      ? all
      : all.filter((object) => matchesLabels(object.metadata.labels, labels))
  }

  byIndex(index: string, value: string): T[] {
    return this.#indexer.byIndex(index, value)
  }

  /** Begins to list and watch, until `signal` aborts. Only the first call counts. */
  start(signal: AbortSignal): void {
    if (this.#started) return
    this.#started = true
    void this.#run(signal)
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const list = await this.#client.list(this.type)
        this.#replace(list.items)
        this.#markSynced()
        const {resourceVersion = '0'} = list.metadata
        await this.#client.follow(this.type, {resourceVersion, signal}, (event) =>
          this.#take(event),
        )
      } catch {
        // The server is starting, the watch expired or the kind is not served yet: list again.
        await sleep(this.#clock, RETRY_MS, signal)
      }
    }
  }

  #take(event: WatchEvent<T>): boolean {
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        this.#set(event.object)
        return true
      case 'DELETED':
        this.#delete(event.object)
        return true
      case 'BOOKMARK':
        return true
      case 'ERROR':
        return false
    }
  }

  #replace(objects: readonly T[]): void {
    const present = new Set(objects.map(keyOf))
    for (const key of this.#indexer.keys()) {
      const gone = present.has(key) ? undefined : this.#indexer.get(key)
      if (gone !== undefined) this.#delete(gone)
    }
    for (const object of objects) {
      const before = this.#indexer.get(keyOf(object))
      if (before?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#set(object)
    }
  }

  #set(object: T): void {
    const before = this.#indexer.set(object)
    for (const handler of this.#handlers) handler.onSet?.(object, before)
  }

  #delete(object: T): void {
    this.#indexer.delete(keyOf(object))
    for (const handler of this.#handlers) handler.onDelete?.(object)
  }
}

/** One informer per kind, shared by all controllers. */
export class InformerFactory {
  readonly #client: Client
  readonly #clock: Clock
  readonly #informers = new Map<string, Informer<KubeObject>>()
  #signal: AbortSignal | undefined

  constructor(client: Client, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** The informer of a kind. It runs as soon as {@link start} was called. */
  of<T extends KubeObject>(type: ResourceType<T>): Informer<T> {
    const id = `${type.group}/${type.version}/${type.plural}`
    let informer = this.#informers.get(id) as Informer<T> | undefined
    if (informer === undefined) {
      informer = new Informer(type, this.#client, this.#clock)
      this.#informers.set(id, informer as unknown as Informer<KubeObject>)
      if (this.#signal !== undefined) informer.start(this.#signal)
    }
    return informer
  }

  /** Starts every informer, also those asked for later; resolves when all are synced. */
  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal
    const informers = [...this.#informers.values()]
    for (const informer of informers) informer.start(signal)
    await Promise.all(informers.map((informer) => informer.synced))
  }
}
