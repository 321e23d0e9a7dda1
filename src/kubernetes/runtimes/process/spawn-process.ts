import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, statSync} from 'node:fs'
import {constants} from 'node:os'
import {ContainerStartError} from '../runtime.ts'

/** A program to run as a process. */
export interface ProgramStart {
  /** Absolute path of the program. */
  readonly file: string
  readonly args: readonly string[]
  readonly workingDir: string
  readonly env: Readonly<Record<string, string>>
  /** Whether somebody will write to its stdin; else it reads nothing. */
  readonly hasStdin: boolean
}

const SETPRIV = '/usr/bin/setpriv'
/** `setpriv` replaces itself by the program, which then dies with us, whatever happens to us. */
const DEATH_SIGNAL =
  process.platform === 'linux' && existsSync(SETPRIV) ? ['--pdeathsig', 'SIGKILL', '--'] : undefined

/**
 * Starts a process that leads a group of its own, without a shell. Throws a ContainerStartError when
 * the system refuses.
 */
export async function spawnProcess(start: ProgramStart): Promise<ChildProcess & {pid: number}> {
  if (!statSync(start.workingDir, {throwIfNoEntry: false})?.isDirectory()) {
    throw new ContainerStartError(`the working directory ${start.workingDir} does not exist`)
  }
  const [file, args] =
    DEATH_SIGNAL === undefined
      ? [start.file, start.args]
      : [SETPRIV, [...DEATH_SIGNAL, start.file, ...start.args]]
  const child = spawn(file, args, {
    cwd: start.workingDir,
    env: {...start.env},
    stdio: [start.hasStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    // A session of its own: the terminal's Ctrl-C reaches us alone, and we end it in good order.
    detached: true,
  })
  await spawned(child, start.file)
  return Object.assign(child, {pid: child.pid ?? 0})
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
