import {execFile} from 'node:child_process'
import {readdir, readFile} from 'node:fs/promises'
import {promisify} from 'node:util'

/** A process of this machine. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  /** Process id of who began its session; 0 where the system does not say. */
  readonly session: number
  /** Tells it from a later one with the same number; undefined where only `ps` knows. */
  readonly startTime: string | undefined
  /** `NAME=value` entries it was started with; empty where they may not be read. */
  readonly environment: readonly string[]
}

/** How many processes are looked at together. */
const BATCH = 64

/**
 * All processes that live, at this moment or a little earlier. What has ended and was not collected
 * yet is left out. Empty where the system cannot be asked.
 */
export async function listProcesses(): Promise<ProcessEntry[]> {
  if (process.platform !== 'linux') return listByPs()
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const entries: ProcessEntry[] = []
  for (let at = 0; at < pids.length; at += BATCH) {
    const found = await Promise.all(pids.slice(at, at + BATCH).map(readEntry))
    entries.push(...found.filter((entry) => entry !== undefined))
  }
  return entries
}

async function readEntry(pid: number): Promise<ProcessEntry | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in parentheses and may itself hold any of them.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state, parent, , session] = fields
    if (state === 'Z' || state === 'X') return undefined
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    return {
      pid,
      parent: Number(parent),
      session: Number(session),
      startTime: fields[19],
      environment: environment.split('\0'),
    }
  } catch {
    return undefined
  }
}

/** Elsewhere `ps` tells the environment after the command, of one's own processes. */
async function listByPs(): Promise<ProcessEntry[]> {
  try {
    const options = {maxBuffer: 64 * 1024 * 1024}
    const columns = ['-axEww', '-o', 'pid=,ppid=,command=']
    const {stdout} = await promisify(execFile)('/bin/ps', columns, options)
    return stdout.split('\n').flatMap((line) => {
      const [pid, parent, ...words] = line.trim().split(/\s+/)
      if (pid === undefined || pid === '') return []
      const [session, startTime] = [0, undefined]
      return [{pid: Number(pid), parent: Number(parent), session, startTime, environment: words}]
    })
  } catch {
    return []
  }
}
