import {isConflict} from '../api/meta/status-error.ts'
import {type Clock, sleep} from '../util/clock.ts'

const ATTEMPTS = 5
const FIRST_DELAY_MS = 20
const FACTOR = 1.5

/**
 * Runs a read-change-write until nobody else writes in between, five times at most.
 *
 * Throws the last Conflict, or whatever else `run` throws at once.
 */
export async function retryOnConflict<T>(clock: Clock, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error
      await sleep(clock, FIRST_DELAY_MS * FACTOR ** (attempt - 1))
    }
  }
}
