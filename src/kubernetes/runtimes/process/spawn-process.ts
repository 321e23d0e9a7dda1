import {type ChildProcess, spawn} from 'node:child_process'
import {closeSync, existsSync, fchownSync, statSync} from 'node:fs'
import {Socket} from 'node:net'
import {constants} from 'node:os'
import type {Readable, Writable} from 'node:stream'
import {ContainerStartError} from '../runtime.ts'
import {enterControlGroup} from './control-group.ts'
import type {Pipes} from './pipes.ts'

/** Whom a process runs as, by number. */
export interface ProcessUser {
  readonly uid: number
  readonly gid: number
}

/** A program to run as a process. */
export interface ProgramStart {
  /** Absolute path of the program. */
  readonly file: string
  readonly args: readonly string[]
  readonly workingDir: string
  readonly env: Readonly<Record<string, string>>
  /** Whether somebody will write to its stdin; else it reads nothing. */
  readonly hasStdin: boolean
  readonly pipes: Pipes
  /** Absent: whoever runs this program. */
  readonly user?: ProcessUser
  /** The control group it is put into; absent where there is none. */
  readonly controlGroup?: string
}

/** A process that was started, and our ends of its input and output. */
export interface SpawnedProcess {
  readonly child: ChildProcess
  readonly pid: number
  readonly stdin: Writable | null
  readonly stdout: Readable
  readonly stderr: Readable
}

const SETPRIV = '/usr/bin/setpriv'
/** `setpriv` replaces itself by the program, which then dies with us, whatever happens to us. */
const DEATH_SIGNAL =
  process.platform === 'linux' && existsSync(SETPRIV) ? ['--pdeathsig', 'SIGKILL', '--'] : undefined

/**
 * Starts a process that leads a group of its own, without a shell. Throws a ContainerStartError when
 * the system refuses.
 */
export async function spawnProcess(start: ProgramStart): Promise<SpawnedProcess> {
  if (!statSync(start.workingDir, {throwIfNoEntry: false})?.isDirectory()) {
    throw new ContainerStartError(`the working directory ${start.workingDir} does not exist`)
  }
  const pipes = await start.pipes.take(start.hasStdin ? 3 : 2)
  if (pipes === undefined) return spawnOnSockets(start)
  const [output, errors, input] = pipes
  if (output === undefined || errors === undefined) throw new Error('a process needs two pipes')
  const {user} = start
  // So that its user may open them by path.
  if (user !== undefined) for (const {readFd} of pipes) fchownSync(readFd, user.uid, user.gid)
  let child: ChildProcess
  try {
    child = spawnOn(start, [input?.readFd ?? 'ignore', output.writeFd, errors.writeFd])
  } finally {
    for (const fd of [output.writeFd, errors.writeFd, input?.readFd]) {
      if (fd !== undefined) closeSync(fd)
    }
  }
  const ends = {
    stdin: input === undefined ? null : endOf(input.writeFd, 'writable'),
    stdout: endOf(output.readFd, 'readable'),
    stderr: endOf(errors.readFd, 'readable'),
  }
  try {
    await spawned(child, start.file)
  } catch (error) {
    for (const end of [ends.stdin, ends.stdout, ends.stderr]) end?.destroy()
    throw error
  }
  return {child, pid: child.pid ?? 0, ...ends}
}

/** Without pipes of our own: everything works but opening them by path. */
async function spawnOnSockets(start: ProgramStart): Promise<SpawnedProcess> {
  const child = spawnOn(start, [start.hasStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'])
  await spawned(child, start.file)
  const {stdin, stdout, stderr} = child
  if (stdout === null || stderr === null) throw new Error('the process has no output')
  return {child, pid: child.pid ?? 0, stdin, stdout, stderr}
}

function spawnOn(start: ProgramStart, stdio: ('pipe' | 'ignore' | number)[]): ChildProcess {
  const [file, args] =
    DEATH_SIGNAL === undefined
      ? [start.file, start.args]
      : [SETPRIV, [...DEATH_SIGNAL, start.file, ...start.args]]
  const child = spawn(file, args, {
    cwd: start.workingDir,
    env: {...start.env},
    stdio,
    // A session of its own: the terminal's Ctrl-C reaches us alone, and we end it in good order.
    detached: true,
    ...start.user,
  })
  // At once, before it can have started anything.
  if (start.controlGroup !== undefined && child.pid !== undefined) {
    enterControlGroup(start.controlGroup, child.pid)
  }
  return child
}

function endOf(fd: number, use: 'readable' | 'writable'): Socket {
  const end = new Socket({fd, readable: use === 'readable', writable: use === 'writable'})
  // A program that ends before it has read everything is no failure of ours.
  end.on('error', () => undefined)
  return end
}

function spawned(child: ChildProcess, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new ContainerStartError(`exec: "${file}": ${error.code ?? error.message}`, {cause: error}),
      )
    })
  })
}

/** The exit code of a process as a container's: 128 + n for one that signal n ended. */
export function exitCodeOf(
  code: number | null,
  signal: NodeJS.Signals | null,
): {exitCode: number; signal?: number} {
  if (signal === null) return {exitCode: code ?? 0}
  const number = constants.signals[signal]
  return {exitCode: 128 + number, signal: number}
}
