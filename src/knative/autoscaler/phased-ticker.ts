import type {Clock, Timer} from '../../util/clock.ts'

/**
 * Calls `run` every `intervalMs`, counted from its creation, unless it is parked.
 *
 * - A parked ticker has no timer and costs nothing; woken, it goes on at the next moment it would
 *   have ticked anyway. So parking what cannot change its mind changes no result.
 * - A timer that fires early or late moves no later tick; ticks that were missed are not made up.
 */
export class PhasedTicker {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #run: () => 'again' | 'park'
  #dueMs: number
  #timer: Timer | undefined
  #stopped = false

  constructor(clock: Clock, intervalMs: number, run: () => 'again' | 'park') {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#run = run
    this.#dueMs = clock.now() + intervalMs
    this.wake()
  }

  /** Whether no tick is to come. */
  get parked(): boolean {
    return this.#timer === undefined
  }

  /** Ends the parking. */
  wake(): void {
    if (this.#stopped || this.#timer !== undefined) return
    const nowMs = this.#clock.now()
    if (this.#dueMs <= nowMs) {
      const missed = Math.floor((nowMs - this.#dueMs) / this.#intervalMs) + 1
      this.#dueMs += missed * this.#intervalMs
    }
    this.#timer = this.#clock.after(this.#dueMs - nowMs, () => {
      this.#timer = undefined
      this.#dueMs += this.#intervalMs
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
