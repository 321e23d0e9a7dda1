import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {existsSync, statSync} from 'node:fs'
import {constants} from 'node:os'
import type {Upstream} from '../../../http/upstream.ts'
import {type Clock, sleep} from '../../../util/clock.ts'
import {newContainerId} from '../container-id.ts'
import {
  type ContainerExit,
  ContainerStartError,
  type ExecResult,
  type LogSink,
  type RunningContainer,
} from '../runtime.ts'
import {MINIMAL_PATH, resolveExecutable} from './executable.ts'
import {killGroup, type ProcessRecords} from './process-records.ts'

/** What one process is started from. */
export interface ChildOptions {
  /** Absolute path of the program. */
  readonly file: string
  readonly args: readonly string[]
  readonly workingDir: string
  readonly env: Readonly<Record<string, string>>
  readonly log: LogSink
  readonly clock: Clock
  /** Host port by container port. */
  readonly hostPorts: ReadonlyMap<number, number>
  readonly records?: ProcessRecords
}

/** A container that is a process. */
export interface ChildProcessContainer extends RunningContainer {
  readonly pid: number
}

/** How long output that is still in the pipes may keep an ended container from being reported. */
const OUTPUT_DRAIN_MS = 1000

const SETPRIV = '/usr/bin/setpriv'
/** `setpriv` replaces itself by the program, which then dies with us, whatever happens to us. */
const DEATH_SIGNAL =
  process.platform === 'linux' && existsSync(SETPRIV) ? ['--pdeathsig', 'SIGKILL', '--'] : undefined

/** Starts a process. Throws a ContainerStartError when the system refuses. */
export async function startChild(options: ChildOptions): Promise<ChildProcessContainer> {
  if (!statSync(options.workingDir, {throwIfNoEntry: false})?.isDirectory()) {
    throw new ContainerStartError(`the working directory ${options.workingDir} does not exist`)
  }
  const [file, args] =
    DEATH_SIGNAL === undefined
      ? [options.file, options.args]
      : [SETPRIV, [...DEATH_SIGNAL, options.file, ...options.args]]
  const child = spawn(file, args, {
    cwd: options.workingDir,
    env: {...options.env},
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: the terminal's Ctrl-C reaches us alone, and we end it in good order.
    detached: true,
  })
  await spawned(child, options.file)
  const pid = child.pid ?? 0
  const mark = `PORT=${options.env['PORT'] ?? ''}`
  const forget = options.records?.add(pid, mark)
  child.stdout?.on('data', (chunk: Uint8Array) => options.log('stdout', chunk))
  child.stderr?.on('data', (chunk: Uint8Array) => options.log('stderr', chunk))

  const exited = whenExited(child, pid, options.clock).then((exit) => {
    forget?.()
    return exit
  })
  const endpoints = new Map(
    [...options.hostPorts].map(([containerPort, port]) => [containerPort, endpointOf(port)]),
  )
  let isRunning = true
  void exited.then(() => (isRunning = false))
  const kill = (): void => {
    if (isRunning) killGroup(pid)
  }
  return {
    id: newContainerId('process'),
    pid,
    exited,
    endpoint: (containerPort) => endpoints.get(containerPort),
    async stop(graceMs) {
      if (isRunning) signalLeader(pid)
      const timer = options.clock.after(graceMs, kill)
      await exited
      timer.cancel()
    },
    kill,
    exec: (command, timeoutMs) => runBeside(options, command, timeoutMs),
  }
}

function endpointOf(port: number): Upstream {
  return {kind: 'tcp', host: '127.0.0.1', port, protocol: 'http1'}
}

/** As a container engine does: the signal goes to the first process, which sees to its children. */
function signalLeader(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
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

async function whenExited(child: ChildProcess, pid: number, clock: Clock): Promise<ContainerExit> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...end) => resolve(end)),
  )
  // Nothing of a container outlives its first process.
  killGroup(pid)
  const drained = new AbortController()
  await Promise.race([closed, sleep(clock, OUTPUT_DRAIN_MS, drained.signal)])
  drained.abort()
  child.stdout?.destroy()
  child.stderr?.destroy()
  if (signal === null) return {exitCode: code ?? 0}
  const number = constants.signals[signal]
  return {exitCode: 128 + number, signal: number}
}

async function runBeside(
  options: ChildOptions,
  command: readonly string[],
  timeoutMs: number,
): Promise<ExecResult> {
  const [name = '', ...args] = command
  const file = resolveExecutable(name, options.workingDir, options.env['PATH'] ?? MINIMAL_PATH)
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      {
        cwd: options.workingDir,
        env: {...options.env},
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 137
        resolve({exitCode: code, output: stdout + stderr})
      },
    )
  })
}
