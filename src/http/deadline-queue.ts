import type {Clock, Timer} from '../util/clock.ts'
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
  #timer: Timer | undefined
  #isClosed = false

  constructor(clock: Clock, delayMs: number, onOverdue: (item: T) => void) {
    this.#clock = clock
    this.#delayMs = delayMs
    this.#onOverdue = onOverdue
  }

  /** Begins the time of an item. The result is what {@link remove} takes. */
  add(item: T): Place<Deadline<T>> {
    const place = this.#deadlines.add({item, dueMs: this.#clock.now() + this.#delayMs})
    if (this.#timer === undefined) this.#tickAfter(this.#delayMs)
    return place
  }

  /** Forgets an item. The timer stays: it finds out that there is nothing to do. */
  remove(place: Place<Deadline<T>>): void {
    this.#deadlines.remove(place)
    this.#letGo()
  }

  /** No item will come any more: lets go of the clock as soon as none is left. */
  close(): void {
    this.#isClosed = true
    this.#letGo()
  }

  #letGo(): void {
    if (!this.#isClosed || this.#deadlines.first !== undefined) return
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #tickAfter(delayMs: number): void {
    this.#timer = this.#clock.after(delayMs, () => this.#tick())
  }

  #tick(): void {
    this.#timer = undefined
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
