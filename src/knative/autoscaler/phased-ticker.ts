import type {Clock, Timer} from '../../util/clock.ts'

/**
 * Calls `run` every `intervalMs`, counted from its creation, unless it is parked.
 *
 * A parked ticker has no timer and costs nothing; woken, it goes on at the next moment it would
 * have ticked anyway. So parking what cannot change its mind changes no result.
 */
export class PhasedTicker {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #originMs: number
  readonly #run: () => 'again' | 'park'
  #timer: Timer | undefined
  #stopped = false

  constructor(clock: Clock, intervalMs: number, run: () => 'again' | 'park') {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#originMs = clock.now()
    this.#run = run
    this.wake()
  }

  /** Whether no tick is to come. */
  get parked(): boolean {
    return this.#timer === undefined
  }

  /** Ends the parking. */
  wake(): void {
    if (this.#stopped || this.#timer !== undefined) return
    const elapsedMs = this.#clock.now() - this.#originMs
    const untilNextMs = this.#intervalMs - (elapsedMs % this.#intervalMs)
    this.#timer = this.#clock.after(untilNextMs, () => {
      this.#timer = undefined
      if (this.#run() === 'again') this.wake()
    })
  }

  /** Ends the ticking for good. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
