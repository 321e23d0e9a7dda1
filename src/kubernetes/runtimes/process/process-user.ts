import {realpathSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import type {RunAs} from '../run-as.ts'
import type {ProcessUser} from './spawn-process.ts'

/** Who a process runs as, and what there is to say about it. */
export interface UserChoice {
  /** Absent: whoever runs this program. */
  readonly user?: ProcessUser
  /** Why it is not whom the pod asks for. */
  readonly warning?: string
}

/**
 * Decides whom a process runs as. `ourUid`: who runs this program; undefined where users have no
 * numbers. `closedTo`: a path that the process needs and that user and group may not reach.
 *
 * | we are | the pod asks for       | its files are  | it runs as         |
 * | ------ | ---------------------- | -------------- | ------------------ |
 * | root   | a user or a group      | within reach   | that one           |
 * | root   | a user or a group      | out of reach   | root, and says so  |
 * | root   | nobody, but not root   |                | root, and says so  |
 * | other  | us, or nobody          |                | us                 |
 * | other  | another user or group  |                | us, and says so    |
 *
 * A group that is not named has the user's number: the group of root, as in a container, would open
 * files of this machine.
 */
export function chooseUser(
  {runAsUser, runAsGroup, runAsNonRoot = false}: RunAs,
  ourUid: number | undefined,
  closedTo: (user: ProcessUser) => string | undefined,
): UserChoice {
  if (ourUid !== 0) {
    const isOther = (runAsUser ?? ourUid) !== ourUid
    if (!isOther) return {}
    return {warning: `runAsUser ${runAsUser} has no effect: kntool itself does not run as root`}
  }
  const user = {uid: runAsUser ?? 0, gid: runAsGroup ?? runAsUser ?? 0}
  if (user.uid === 0 && user.gid === 0) {
    if (!runAsNonRoot) return {}
    return {warning: 'runAsNonRoot has no effect: kntool runs as root; set runAsUser as well'}
  }
  const closed = closedTo(user)
  if (closed === undefined) return {user}
  return {warning: `runAsUser ${user.uid} has no effect: that user may not reach ${closed}`}
}

/** The first of `paths` that a user and group may not enter or run; undefined where they may all. */
export function firstClosed(paths: readonly string[], {uid, gid}: ProcessUser): string | undefined {
  const isOpen = (path: string): boolean => {
    const {mode, uid: owner, gid: group} = statSync(path)
    const shift = uid === owner ? 6 : gid === group ? 3 : 0
    return ((mode >> shift) & 1) === 1
  }
  return paths.find((path) => {
    try {
      for (let at = realpathSync(path); ; at = dirname(at)) {
        if (!isOpen(at)) return true
        if (at === dirname(at)) return false
      }
    } catch {
      return true
    }
  })
}
