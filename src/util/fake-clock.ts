import type {Clock, Timer} from './clock.ts'

interface Pending {
  readonly dueMs: number
  readonly order: number
  readonly run: () => void
}

/**
 * A clock that stands still until a test advances it.
 *
 * - Timers run in the order they are due, then in the order they were set.
 * - Between two timers, work that the first one started gets to run (promises and I/O callbacks),
 *   so a loop of `await sleep(…)` makes all its rounds within one `advance`.
 */
export class FakeClock implements Clock {
  #nowMs: number
  #order = 0
  readonly #pending = new Set<Pending>()

  /** Starts at `startMs`, by default 2024-04-22T00:00:00Z. */
  constructor(startMs = Date.UTC(2024, 3, 22)) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  after(delayMs: number, run: () => void): Timer {
    const timer: Pending = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      run,
    }
    this.#pending.add(timer)
    return {cancel: () => void this.#pending.delete(timer)}
  }

  /** Milliseconds until the next timer is due, or undefined when none waits. */
  untilNextMs(): number | undefined {
    const next = this.#next()
    return next && Math.max(0, next.dueMs - this.#nowMs)
  }

  /** Moves time on by `durationMs`, running everything that becomes due on the way. */
  async advance(durationMs: number): Promise<void> {
    const targetMs = this.#nowMs + durationMs
    await settle()
    for (;;) {
      const next = this.#next()
      if (next === undefined || next.dueMs > targetMs) break
      this.#pending.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.run()
      await settle()
    }
    this.#nowMs = targetMs
    await settle()
  }

  #next(): Pending | undefined {
    let first: Pending | undefined
    for (const timer of this.#pending) {
      if (
        first === undefined ||
        timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order)
      ) {
        first = timer
      }
    }
    return first
  }
}

/** Lets promise chains and I/O callbacks that are ready run: a few turns of the event loop. */
export async function settle(turns = 4): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
