import type {Clock, Timer} from '../util/clock.ts'

/** How long a failing key waits before its next try. */
export interface BackoffOptions {
  readonly baseMs: number
  readonly maxMs: number
}

/**
 * Queue of keys to reconcile.
 *
 * - A key is handled by one worker at a time.
 * - Added again while being handled, it is handled once more afterwards.
 * - Added many times while waiting, it is handled once.
 * - Keys are handed out in the order they were first added.
 *
 * Counterpart of client-go `util/workqueue`.
 */
export class Workqueue {
  readonly #clock: Clock
  readonly #backoff: BackoffOptions
  readonly #waiting = new Set<string>()
  readonly #processing = new Set<string>()
  readonly #again = new Set<string>()
  readonly #failures = new Map<string, number>()
  readonly #delayed = new Map<string, {dueMs: number; timer: Timer}>()
  readonly #takers: ((key: string | undefined) => void)[] = []
  #closed = false
  #handOutScheduled = false

  constructor(clock: Clock, backoff: BackoffOptions = {baseMs: 5, maxMs: 1_000_000}) {
    this.#clock = clock
    this.#backoff = backoff
  }

  /** Whether nothing waits and nothing is being handled. Delayed keys do not count. */
  get idle(): boolean {
    return this.#waiting.size === 0 && this.#processing.size === 0
  }

  /** Keys that wait now. */
  get length(): number {
    return this.#waiting.size
  }

  /** Hands `key` to a worker as soon as one is free. */
  add(key: string): void {
    if (this.#closed) return
    if (this.#processing.has(key)) {
      this.#again.add(key)
      return
    }
    this.#waiting.add(key)
    if (this.#takers.length > 0) this.#scheduleHandOut()
  }

  /** Adds `key` after `delayMs`; an earlier date for the same key wins. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const dueMs = this.#clock.now() + delayMs
    const existing = this.#delayed.get(key)
    if (existing !== undefined) {
      if (existing.dueMs <= dueMs) return
      existing.timer.cancel()
    }
    const timer = this.#clock.after(delayMs, () => {
      this.#delayed.delete(key)
      this.add(key)
    })
    this.#delayed.set(key, {dueMs, timer})
  }

  /** Adds `key` after a delay that doubles with each call, until {@link forget}. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.addAfter(key, Math.min(this.#backoff.baseMs * 2 ** failures, this.#backoff.maxMs))
  }

  /** Ends the back-off of `key`: it was handled well. */
  forget(key: string): void {
    this.#failures.delete(key)
  }

  /** How often `key` failed in a row. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  /** The next key, or undefined once the queue is closed. Call {@link done} when it is handled. */
  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    const [key] = this.#waiting
    if (key !== undefined) {
      this.#waiting.delete(key)
      this.#processing.add(key)
      return Promise.resolve(key)
    }
    return new Promise((resolve) => this.#takers.push(resolve))
  }

  /** Says that a key from {@link take} is handled. */
  done(key: string): void {
    this.#processing.delete(key)
    if (this.#again.delete(key)) this.add(key)
  }

  /**
   * Hands out keys in a later turn of the event loop: whatever else happens to an object in this
   * turn is then seen by one reconcile instead of one each.
   */
  #scheduleHandOut(): void {
    if (this.#handOutScheduled) return
    this.#handOutScheduled = true
    setImmediate(() => {
      this.#handOutScheduled = false
      for (const key of this.#waiting) {
        const taker = this.#takers.shift()
        if (taker === undefined) return
        this.#waiting.delete(key)
        this.#processing.add(key)
        taker(key)
      }
    })
  }

  /** Drops what waits; workers get undefined. Running work is not touched. */
  close(): void {
    this.#closed = true
    this.#waiting.clear()
    this.#again.clear()
    for (const {timer} of this.#delayed.values()) timer.cancel()
    this.#delayed.clear()
    for (const taker of this.#takers.splice(0)) taker(undefined)
  }
}
