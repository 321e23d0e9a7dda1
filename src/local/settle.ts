import type {RunnableController} from '../controller/key-loop.ts'
import type {Storage} from '../kubernetes/storage/storage.ts'

/** Turns of the event loop without any write after which a cluster counts as settled. */
const QUIET_TURNS = 20

/** What tells whether work is left. */
export interface Activity {
  readonly storage: Pick<Storage, 'currentRevision'>
  readonly controllers: ReadonlyMap<string, RunnableController>
  /** Work outside the queues: pods that are starting or stopping. */
  readonly busy: () => boolean
}

/**
 * Resolves to true when nothing has been written and no queue held work for a while, counted in
 * turns of the event loop, so that it needs no time of its own; to false when `deadline` says stop.
 */
export async function whenSettled(activity: Activity, deadline: () => boolean): Promise<boolean> {
  let revision = -1
  let quietTurns = 0
  while (quietTurns < QUIET_TURNS) {
    if (deadline()) return false
    const idle = [...activity.controllers.values()].every(({queue}) => queue.idle)
    const quiet = idle && !activity.busy() && activity.storage.currentRevision === revision
    revision = activity.storage.currentRevision
    quietTurns = quiet ? quietTurns + 1 : 0
    // While something outside is awaited (a process that starts), spinning would only burn time.
    await (activity.busy() ? pause() : turn())
  }
  return true
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}
