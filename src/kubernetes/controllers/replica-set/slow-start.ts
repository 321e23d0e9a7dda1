/**
 * Runs `create` `count` times in batches of 1, 2, 4 …; stops after the batch in which one failed.
 *
 * A quota or a missing service account then costs one refused request instead of `count`. Answers
 * how many succeeded and the first error.
 *
 * Counterpart of kubernetes `slowStartBatch`.
 */
export async function slowStart(
  count: number,
  create: () => Promise<void>,
): Promise<{succeeded: number; error?: Error}> {
  let succeeded = 0
  for (let batch = 1; succeeded < count; batch *= 2) {
    const size = Math.min(batch, count - succeeded)
    const outcomes = await Promise.allSettled(Array.from({length: size}, create))
    succeeded += outcomes.filter(({status}) => status === 'fulfilled').length
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) return {succeeded, error: asError(failed.reason)}
  }
  return {succeeded}
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
