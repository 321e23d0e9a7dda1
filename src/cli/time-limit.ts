import {KntoolError} from '../errors/kntool-error.ts'
import type {Clock} from '../util/clock.ts'

/** A signal that also aborts when the time is up, and what an abort then means. */
export interface TimeLimit {
  readonly signal: AbortSignal
  /** `KN_TIMEOUT` when the time was up, else the error as it was. */
  explain(error: unknown): unknown
}

/** Limits an operation to `limitMs`, if there is a limit. */
export function timeLimit(
  clock: Clock,
  limitMs: number | undefined,
  signal: AbortSignal,
): TimeLimit {
  if (limitMs === undefined) return {signal, explain: (error) => error}
  const limit = new AbortController()
  clock.after(limitMs, () => limit.abort())
  return {
    signal: AbortSignal.any([signal, limit.signal]),
    explain: (error) =>
      limit.signal.aborted
        ? new KntoolError('KN_TIMEOUT', `No complete answer within ${limitMs} ms.`, {cause: error})
        : error,
  }
}
