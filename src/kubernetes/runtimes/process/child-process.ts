import {execFile} from 'node:child_process'
import type {Upstream} from '../../../http/upstream.ts'
import {type Clock, sleep} from '../../../util/clock.ts'
import {newContainerId} from '../container-id.ts'
import type {ContainerExit, ExecResult, LogSink, RunningContainer} from '../runtime.ts'
import {accessToProcess} from './child-access.ts'
import {MINIMAL_PATH, resolveExecutable} from './executable.ts'
import {killGroup, markOf, type ProcessRecords} from './process-records.ts'
import {exitCodeOf, type ProgramStart, spawnProcess} from './spawn-process.ts'

/** What one process is started from. */
export interface ChildOptions extends ProgramStart {
  /** Whether its stdin ends when the first client that is attached to it leaves. */
  readonly stdinOnce: boolean
  readonly log: LogSink
  readonly clock: Clock
  /** Host port by container port. */
  readonly hostPorts: ReadonlyMap<number, number>
  /** The words of a command that is run beside it, with the paths of its volumes. */
  readonly translate: (command: readonly string[]) => string[]
  readonly records?: ProcessRecords
}

/** A container that is a process. */
export interface ChildProcessContainer extends RunningContainer {
  readonly pid: number
}

/** How long output that is still in the pipes may keep an ended container from being reported. */
const OUTPUT_DRAIN_MS = 1000

type Spawned = Awaited<ReturnType<typeof spawnProcess>>

/** Starts a process. Throws a ContainerStartError when the system refuses. */
export async function startChild(options: ChildOptions): Promise<ChildProcessContainer> {
  const child = await spawnProcess(options)
  const {pid} = child
  const forget = options.records?.add(pid, markOf(options.env))
  child.stdout?.on('data', (chunk: Uint8Array) => options.log('stdout', chunk))
  child.stderr?.on('data', (chunk: Uint8Array) => options.log('stderr', chunk))

  const exited = whenExited(child, options.clock).then((exit) => {
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
    access: accessToProcess({...options, child, exited}),
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

async function whenExited(child: Spawned, clock: Clock): Promise<ContainerExit> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...end) => resolve(end)),
  )
  // Nothing of a container outlives its first process.
  killGroup(child.pid)
  const drained = new AbortController()
  await Promise.race([closed, sleep(clock, OUTPUT_DRAIN_MS, drained.signal)])
  drained.abort()
  child.stdout?.destroy()
  child.stderr?.destroy()
  return exitCodeOf(code, signal)
}

async function runBeside(
  options: ChildOptions,
  command: readonly string[],
  timeoutMs: number,
): Promise<ExecResult> {
  const [name = '', ...args] = options.translate(command)
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
