import type {Abortable} from './exchange.ts'
import {LinkedQueue} from './linked-queue.ts'

/**
 * Those who wait for something, in the order they came.
 *
 * One that is aborted leaves the line at once, from wherever it stands.
 */
export class WaitingLine<T> {
  readonly #admissions = new LinkedQueue<(admission: T) => void>()

  /** How many wait. */
  get size(): number {
    return this.#admissions.size
  }

  /** Waits to be admitted. Rejects with the reason when `waiting` is aborted before that. */
  join(waiting: Abortable): Promise<T> {
    return new Promise((resolve, reject) => {
      const place = this.#admissions.add((admission) => {
        this.#admissions.remove(place)
        leave()
        resolve(admission)
      })
      const leave = waiting.onAbort((reason) => {
        this.#admissions.remove(place)
        reject(reason)
      })
    })
  }

  /** Lets the one in front go on, with what it waited for. Nothing happens when nobody waits. */
  admitFirst(admission: T): void {
    this.#admissions.first?.item(admission)
  }
}
