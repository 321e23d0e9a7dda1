import {PassThrough} from 'node:stream'
import type Docker from 'dockerode'
import type {Upstream} from '../../../http/upstream.ts'
import type {ContainerExit, ExecResult, LogSink, RunningContainer} from '../runtime.ts'
import {attachContainer} from './attach-container.ts'
import {accessToContainer} from './engine-access.ts'
import {type Engine, engineMessage} from './engine.ts'

/** A container that an engine runs. */
export interface EngineContainer extends RunningContainer {
  /** Removes it from the engine, running or not. */
  remove(): Promise<void>
}

/** What a container of an engine is told by. */
export interface EngineContainerOptions {
  readonly engine: Engine
  readonly container: Docker.Container
  /** `docker` or `podman`. */
  readonly scheme: string
  /** Host port by container port. */
  readonly hostPorts: ReadonlyMap<number, number>
  /** Whether its process has a terminal. */
  readonly tty: boolean
  /** Settles when the output has been read to its end. */
  readonly output: Promise<void>
}

const SIGNALS_FROM = 128

/** Follows a container that was started until it has ended; then it is removed. */
export function followContainer(options: EngineContainerOptions): EngineContainer {
  const {engine, container, scheme, hostPorts, output} = options
  const upstreams = new Map<number, Upstream>(
    [...hostPorts].map(([containerPort, port]) => [
      containerPort,
      {kind: 'tcp', host: '127.0.0.1', port, protocol: 'http1'},
    ]),
  )
  const remove = async (): Promise<void> => {
    await ignoreGone(container.remove({force: true, v: true}))
  }
  const exited = whenExited(container, output).then(async (exit) => {
    await remove()
    return exit
  })
  return {
    id: `${scheme}://${container.id}`,
    exited,
    endpoint: (port) => upstreams.get(port),
    async stop(graceMs) {
      await ignoreGone(container.stop({t: Math.ceil(graceMs / 1000)}))
      await exited
    },
    kill: () => void ignoreGone(container.kill({signal: 'SIGKILL'})),
    exec: (command, timeoutMs) => execIn(engine, container, command, timeoutMs),
    access: accessToContainer(options),
    remove,
  }
}

/**
 * Passes a container's output on from its first byte; attach before the start. Resolves when it is
 * attached, to what settles at the output's end.
 */
export async function attachOutput(
  engine: Engine,
  container: Docker.Container,
  {log, tty}: {readonly log: LogSink; readonly tty: boolean},
): Promise<{readonly ended: Promise<void>}> {
  const stream = await attachContainer(engine, container.id, {stdin: false})
  if (!tty) return {ended: demultiplex(engine, stream, log)}
  stream.on('data', (chunk: Uint8Array) => log('stdout', chunk))
  return {ended: streamEnd(stream)}
}

function demultiplex(engine: Engine, stream: NodeJS.ReadableStream, log: LogSink): Promise<void> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  stdout.on('data', (chunk: Uint8Array) => log('stdout', chunk))
  stderr.on('data', (chunk: Uint8Array) => log('stderr', chunk))
  engine.modem.demuxStream(stream, stdout, stderr)
  return streamEnd(stream)
}

function streamEnd(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', () => resolve())
    stream.once('close', () => resolve())
    stream.once('error', () => resolve())
  })
}

async function whenExited(
  container: Docker.Container,
  output: Promise<void>,
): Promise<ContainerExit> {
  try {
    const {StatusCode: code} = (await container.wait()) as {StatusCode: number}
    await output
    return code > SIGNALS_FROM ? {exitCode: code, signal: code - SIGNALS_FROM} : {exitCode: code}
  } catch {
    // The engine went away, or somebody removed the container behind our back.
    return {exitCode: 137, reason: 'ContainerStatusUnknown'}
  }
}

async function execIn(
  engine: Engine,
  container: Docker.Container,
  command: readonly string[],
  timeoutMs: number,
): Promise<ExecResult> {
  try {
    const exec = await container.exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      abortSignal: AbortSignal.timeout(timeoutMs),
    })
    const decoder = new TextDecoder()
    let output = ''
    const stream = await exec.start({})
    await demultiplex(engine, stream, (_stream, chunk) => {
      output += typeof chunk === 'string' ? chunk : decoder.decode(chunk, {stream: true})
    })
    const {ExitCode: exitCode} = await exec.inspect()
    return {exitCode: exitCode ?? 0, output}
  } catch (error) {
    return {exitCode: 126, output: engineMessage(error)}
  }
}

/** Whether the container is there makes no difference: it shall not be. */
async function ignoreGone(action: Promise<unknown>): Promise<void> {
  try {
    await action
  } catch {
    // 304 ended already, 404 gone, 409 not running or being removed.
  }
}
