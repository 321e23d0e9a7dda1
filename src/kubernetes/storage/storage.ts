import type {KubeObject} from '../../api/meta/object.ts'

/** A stored object and the revision of its last write. */
export interface Stored {
  /**
   * `/<group or core>/<plural>/<namespace>/<name>`, without the namespace for cluster-scoped kinds.
   * Ends of prefixes are always slashes, so that a prefix never cuts a name.
   */
  readonly key: string
  /** Deeply frozen. `metadata.resourceVersion` is the decimal of `storeRevision`. */
  readonly object: KubeObject
  readonly storeRevision: number
}

/** One write, as a watch sees it. */
export interface StorageEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly key: string
  /** The object after the write; for DELETED the last state with the delete's resourceVersion. */
  readonly object: KubeObject
  /** The object before the write; absent for ADDED. Selectors need it: an object may leave a watch. */
  readonly previous?: KubeObject
  readonly storeRevision: number
}

/** Thrown by {@link Storage.watch} and paged lists when the wanted revision is compacted. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError'
  readonly oldestRevision: number

  constructor(oldestRevision: number) {
    super(`revisions before ${oldestRevision} are compacted`)
    this.oldestRevision = oldestRevision
  }
}

/** Why a conditional write did not happen. */
export class PreconditionError extends Error {
  override readonly name = 'PreconditionError'
  readonly reason: 'exists' | 'missing' | 'changed'
  readonly current: Stored | undefined

  constructor(reason: 'exists' | 'missing' | 'changed', current: Stored | undefined) {
    super(
      `the object ${reason === 'exists' ? 'exists already' : reason === 'missing' ? 'does not exist' : 'was changed'}`,
    )
    this.reason = reason
    this.current = current
  }
}

/** The most bytes of JSON an object may take: the request limit of etcd. */
export const MAX_OBJECT_BYTES = 1.5 * 1024 * 1024

/** Thrown by writes of an object of more than {@link MAX_OBJECT_BYTES}. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'

  constructor() {
    // The words of etcd, which clients and search engines know.
    super('etcdserver: request is too large')
  }
}

/** A watch of storage: iterate it (once), and end it with `close`. */
export interface StorageWatch extends AsyncIterable<StorageEvent> {
  /**
   * Whether the iteration ended because the consumer fell too far behind. It missed events from
   * then on and has to list again; a watch that was closed on purpose stays false.
   */
  readonly evicted: boolean
  /** Ends the iteration after what was taken out so far. */
  close(): void
  /**
   * Takes the events by a call instead of by iterating: those that wait at once, later ones within
   * the write that makes them, so that a reader is never behind the writer. `ended` is called once.
   * `listener` must not throw.
   */
  subscribe(listener: (event: StorageEvent) => void, ended: () => void): void
}

/**
 * The objects of a cluster as a log of writes.
 *
 * - Every write gets the next `storeRevision`; revisions of all keys form one order.
 * - A write is durable when its call returns (for the durable implementations).
 * - A watch started at the revision of a list misses no write and repeats none.
 * - Reads and writes are synchronous: one process owns the data, so that nothing can come between
 *   reading an object and replacing it.
 * - Objects handed out are frozen and shared; objects handed in are frozen by the call.
 *
 * Counterpart of k8s.io/apiserver `storage.Interface`.
 */
export interface Storage {
  /** Revision of the newest write; 0 when nothing was ever written. */
  readonly currentRevision: number
  /** Revisions below this one cannot be watched or listed any more. */
  readonly oldestRevision: number
  get(key: string): Stored | undefined
  /**
   * Objects whose key begins with `prefix`, ordered by key, from after `startAfter` on, at most `limit`.
   *
   * `atRevision` answers the state of that revision; throws a {@link CompactedError} when it is
   * gone and a RangeError when it is still to come. A prefix without a closing slash names one key.
   */
  list(
    prefix: string,
    options?: {startAfter?: string; limit?: number; atRevision?: number},
  ): {items: Stored[]; storeRevision: number; hasMore: boolean; remaining: number}
  /**
   * Throws a {@link PreconditionError} `exists` or a {@link TooLargeError}. Sets
   * `metadata.resourceVersion`.
   */
  create(key: string, object: KubeObject): Stored
  /**
   * Replaces the object if its revision is still `expectedRevision`; else throws a
   * {@link PreconditionError}, or a {@link TooLargeError}.
   */
  update(key: string, object: KubeObject, expectedRevision: number): Stored
  /**
   * Removes the object if its revision is still `expectedRevision`; answers its last state with the
   * resourceVersion of the delete.
   */
  delete(key: string, expectedRevision: number): Stored
  /**
   * Events after `fromRevision`; throws a {@link CompactedError} when they are gone. A prefix
   * without a closing slash names one key.
   */
  watch(prefix: string, fromRevision: number): StorageWatch
  /** Forgets the history before `revision`, never the current objects. */
  compact(revision: number): void
  /** Releases files and ends all watches. */
  close(): void
}
