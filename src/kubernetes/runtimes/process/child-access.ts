import {PassThrough, type Readable} from 'node:stream'
import type {CommandStreams, ContainerAccess} from '../../../api/remote-command.ts'
import {messageOf} from '../../../util/message-of.ts'
import {MINIMAL_PATH, resolveExecutable} from './executable.ts'
import {joinStreams} from './join-streams.ts'
import type {ContainerProcesses} from './container-processes.ts'
import {killGroup} from './signals.ts'
import {exitCodeOf, type ProgramStart, type SpawnedProcess} from './spawn-process.ts'

/** What a process that stands for a container shares with the commands run beside it. */
export interface ProcessPlace extends Pick<ProgramStart, 'workingDir' | 'env' | 'pipes' | 'user'> {
  readonly first: SpawnedProcess
  readonly processes: ContainerProcesses
  /** Settles when the container's process has ended. */
  readonly exited: Promise<unknown>
  /** Whether the process's input ends when the first client leaves. */
  readonly stdinOnce: boolean
  /** The words of a command, with the paths of the container's volumes. */
  readonly translate: (command: readonly string[]) => string[]
}

/** What an attached client may be behind before it misses something: the program must not wait. */
const ATTACH_BUFFER_BYTES = 1024 * 1024

/**
 * The way into a process that stands for a container: commands run in its working directory with its
 * environment, and end with it.
 */
export function accessToProcess(place: ProcessPlace): ContainerAccess {
  return {
    exec: (command, streams) => execBeside(place, command, streams),
    attach: (streams) => attachTo(place, streams),
  }
}

async function execBeside(
  {exited, processes, translate, ...place}: ProcessPlace,
  command: readonly string[],
  streams: CommandStreams,
): Promise<number> {
  const [name = '', ...args] = translate(command)
  const hasStdin = streams.stdin !== undefined
  const {child, pid, stdin, stdout, stderr} = await startBeside(() => {
    const file = resolveExecutable(name, place.workingDir, place.env['PATH'] ?? MINIMAL_PATH)
    return processes.spawn({...place, file, args, hasStdin})
  })
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal).exitCode))
  })
  let isRunning = true
  const kill = (): void => {
    if (isRunning) killGroup(pid)
  }
  void exited.then(kill)
  if (streams.signal.aborted) kill()
  streams.signal.addEventListener('abort', kill, {once: true})
  const joined = joinStreams(
    {stdin, stdout, stderr, endsInput: true, signal: (signal) => killGroup(pid, signal)},
    streams,
  )
  const exitCode = await ended
  // What it left running in its group would hold its output open for ever.
  kill()
  isRunning = false
  streams.signal.removeEventListener('abort', kill)
  await joined.drained()
  return exitCode
}

/** A refusal in the words of a container engine. */
async function startBeside<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    throw new Error(`failed to exec in container: failed to start: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

async function attachTo(
  {first, exited, stdinOnce}: ProcessPlace,
  streams: CommandStreams,
): Promise<void> {
  const {stdin, stdout, stderr, pid} = first
  const gone = new Promise<void>((resolve) => {
    if (streams.signal.aborted) resolve()
    streams.signal.addEventListener('abort', () => resolve(), {once: true})
  })
  const left = Promise.race([gone, exited])
  const joined = joinStreams(
    {
      stdin,
      stdout: tap(stdout, left),
      stderr: tap(stderr, left),
      endsInput: stdinOnce,
      signal: (signal) => killGroup(pid, signal),
    },
    streams,
  )
  await left
  if (stdinOnce && streams.stdin !== undefined) stdin?.end()
  if (!streams.signal.aborted) await joined.drained()
}

/** A copy of what comes from now on, until `left`; it never holds the original up. */
function tap(from: Readable, left: Promise<unknown>): Readable {
  const copy = new PassThrough({highWaterMark: ATTACH_BUFFER_BYTES})
  const take = (chunk: Buffer): void => {
    if (!copy.writableNeedDrain) copy.write(chunk)
  }
  from.on('data', take)
  void left.then(() => {
    from.off('data', take)
    copy.end()
  })
  return copy
}
