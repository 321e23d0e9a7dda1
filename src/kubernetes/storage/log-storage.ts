import type {KubeObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {freezeDeep} from './freeze.ts'
import {History} from './history.ts'
import type {Journal, SizedObject} from './journal.ts'
import {inRange, keyRange} from './key-range.ts'
import {currentPage, pastPage, type Page, type PageRequest} from './page.ts'
import {SortedKeys} from './sorted-keys.ts'
import {
  CompactedError,
  MAX_OBJECT_BYTES,
  PreconditionError,
  type Storage,
  type Stored,
  type StorageEvent,
  type StorageWatch,
  TooLargeError,
} from './storage.ts'
import {StringPool} from './string-pool.ts'
import {WatchHub} from './watch-hub.ts'

/** How much of the past a storage keeps. */
export interface StorageOptions {
  /** Writes that stay watchable before compaction takes the older ones; by default 10,000. */
  readonly historyLimit?: number
  /** Rough memory the history may hold before compaction takes more of it; by default 32 MiB. */
  readonly historyBytes?: number
  /** Events that may wait for one watch before it is evicted; by default 10,000. */
  readonly watchBuffer?: number
}

/**
 * The objects of a cluster and the log of their writes, in memory, written through to a journal.
 *
 * - The journal is written first: what it refuses never happened.
 * - Compaction happens by itself, in the write that exceeds the limits by an eighth, so that its
 *   cost is spread over many writes.
 * - History that was there before a restart is read from the journal when somebody asks for it.
 */
export class LogStorage implements Storage {
  readonly #journal: Journal | undefined
  readonly #objects = new Map<string, SizedObject>()
  readonly #keys: SortedKeys
  readonly #history = new History()
  readonly #pool = new StringPool()
  readonly #hub: WatchHub
  readonly #historyLimit: number
  readonly #historyBytes: number
  #currentRevision = 0
  #oldestRevision = 0
  /** The history in memory holds every write after this revision. */
  #loadedAfter = 0
  #closed = false

  constructor(options: StorageOptions = {}, journal?: Journal) {
    this.#historyLimit = options.historyLimit ?? 10_000
    this.#historyBytes = options.historyBytes ?? 32 * 1024 * 1024
    this.#hub = new WatchHub(options.watchBuffer ?? 10_000)
    this.#journal = journal
    const objects = journal?.state.objects ?? []
    for (const stored of objects) this.#objects.set(stored.key, stored)
    this.#keys = SortedKeys.from(objects.map((stored) => stored.key))
    this.#currentRevision = journal?.state.currentRevision ?? 0
    this.#oldestRevision = journal?.state.oldestRevision ?? 0
    this.#loadedAfter = this.#currentRevision
  }

  get currentRevision(): number {
    return this.#currentRevision
  }

  get oldestRevision(): number {
    return this.#oldestRevision
  }

  get(key: string): Stored | undefined {
    return this.#objects.get(key)
  }

  list(
    prefix: string,
    options: {startAfter?: string; limit?: number; atRevision?: number} = {},
  ): Page & {storeRevision: number} {
    const revision = options.atRevision ?? this.#currentRevision
    const request: PageRequest = {
      range: keyRange(prefix, options.startAfter),
      limit: options.limit ?? Number.POSITIVE_INFINITY,
    }
    if (revision === this.#currentRevision) {
      return {...currentPage(request, this.#keys, this.#objects), storeRevision: revision}
    }
    if (revision > this.#currentRevision) {
      throw new RangeError(`revision ${revision} is after ${this.#currentRevision}, the newest`)
    }
    this.#load(revision)
    const undone = this.#history.since(revision)
    return {...pastPage(request, this.#keys, this.#objects, undone), storeRevision: revision}
  }

  create(key: string, object: KubeObject): Stored {
    this.#assertOpen()
    const current = this.#objects.get(key)
    if (current !== undefined) throw new PreconditionError('exists', current)
    return this.#put('ADDED', key, object, undefined)
  }

  update(key: string, object: KubeObject, expectedRevision: number): Stored {
    const current = this.#expect(key, expectedRevision)
    return this.#put('MODIFIED', key, object, current)
  }

  delete(key: string, expectedRevision: number): Stored {
    const before = this.#expect(key, expectedRevision)
    const storeRevision = this.#currentRevision + 1
    const object = deletedObject(before.object, storeRevision)
    this.#journal?.append({
      revision: storeRevision,
      key,
      previous: before.storeRevision,
      object: undefined,
    })
    this.#objects.delete(key)
    this.#keys.delete(key)
    this.#record({type: 'DELETED', key, object, previous: before.object, storeRevision}, before, 0)
    return {key, object, storeRevision}
  }

  watch(prefix: string, fromRevision: number): StorageWatch {
    this.#assertOpen()
    this.#load(fromRevision)
    const range = keyRange(prefix)
    const backlog: StorageEvent[] = []
    for (const {event} of this.#history.since(fromRevision)) {
      if (inRange(range, event.key)) backlog.push(event)
    }
    // A listener that opens a watch while events are on their way has them in its backlog already.
    return this.#hub.open(prefix, Math.max(fromRevision, this.#currentRevision), backlog)
  }

  compact(revision: number): void {
    this.#assertOpen()
    const through = Math.min(revision, this.#currentRevision)
    if (through <= this.#oldestRevision) return
    this.#journal?.compact(this.#oldestRevision, through)
    this.#history.dropThrough(through)
    this.#oldestRevision = through
    this.#loadedAfter = Math.max(this.#loadedAfter, through)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#hub.closeAll()
    this.#journal?.close()
  }

  #put(
    type: 'ADDED' | 'MODIFIED',
    key: string,
    object: KubeObject,
    before: SizedObject | undefined,
  ): Stored {
    const storeRevision = this.#currentRevision + 1
    // Parses what was read from disk, and fails before anything is written if that is broken.
    const previous = before?.object
    const versioned = withResourceVersion(object, storeRevision)
    const bytes = freezeDeep(versioned, this.#pool)
    const size = checkedSize(versioned, (before?.size ?? 0) + bytes)
    this.#journal?.append({
      revision: storeRevision,
      key,
      previous: before?.storeRevision,
      object: versioned,
    })
    const stored: SizedObject = {key, object: versioned, storeRevision, size}
    this.#objects.set(key, stored)
    if (before === undefined) this.#keys.add(key)
    const event = {type, key, object: versioned, storeRevision}
    this.#record(previous === undefined ? event : {...event, previous}, before, bytes)
    return stored
  }

  #record(event: StorageEvent, before: Stored | undefined, bytes: number): void {
    this.#currentRevision = event.storeRevision
    this.#history.push({event, before, bytes: bytes + ENTRY_BYTES})
    this.#hub.publish(event)
    this.#compactSurplus()
  }

  #compactSurplus(): void {
    let through = 0
    const kept = this.#currentRevision - this.#oldestRevision
    if (kept > this.#historyLimit + this.#historyLimit / 8) {
      through = this.#currentRevision - this.#historyLimit
    }
    if (this.#history.bytes > this.#historyBytes + this.#historyBytes / 8) {
      through = Math.max(through, this.#history.revisionToFit(this.#historyBytes))
    }
    if (through === 0) return
    try {
      this.compact(through)
    } catch (error) {
      // The write that brought us here is made. A full disk keeps the history until a later one.
      if (!(error instanceof KntoolError)) throw error
    }
  }

  /** Makes sure that the history in memory reaches back to `revision`. */
  #load(revision: number): void {
    if (revision < this.#oldestRevision) throw new CompactedError(this.#oldestRevision)
    if (this.#journal === undefined || revision >= this.#loadedAfter) return
    this.#history.prepend(this.#journal.read(this.#oldestRevision, this.#loadedAfter))
    this.#loadedAfter = this.#oldestRevision
  }

  #expect(key: string, expectedRevision: number): SizedObject {
    this.#assertOpen()
    const current = this.#objects.get(key)
    if (current === undefined) throw new PreconditionError('missing', undefined)
    if (current.storeRevision !== expectedRevision) throw new PreconditionError('changed', current)
    return current
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('the storage is closed')
  }
}

/** What an entry of the history costs besides its object. */
const ENTRY_BYTES = 200

/** Of a control character, written as `\\u0001`. */
const MOST_BYTES_PER_CHARACTER = 6

/**
 * Refuses what etcd would refuse, and answers the size to keep with `object`.
 *
 * `bound` is the size of the object before plus what is new. Nothing is subtracted for what went
 * away, so that it only says when to measure.
 */
function checkedSize(object: KubeObject, bound: number): number {
  if (bound < MAX_OBJECT_BYTES / MOST_BYTES_PER_CHARACTER) return bound
  const size = Buffer.byteLength(JSON.stringify(object))
  if (size > MAX_OBJECT_BYTES) throw new TooLargeError()
  return size
}

/** `object` with its revision, in place where possible: a shared, frozen object is copied. */
function withResourceVersion(object: KubeObject, storeRevision: number): KubeObject {
  const resourceVersion = String(storeRevision)
  if (!Object.isFrozen(object.metadata)) {
    object.metadata.resourceVersion = resourceVersion
    return object
  }
  const metadata = {...object.metadata, resourceVersion}
  if (Object.isFrozen(object)) return {...object, metadata}
  object.metadata = metadata
  return object
}

/** The last state of a removed object, as a watch shows it; built from frozen parts, and frozen. */
export function deletedObject(last: KubeObject, storeRevision: number): KubeObject {
  const metadata = Object.freeze({...last.metadata, resourceVersion: String(storeRevision)})
  return Object.freeze({...last, metadata})
}
