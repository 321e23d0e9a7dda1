import {KntoolError} from '../errors/kntool-error.ts'
import {type Clock, sleep} from '../util/clock.ts'
import type {Poll} from './step.ts'

const DEFAULT_POLL_MS = 1000
/** The pause before the next poll, as a share of the longest one, and of the time waited so far. */
const SHARE = 0.1

/** How to wait. */
export interface WaitOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** The longest pause between two polls; a second by default. */
  readonly pollMs?: number
  /** What to type when it does not come. */
  readonly hint?: string | readonly string[]
  /** Called when what is missing changes. */
  readonly onWaiting?: (poll: Extract<Poll, {done: false}>) => void
}

/**
 * Polls until `poll` says done: at first often, then every `pollMs`, so that what comes is seen at most
 * a tenth of the time later that it took.
 *
 * Throws `KN_TIMEOUT` with what is still missing, `KN_INTERRUPTED` on abort.
 */
export async function waitUntil(poll: () => Promise<Poll>, options: WaitOptions): Promise<void> {
  const {clock, signal, timeoutMs, hint, pollMs = DEFAULT_POLL_MS} = options
  const startedMs = clock.now()
  const deadlineMs = startedMs + timeoutMs
  let shown = ''
  for (;;) {
    const result = await poll()
    if (result.done) return
    const {waitingFor, warning} = result
    const text = warning === undefined ? waitingFor : `${waitingFor}: ${warning}`
    if (text !== shown) options.onWaiting?.(result)
    shown = text
    if (signal.aborted) {
      throw new KntoolError('KN_INTERRUPTED', `Interrupted while waiting for ${waitingFor}.`, {
        hint: 'Run the same command again: it goes on where it stopped.',
      })
    }
    if (clock.now() >= deadlineMs) {
      throw new KntoolError(
        'KN_TIMEOUT',
        `Gave up after ${timeoutMs / 1000} s waiting for ${text}${text.endsWith('.') ? '' : '.'}`,
        {...(hint !== undefined && {hint}), details: {waitingFor, ...(warning && {warning})}},
      )
    }
    const shareMs = Math.max(pollMs, clock.now() - startedMs) * SHARE
    await sleep(clock, Math.min(shareMs, pollMs, deadlineMs - clock.now()), signal)
  }
}
