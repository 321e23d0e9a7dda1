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

/** The time of the machine. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now()
  }

  after(delayMs: number, run: () => void): Timer {
    // setTimeout overflows to 1 ms beyond 2^31-1 ms (about 24.8 days).
    const handle = setTimeout(run, Math.min(delayMs, 2_147_483_647))
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
