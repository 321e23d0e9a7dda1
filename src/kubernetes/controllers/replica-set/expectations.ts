import type {Clock} from '../../../util/clock.ts'

interface Expected {
  readonly uids: Set<string>
  readonly sinceMs: number
}

/** An informer that never tells us must not stop a ReplicaSet for ever. */
const TIMEOUT_MS = 5 * 60_000

/**
 * Remembers what was created or deleted but is not yet visible in the cache, so that a round which
 * sees an old cache does not do it again.
 *
 * Counterpart of kubernetes `controller.UIDTrackingControllerExpectations`.
 */
export class Expectations {
  readonly #clock: Clock
  readonly #expected = new Map<string, Expected>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `key` waits until `uid` was seen. */
  expect(key: string, uid: string): void {
    const entry = this.#expected.get(key)
    if (entry === undefined) {
      this.#expected.set(key, {uids: new Set([uid]), sinceMs: this.#clock.now()})
    } else {
      entry.uids.add(uid)
    }
  }

  /** The cache holds what was done to `uid`. */
  seen(key: string, uid: string): void {
    const entry = this.#expected.get(key)
    if (entry?.uids.delete(uid) && entry.uids.size === 0) this.#expected.delete(key)
  }

  /** Whether the cache holds everything that was done for `key`. */
  fulfilled(key: string): boolean {
    const entry = this.#expected.get(key)
    if (entry === undefined) return true
    if (this.#clock.now() - entry.sinceMs < TIMEOUT_MS) return false
    this.#expected.delete(key)
    return true
  }

  /** Drops what is remembered about `key`. */
  forget(key: string): void {
    this.#expected.delete(key)
  }
}
