/** A pending call of a clock. */
export interface Timer {
  /** Drops the call if it has not happened yet. */
  cancel(): void
}

/**
 * The only source of time for everything that decides or waits.
 *
 * Production code takes a {@link SystemClock}; tests and the library take a fake one and advance it.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Calls `run` once after `delayMs`. Keeps the process alive until then: cancel what is not needed. */
  after(delayMs: number, run: () => void): Timer
}

/** Delays of at least this length end together with others, up to {@link SLACK_MS} late. */
const PATIENT_MS = 500
const SLACK_MS = 50

/**
 * The time of the machine.
 *
 * Calls that are half a second or more away happen on common twentieths of a second: a thousand
 * idle revisions, each with ticks and probes of its own, wake the process 20 times a second instead
 * of a thousand times, and waking costs more than what is done then.
 */
export class SystemClock implements Clock {
  now(): number {
    return Date.now()
  }

  after(delayMs: number, run: () => void): Timer {
    const early = delayMs < PATIENT_MS ? 0 : (this.now() + delayMs) % SLACK_MS
    const lateMs = early === 0 ? 0 : SLACK_MS - early
    // setTimeout overflows to 1 ms beyond 2^31-1 ms (about 24.8 days).
    const handle = setTimeout(run, Math.min(delayMs + lateMs, 2_147_483_647))
    return {cancel: () => clearTimeout(handle)}
  }
}

/**
 * Resolves after `delayMs` of `clock`'s time, or as soon as `signal` aborts.
 *
 * Never rejects: a caller that must tell the two apart looks at `signal.aborted`.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const onAbort = (): void => {
      timer.cancel()
      resolve()
    }
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, {once: true})
  })
}
