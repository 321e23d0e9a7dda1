/**
 * What has not come true after five minutes never will, on the busiest machine: the only limit that
 * tests have, for what hangs. No test is about how long something takes.
 */
export const NEVER_MS = 300_000

/**
 * Resolves once `condition` holds, and looks again after every turn of the event loop. For what
 * happens outside of this process or behind its sockets, where there is nothing to await; a value to
 * compare is rather read by `expect.poll`, which says what it was. Throws after {@link NEVER_MS}.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = 'it',
): Promise<void> {
  const deadlineMs = performance.now() + NEVER_MS
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`${what} did not come true`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
