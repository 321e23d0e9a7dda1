import type {Clock} from '../util/clock.ts'
import {LinkedQueue, type Place} from './linked-queue.ts'

/** An item and when it is due. */
export interface Deadline<T> {
  readonly item: T
  readonly dueMs: number
}

/**
 * Calls back for items that stay longer than they may.
 *
 * All items have the same time, so they are due in the order they came, and one timer serves all of
 * them.
 */
export class DeadlineQueue<T> {
  readonly #clock: Clock
  readonly #delayMs: number
  readonly #onOverdue: (item: T) => void
  readonly #deadlines = new LinkedQueue<Deadline<T>>()
  #isTicking = false

  constructor(clock: Clock, delayMs: number, onOverdue: (item: T) => void) {
    this.#clock = clock
    this.#delayMs = delayMs
    this.#onOverdue = onOverdue
  }

  /** Begins the time of an item. The result is what {@link remove} takes. */
  add(item: T): Place<Deadline<T>> {
    const place = this.#deadlines.add({item, dueMs: this.#clock.now() + this.#delayMs})
    if (!this.#isTicking) this.#tickAfter(this.#delayMs)
    return place
  }

  /** Forgets an item. The timer stays: it finds out that there is nothing to do. */
  remove(place: Place<Deadline<T>>): void {
    this.#deadlines.remove(place)
  }

  #tickAfter(delayMs: number): void {
    this.#isTicking = true
    this.#clock.after(delayMs, () => this.#tick())
  }

  #tick(): void {
    this.#isTicking = false
    const nowMs = this.#clock.now()
    for (let first = this.#deadlines.first; first !== undefined; first = this.#deadlines.first) {
      const {item, dueMs} = first.item
      if (dueMs > nowMs) {
        this.#tickAfter(dueMs - nowMs)
        return
      }
      this.#deadlines.remove(first)
      this.#onOverdue(item)
    }
  }
}
