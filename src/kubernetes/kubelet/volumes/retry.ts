import {type Clock, sleep} from '../../../util/clock.ts'

const FIRST_MS = 500
const MAX_MS = 122_000

/**
 * Tries something again and again: after half a second, then after twice as long each time, at most
 * after two minutes, or as soon as there is reason to hope.
 *
 * Counterpart of kubernetes `pkg/util/goroutinemap/exponentialbackoff`.
 */
export class Retry {
  readonly #clock: Clock
  readonly #over = new AbortController()
  #isHurried = false
  #pause: AbortController | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether it waits for the next attempt. */
  get isWaiting(): boolean {
    return this.#pause !== undefined
  }

  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  /** Resolves when `attempt` has answered true, or after {@link end}. */
  async until(attempt: () => Promise<boolean>): Promise<void> {
    for (let delayMs = FIRST_MS; !this.isOver; delayMs = Math.min(delayMs * 2, MAX_MS)) {
      this.#isHurried = false
      if ((await attempt()) || this.isOver) return
      // What was missing may have come after it was looked for.
      if (this.#isHurried) continue
      this.#pause = new AbortController()
      await sleep(this.#clock, delayMs, AbortSignal.any([this.#pause.signal, this.#over.signal]))
      this.#pause = undefined
    }
  }

  /** The next attempt comes at once. */
  hurry(): void {
    this.#isHurried = true
    this.#pause?.abort()
  }

  /** No further attempt. */
  end(): void {
    this.#over.abort()
  }
}
