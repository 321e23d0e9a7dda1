import type {Readable} from 'node:stream'
import type {Upstream} from '../../../http/upstream.ts'
import {type Clock, sleep} from '../../../util/clock.ts'
import {newContainerId} from '../container-id.ts'
import type {ContainerExit, ExecResult, LogSink, RunningContainer} from '../runtime.ts'
import {accessToProcess} from './child-access.ts'
import {ContainerProcesses} from './container-processes.ts'
import {MINIMAL_PATH, resolveExecutable} from './executable.ts'
import type {ProcessRecords} from './process-records.ts'
import {askToEnd, killGroup} from './signals.ts'
import {exitCodeOf, type ProgramStart, type SpawnedProcess} from './spawn-process.ts'

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
/** How much of what a probe prints is kept, in characters. */
const MAX_PROBE_OUTPUT = 64 * 1024

/** Starts a process. Throws a ContainerStartError when the system refuses. */
export async function startChild(options: ChildOptions): Promise<ChildProcessContainer> {
  const processes = new ContainerProcesses(options.records)
  const first = await startFirst(processes, options)
  const {pid} = first
  first.stdout.on('data', (chunk: Uint8Array) => options.log('stdout', chunk))
  first.stderr.on('data', (chunk: Uint8Array) => options.log('stderr', chunk))

  const exited = whenExited(first, processes, options.clock)
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
      if (isRunning) askToEnd(pid)
      const timer = options.clock.after(graceMs, kill)
      await exited
      timer.cancel()
    },
    kill,
    exec: (command, timeoutMs) => runBeside(processes, options, command, timeoutMs),
    access: accessToProcess({...options, first, processes, exited}),
  }
}

function endpointOf(port: number): Upstream {
  return {kind: 'tcp', host: '127.0.0.1', port, protocol: 'http1'}
}

/** The first process; when it cannot be started, nothing of the container is left. */
async function startFirst(
  processes: ContainerProcesses,
  options: ChildOptions,
): Promise<SpawnedProcess> {
  try {
    return await processes.spawn(options)
  } catch (error) {
    await processes.end()
    throw error
  }
}

async function whenExited(
  {child, stdout, stderr}: SpawnedProcess,
  processes: ContainerProcesses,
  clock: Clock,
): Promise<ContainerExit> {
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...end) => resolve(end)),
  )
  // Nothing of a container outlives its first process.
  await processes.end()
  await drain([stdout, stderr], clock)
  return exitCodeOf(code, signal)
}

async function runBeside(
  processes: ContainerProcesses,
  options: ChildOptions,
  command: readonly string[],
  timeoutMs: number,
): Promise<ExecResult> {
  const [name = '', ...args] = options.translate(command)
  const file = resolveExecutable(name, options.workingDir, options.env['PATH'] ?? MINIMAL_PATH)
  const {child, pid, stdout, stderr} = await processes.spawn({
    ...options,
    file,
    args,
    hasStdin: false,
  })
  let output = ''
  const take = (chunk: Buffer): void => {
    if (output.length < MAX_PROBE_OUTPUT) output += chunk.toString()
  }
  stdout.on('data', take)
  stderr.on('data', take)
  const timer = options.clock.after(timeoutMs, () => killGroup(pid))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...end) => resolve(end)),
  )
  timer.cancel()
  killGroup(pid)
  await drain([stdout, stderr], options.clock)
  return {exitCode: exitCodeOf(code, signal).exitCode, output}
}

/** Waits for what is still in the pipes, but not for whoever else keeps them open. */
async function drain(outputs: readonly Readable[], clock: Clock): Promise<void> {
  const drained = new AbortController()
  const closed = outputs.map(
    (output) =>
      new Promise<void>((resolve) => {
        if (output.closed) resolve()
        output.once('close', () => resolve())
      }),
  )
  await Promise.race([Promise.all(closed), sleep(clock, OUTPUT_DRAIN_MS, drained.signal)])
  drained.abort()
  for (const output of outputs) output.destroy()
}
