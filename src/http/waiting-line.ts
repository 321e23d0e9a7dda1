import type {Abortable} from './exchange.ts'

/**
 * Those who wait for something, in the order they came.
 *
 * One that is aborted leaves the line at once, from wherever it stands.
 */
export class WaitingLine<T> {
  // A Set keeps the order and lets anybody leave from the middle.
  readonly #admissions = new Set<(admission: T) => void>()

  /** How many wait. */
  get size(): number {
    return this.#admissions.size
  }

  /** Waits to be admitted. Rejects with the reason when `waiting` is aborted before that. */
  join(waiting: Abortable): Promise<T> {
    return new Promise((resolve, reject) => {
      const admit = (admission: T): void => {
        this.#admissions.delete(admit)
        leave()
        resolve(admission)
      }
      this.#admissions.add(admit)
      const leave = waiting.onAbort((reason) => {
        this.#admissions.delete(admit)
        reject(reason)
      })
    })
  }

  /** Lets the one in front go on, with what it waited for. Nothing happens when nobody waits. */
  admitFirst(admission: T): void {
    for (const admit of this.#admissions) {
      admit(admission)
      return
    }
  }
}
