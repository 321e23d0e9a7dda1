import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {processStartTime} from '../../../util/process-identity.ts'
import {endControlGroup} from './control-group.ts'
import {type ContainerTraces, endStrays} from './stray-processes.ts'

/** What must be known about the processes of a container to end them, and never another one. */
interface ProcessRecord {
  /** The first of them, which leads their session. */
  readonly pid: number
  readonly startTime: string
  /** The environment entry that only they have. */
  readonly mark: string
  readonly controlGroup?: string
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

  /** Remembers the processes of a container by the one that leads them; the result forgets them. */
  add(pid: number, mark: string, controlGroup?: string): () => void {
    const startTime = processStartTime(pid) ?? ''
    const file = join(this.#directory, `${pid}.json`)
    const record: ProcessRecord = {
      pid,
      startTime,
      mark,
      ...(controlGroup !== undefined && {controlGroup}),
    }
    writeFileSync(file, JSON.stringify(record), {mode: 0o600})
    return () => rmSync(file, {force: true})
  }

  /** Ends what earlier runs left, and answers how many processes that were. */
  async endLeftovers(): Promise<number> {
    const files = readdirSync(this.#directory).map((name) => join(this.#directory, name))
    const records = files.map(readRecord).filter((record) => record !== undefined)
    const ended = records.length === 0 ? 0 : await endStrays(records.map(tracesOf))
    for (const {controlGroup} of records) {
      if (controlGroup !== undefined) await endControlGroup(controlGroup)
    }
    for (const file of files) rmSync(file, {force: true})
    return ended
  }
}

/** A leader's number counts only while it is the one that was started. */
function tracesOf({pid, startTime, mark}: ProcessRecord): ContainerTraces {
  const isSame = startTime !== '' && processStartTime(pid) === startTime
  return {mark, ...(isSame && {leader: pid})}
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessRecord>
    const {pid, startTime, mark, controlGroup} = record
    // Cut off by the crash it was written for: nothing can be concluded from it.
    if (!Number.isInteger(pid) || typeof startTime !== 'string' || !isMark(mark)) return undefined
    return {
      pid: Number(pid),
      startTime,
      mark,
      ...(typeof controlGroup === 'string' && {controlGroup}),
    }
  } catch {
    return undefined
  }
}

function isMark(mark: unknown): mark is string {
  return typeof mark === 'string' && mark.includes('=')
}
