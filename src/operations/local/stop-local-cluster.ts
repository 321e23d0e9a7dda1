import {KntoolError} from '../../errors/kntool-error.ts'
import {readRunning, removeRunning} from '../../local/data-dir.ts'
import {endLeftovers} from '../../local/leftovers.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {findLocalCluster, type LocalClusterChoice} from './find-local-cluster.ts'

/** Which cluster to stop, and how long to be patient. */
export interface StopRequest extends LocalClusterChoice {
  readonly clock: Clock
  readonly timeoutMs: number
  /** Ends the process after the timeout, without its consent; what it started is ended as well. */
  readonly force?: boolean | undefined
}

const POLL_MS = 50

/** Stops the cluster and waits until its process is gone. Resolves to false when none ran. */
export async function stopLocalCluster(request: StopRequest): Promise<boolean> {
  const {clock} = request
  const {name, dir, flags, running, unrecorded} = findLocalCluster(request)
  const pid = running?.pid ?? unrecorded
  if (pid === undefined) return false
  signal(pid, 'SIGTERM')
  const deadlineMs = clock.now() + request.timeoutMs
  while (readRunning({...dir})?.pid === pid || isAlive(pid)) {
    if (clock.now() >= deadlineMs) {
      if (!request.force) {
        throw new KntoolError(
          'KN_TIMEOUT',
          `The local cluster "${name}" (process ${pid}) did not stop in ${Math.trunc(request.timeoutMs / 1000)} seconds.`,
          {hint: `kntool local down${flags} --force`, details: {pid}},
        )
      }
      signal(pid, 'SIGKILL')
    }
    await sleep(clock, POLL_MS)
  }
  removeRunning(dir)
  // One that was killed has ended nothing of what it started.
  await endLeftovers(dir)
  return true
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
