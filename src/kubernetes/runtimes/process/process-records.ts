import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {
  groupMembers,
  hasEnvironmentEntry,
  processStartTime,
} from '../../../util/process-identity.ts'

/** What must be known about a process to end it, and never another one. */
interface ProcessRecord {
  readonly pid: number
  readonly startTime: string
  /** The environment entry only this process and its children have. */
  readonly mark: string
}

/**
 * Remembers on disk which processes run, so that the next run of this program can end what a
 * `kill -9` left behind.
 *
 * Written synchronously: a record that is still in a buffer when the power goes is none.
 */
export class ProcessRecords {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
    mkdirSync(directory, {recursive: true, mode: 0o700})
  }

  /** Remembers a process that leads its own group; the result forgets it. */
  add(pid: number, mark: string): () => void {
    const startTime = processStartTime(pid)
    if (startTime === undefined) return () => undefined
    const file = join(this.#directory, `${pid}.json`)
    const record: ProcessRecord = {pid, startTime, mark}
    writeFileSync(file, JSON.stringify(record), {mode: 0o600})
    return () => rmSync(file, {force: true})
  }

  /** Ends what earlier runs left, and answers how many process groups that were. */
  endLeftovers(): number {
    let ended = 0
    for (const name of readdirSync(this.#directory)) {
      const file = join(this.#directory, name)
      const record = readRecord(file)
      if (record !== undefined && isStillOurs(record)) {
        killGroup(record.pid)
        ended += 1
      }
      rmSync(file, {force: true})
    }
    return ended
  }
}

/**
 * Whether the group of the record is still the one that was started: its leader began at the same
 * time, or the leader is gone and the rest carries our mark. A number that was used again is not.
 */
function isStillOurs({pid, startTime, mark}: ProcessRecord): boolean {
  const current = processStartTime(pid)
  if (current !== undefined) return current === startTime
  return groupMembers(pid).some((member) => hasEnvironmentEntry(member, mark))
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessRecord>
    const {pid, startTime, mark} = record
    // Cut off by the crash it was written for: nothing can be concluded from it.
    if (!Number.isInteger(pid) || typeof startTime !== 'string' || typeof mark !== 'string') {
      return undefined
    }
    return {pid: Number(pid), startTime, mark}
  } catch {
    return undefined
  }
}

/** The entry of an environment by which the processes of one container are told from all others. */
export function markOf(env: Readonly<Record<string, string>>): string {
  return `PORT=${env['PORT'] ?? ''}`
}

/** Kills every process of a group; one that is gone is fine. */
export function killGroup(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
