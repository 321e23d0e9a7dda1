import {KntoolError} from '../errors/kntool-error.ts'
import {sleep} from '../util/clock.ts'
import type {InstallContext} from './step.ts'

const FIRST_DELAY_MS = 50
const MAX_DELAY_MS = 1000
const GROWTH = 1.5

/** What a poll found: finished, or what is still missing. */
export type Poll = {readonly done: true} | {readonly done: false; readonly waitingFor: string}

/**
 * Polls until `poll` says done, at first often, then once a second.
 *
 * Throws `KN_TIMEOUT` with what is still missing after the step's time, `KN_INTERRUPTED` on abort.
 */
export async function waitUntil(
  context: InstallContext,
  poll: () => Promise<Poll>,
  hint: string | readonly string[],
): Promise<void> {
  const {clock, signal, settings, progress} = context
  const deadlineMs = clock.now() + settings.stepTimeoutMs
  let delayMs = FIRST_DELAY_MS
  let shown = ''
  for (;;) {
    const result = await poll()
    if (result.done) return
    if (result.waitingFor !== shown) {
      shown = result.waitingFor
      progress(`waiting for ${shown}`)
    }
    if (signal.aborted) {
      throw new KntoolError('KN_INTERRUPTED', `Interrupted while waiting for ${shown}.`, {
        hint: 'Run the same command again: it goes on where it stopped.',
      })
    }
    if (clock.now() >= deadlineMs) {
      throw new KntoolError(
        'KN_TIMEOUT',
        `Gave up after ${settings.stepTimeoutMs / 1000} s waiting for ${shown}.`,
        {hint},
      )
    }
    await sleep(clock, Math.min(delayMs, deadlineMs - clock.now()), signal)
    delayMs = Math.min(delayMs * GROWTH, MAX_DELAY_MS)
  }
}
