import type {Clock, Timer} from '../../util/clock.ts'

/**
 * Tells when a server that is going away may stop: when nothing has arrived for a while.
 *
 * While it drains, health checks fail, so that nobody sends anything new; whatever still arrives
 * is served and begins the quiet period anew.
 *
 * Counterpart of knative.dev/pkg `network/handlers` Drainer.
 */
export class Drainer {
  readonly #clock: Clock
  readonly #quietPeriodMs: number
  #timer: Timer | undefined
  #done: PromiseWithResolvers<void> | undefined

  constructor(clock: Clock, quietPeriodMs: number) {
    this.#clock = clock
    this.#quietPeriodMs = quietPeriodMs
  }

  get draining(): boolean {
    return this.#done !== undefined
  }

  /** Begins to drain. Resolves after the quiet period, or on {@link reset}; for all callers alike. */
  drain(): Promise<void> {
    if (this.#done === undefined) {
      this.#done = Promise.withResolvers()
      this.#restart()
    }
    return this.#done.promise
  }

  /** A request arrived. */
  touch(): void {
    if (this.#timer !== undefined) this.#restart()
  }

  /** Takes the drain back: it was not meant to end the server. */
  reset(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#done?.resolve()
    this.#done = undefined
  }

  #restart(): void {
    this.#timer?.cancel()
    this.#timer = this.#clock.after(this.#quietPeriodMs, () => {
      this.#timer = undefined
      this.#done?.resolve()
    })
  }
}
