import {listProcesses, type ProcessEntry} from '../../../util/process-table.ts'
import {processStartTime} from '../../../util/process-identity.ts'

/** By what the processes of a container are known, wherever they went. */
export interface ContainerTraces {
  /** The environment entry (`NAME=value`) that only they have. */
  readonly mark: string
  /** The process that began their session. Absent where its number may be another's by now. */
  readonly leader?: number
}

/** A program that starts others faster than they are ended is given up on. */
const MAX_ROUNDS = 20

/**
 * Ends by force what is left of containers, also what began a session of its own (`setsid`), and
 * answers how many processes that were.
 */
export async function endStrays(traces: readonly ContainerTraces[]): Promise<number> {
  const marks = new Set(traces.map(({mark}) => mark))
  const leaders = new Set(traces.flatMap(({leader}) => leader ?? []))
  const ended = new Set<number>()
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const killed = findStrays(await listProcesses(), marks, leaders).filter(killSame)
    if (killed.length === 0) break
    for (const {pid} of killed) ended.add(pid)
  }
  return ended.size
}

/**
 * The processes that carry a mark or belong to the session of a leader, and everything they started.
 * Never this process.
 */
export function findStrays(
  processes: readonly ProcessEntry[],
  marks: ReadonlySet<string>,
  leaders: ReadonlySet<number>,
): ProcessEntry[] {
  const others = processes.filter(({pid}) => pid !== process.pid)
  const found = new Set<number>()
  for (const {pid, session, environment} of others) {
    if (leaders.has(session) || environment.some((entry) => marks.has(entry))) found.add(pid)
  }
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const {pid, parent} of others) if (found.has(parent)) found.add(pid)
  }
  return others.filter(({pid}) => found.has(pid))
}

/** Kills a process that is still the one that was found. */
function killSame({pid, startTime}: ProcessEntry): boolean {
  if (startTime !== undefined && processStartTime(pid) !== startTime) return false
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    // Gone, or another user's.
    return false
  }
}
