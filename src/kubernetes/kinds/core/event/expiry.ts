import type {KubeObject} from '../../../../api/meta/object.ts'
import type {Clock} from '../../../../util/clock.ts'
import type {Storage} from '../../../storage/storage.ts'

/** How long an Event is kept after its last write, as kube-apiserver's `--event-ttl`. */
const EVENT_TTL_MS = 60 * 60_000
/**
 * How many are kept at most. All are in memory, and whoever makes and deletes hundreds of Services an
 * hour leaves more Events behind than everything else together.
 */
const MOST_EVENTS = 5000

/** Where Events are stored. */
export const EVENTS_PREFIX = '/core/events/'

/**
 * Forgets Events that nobody wrote for an hour, and the oldest of too many, so that a cluster stays
 * small.
 *
 * Works when Events are written: no timer waits, and nothing scans the others.
 */
export class EventExpiry {
  readonly #storage: Storage
  readonly #clock: Clock
  /** When each key was written last, the oldest first. */
  readonly #written = new Map<string, number>()

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
  }

  /** Takes up the Events that are stored already. */
  restore(): void {
    const stored = this.#storage.list(EVENTS_PREFIX).items.map(({key, object}) => ({
      key,
      timeMs: Date.parse(object.metadata.creationTimestamp ?? '') || this.#clock.now(),
    }))
    for (const {key, timeMs} of stored.toSorted((a, b) => a.timeMs - b.timeMs)) {
      this.#written.set(key, timeMs)
    }
  }

  /** Notes that an Event was written, and deletes those whose time is over. */
  touch({metadata}: KubeObject): void {
    const key = `${EVENTS_PREFIX}${metadata.namespace}/${metadata.name}`
    const now = this.#clock.now()
    this.#written.delete(key)
    this.#written.set(key, now)
    for (const [oldest, timeMs] of this.#written) {
      if (timeMs + EVENT_TTL_MS > now && this.#written.size <= MOST_EVENTS) return
      this.#written.delete(oldest)
      const stored = this.#storage.get(oldest)
      if (stored !== undefined) this.#storage.delete(oldest, stored.storeRevision)
    }
  }

  /** Notes that an Event is gone. */
  forget({metadata}: KubeObject): void {
    this.#written.delete(`${EVENTS_PREFIX}${metadata.namespace}/${metadata.name}`)
  }
}
