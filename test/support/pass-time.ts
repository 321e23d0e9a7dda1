import {type FakeClock, settle} from '../../src/util/fake-clock.ts'

/**
 * Lets everybody act, and time pass whenever nobody can, until `promise` settles.
 *
 * @param hold what has to end before time may go on, such as an answer from outside of this process.
 */
export async function passTime<T>(
  clock: FakeClock,
  promise: Promise<T>,
  hold: () => Promise<unknown> | undefined = () => undefined,
): Promise<T> {
  let settled = false
  const done = promise.finally(() => (settled = true))
  done.catch(() => undefined)
  for (;;) {
    await settle()
    if (settled) return promise
    await (hold() ?? clock.advance(Math.min(clock.untilNextMs() ?? 1, 1000)))
  }
}
