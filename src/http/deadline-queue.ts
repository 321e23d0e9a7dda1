import type {Clock} from '../util/clock.ts'

/**
 * Calls back for items that stay longer than they may.
 *
 * All items have the same time, so they are due in the order they came, and one timer serves all of
 * them. A request adds and removes one; a timer of its own would cost it ten times as much.
 */
export class DeadlineQueue<T> {
  readonly #clock: Clock
  readonly #delayMs: number
  readonly #onOverdue: (item: T) => void
  /** Items and when they are due. A Map keeps the order they came in. */
  readonly #dueMs = new Map<T, number>()
  #isTicking = false

  constructor(clock: Clock, delayMs: number, onOverdue: (item: T) => void) {
    this.#clock = clock
    this.#delayMs = delayMs
    this.#onOverdue = onOverdue
  }

  /** Begins the time of an item. */
  add(item: T): void {
    this.#dueMs.set(item, this.#clock.now() + this.#delayMs)
    if (!this.#isTicking) this.#tickAfter(this.#delayMs)
  }

  /** Forgets an item. The timer stays: it finds out that there is nothing to do. */
  remove(item: T): void {
    this.#dueMs.delete(item)
  }

  #tickAfter(delayMs: number): void {
    this.#isTicking = true
    this.#clock.after(delayMs, () => this.#tick())
  }

  #tick(): void {
    this.#isTicking = false
    const nowMs = this.#clock.now()
    for (const [item, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) {
        this.#tickAfter(dueMs - nowMs)
        return
      }
      this.#dueMs.delete(item)
      this.#onOverdue(item)
    }
  }
}
