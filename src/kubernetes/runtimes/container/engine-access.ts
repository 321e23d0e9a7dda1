import {readFileSync} from 'node:fs'
import type {Duplex} from 'node:stream'
import {finished} from 'node:stream/promises'
import type Docker from 'dockerode'
import type {CommandStreams, ContainerAccess} from '../../../api/remote-command.ts'
import {attachContainer} from './attach-container.ts'
import {type Engine, engineMessage} from './engine.ts'

/** A container to be entered. */
interface EnteredContainer {
  readonly engine: Engine
  readonly container: Docker.Container
  /** Whether its own process has a terminal, so that both of its outputs are one. */
  readonly tty: boolean
}

const CONTAINER_GONE = 'the container engine lost the command'

/** The way into a container of an engine. */
export function accessToContainer(entered: EnteredContainer): ContainerAccess {
  return {
    exec: (command, streams) => execIn(entered, command, streams),
    attach: (streams) => attachTo(entered, streams),
  }
}

async function execIn(
  {engine, container}: EnteredContainer,
  command: readonly string[],
  streams: CommandStreams,
): Promise<number> {
  const {tty, signal} = streams
  try {
    const exec = await container.exec({
      Cmd: [...command],
      AttachStdin: streams.stdin !== undefined,
      AttachStdout: streams.stdout !== undefined,
      AttachStderr: streams.stderr !== undefined || tty,
      Tty: tty,
    })
    const connection = await exec.start({hijack: true, stdin: true, Tty: tty})
    streams.onResize(({columns: w, rows: h}) => {
      // The command may be over by now.
      void exec.resize({w, h}).catch(() => undefined)
    })
    signal.addEventListener('abort', () => void endCommand(exec, container.id), {once: true})
    await join(engine, connection, streams, tty)
    const {ExitCode: exitCode} = await exec.inspect()
    if (exitCode === null) throw new Error(CONTAINER_GONE)
    return exitCode
  } catch (error) {
    throw new Error(`failed to exec in container: ${engineMessage(error)}`, {cause: error})
  }
}

async function attachTo(entered: EnteredContainer, streams: CommandStreams): Promise<void> {
  const {engine, container, tty} = entered
  const connection = await attachContainer(engine, container.id, {
    stdin: streams.stdin !== undefined,
  })
  streams.onResize(({columns: w, rows: h}) => {
    void container.resize({w, h}).catch(() => undefined)
  })
  await join(engine, connection, streams, tty)
}

/** Passes both directions on until the engine ends the connection or the client is gone. */
async function join(
  engine: Engine,
  connection: Duplex,
  {stdin, stdout, stderr, signal}: CommandStreams,
  raw: boolean,
): Promise<void> {
  const leave = (): void => void connection.destroy()
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, {once: true})
  connection.on('error', () => undefined)
  if (raw && stdout !== undefined) connection.pipe(stdout, {end: false})
  else engine.modem.demuxStream(connection, stdout ?? DISCARD, stderr ?? stdout ?? DISCARD)
  stdin?.pipe(connection)
  await finished(connection, {writable: false}).catch(() => undefined)
  signal.removeEventListener('abort', leave)
}

const DISCARD = {write: () => true} as unknown as NodeJS.WritableStream

/**
 * Ends a command nobody waits for any more. Engines have no call for it; where the command is a
 * process of this machine, and its control group says that it is this container's, it is killed.
 */
async function endCommand(exec: Docker.Exec, containerId: string): Promise<void> {
  try {
    const {Pid: pid, Running: isRunning} = await exec.inspect()
    if (!isRunning || pid <= 1) return
    if (readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(containerId))
      process.kill(pid, 'SIGKILL')
  } catch {
    // Over already, or the engine is on another machine.
  }
}
