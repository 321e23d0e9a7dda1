import {type Pod, PODS} from '../../api/core/v1.ts'
import {isNotFound, StatusError} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {LineQueue} from './line-queue.ts'
import {compareTimes, type LogLine} from './log-line.ts'
import {openLog} from './open-log.ts'
import {type ContainerRun, selectContainers} from './select-containers.ts'
import type {LogRequest} from './log-request.ts'

/** How long to leave a server alone that ended a stream. */
const AGAIN_MS = 1_000

/**
 * The logs of all pods that fit, as they are written, until the signal aborts. A stream that breaks
 * goes on where it was.
 */
export async function* followLogs(
  connection: {client: Client; clock: Clock},
  request: LogRequest & {readonly labelSelector: string},
): AsyncGenerator<LogLine, void> {
  const follower = new Follower(connection, request)
  const ended = follower.run()
  try {
    yield* follower.lines
    await ended
  } finally {
    follower.stop()
  }
}

class Follower {
  readonly lines = new LineQueue<LogLine>()
  readonly #client: Client
  readonly #clock: Clock
  readonly #request: LogRequest & {readonly labelSelector: string}
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  /** The pods as they are now, by name. */
  readonly #pods = new Map<string, Pod>()
  /** The runs whose logs are or were read. */
  readonly #followed = new Set<string>()
  /** How far the log of a container was read, by its pod and name; its runs follow one another. */
  readonly #positions = new Map<string, LogPosition>()

  constructor(
    {client, clock}: {client: Client; clock: Clock},
    request: LogRequest & {readonly labelSelector: string},
  ) {
    this.#client = client
    this.#clock = clock
    this.#request = request
    const {signal} = request
    this.#signal = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal
  }

  stop(): void {
    this.#stop.abort()
  }

  /** Follows the pods until the signal aborts; throws when the first look at them fails. */
  async run(): Promise<void> {
    const {onNotice, name} = this.#request
    try {
      for (let isFirst = true; !this.#signal.aborted; isFirst = false) {
        try {
          const resourceVersion = await this.#list(isFirst)
          if (isFirst && this.#pods.size === 0) {
            onNotice?.(`Service '${name}' has no pods now; waiting for them.`)
          }
          await this.#watch(resourceVersion)
        } catch (error) {
          if (isFirst || !isPassing(error)) throw error
        }
        await sleep(this.#clock, AGAIN_MS, this.#signal)
      }
    } catch (error) {
      if (!this.#signal.aborted) throw error
    } finally {
      this.lines.end()
    }
  }

  async #list(isFirst: boolean): Promise<string> {
    const {namespace, labelSelector} = this.#request
    const {items, metadata} = await this.#client.list(PODS, {
      namespace,
      labelSelector,
      signal: this.#signal,
    })
    this.#pods.clear()
    for (const pod of items) this.#see(pod, isFirst)
    return metadata.resourceVersion ?? ''
  }

  async #watch(resourceVersion: string): Promise<void> {
    const {namespace, labelSelector} = this.#request
    const options = {namespace, labelSelector, resourceVersion, signal: this.#signal}
    await this.#client.follow(PODS, options, ({type, object}) => {
      if (type === 'ADDED' || type === 'MODIFIED') this.#see(object as Pod, false)
      if (type === 'DELETED') this.#pods.delete(object.metadata.name)
      return type !== 'ERROR'
    })
  }

  #see(pod: Pod, wasThere: boolean): void {
    this.#pods.set(pod.metadata.name, pod)
    for (const run of selectContainers(pod, this.#request)) {
      if (this.#followed.has(run.id)) continue
      this.#followed.add(run.id)
      // Whoever asks for the last lines means those of what is there, not of what comes.
      this.#pump(run, wasThere).catch((error: unknown) => this.lines.end({error}))
    }
  }

  async #pump(run: ContainerRun, wasThere: boolean): Promise<void> {
    const {namespace, tail, sinceSeconds, previous} = this.#request
    const position = this.#positionOf(run)
    for (let isFirst = true; !this.#signal.aborted; isFirst = false) {
      const part = {
        follow: true,
        previous,
        ...(isFirst && wasThere ? {tail, sinceSeconds} : {sinceTime: position.sinceTime}),
      }
      try {
        const lines = await openLog(this.#client, {...run, namespace}, part, this.#signal)
        position.reopen()
        for await (const line of lines) if (position.advance(line)) await this.lines.push(line)
      } catch (error) {
        if (this.#signal.aborted || isNotFound(error)) return
        if (!isPassing(error)) throw error
      }
      if (!this.#isRunning(run)) return
      await sleep(this.#clock, AGAIN_MS, this.#signal)
    }
  }

  #positionOf({pod, container}: ContainerRun): LogPosition {
    const key = `${pod}/${container}`
    const position = this.#positions.get(key) ?? new LogPosition()
    this.#positions.set(key, position)
    return position
  }

  #isRunning({id, pod: name}: ContainerRun): boolean {
    const pod = this.#pods.get(name)
    if (pod === undefined) return false
    return selectContainers(pod, this.#request).some((run) => run.id === id && run.running)
  }
}

/** How far a log was read, so that nothing is shown twice when it is read again. */
class LogPosition {
  /** The time of the last line, and how many had it. */
  #time = ''
  #count = 0
  #repeated = 0

  /** From when the log has to be read again; undefined for the whole of it. */
  get sinceTime(): string | undefined {
    return this.#time === '' ? undefined : this.#time
  }

  reopen(): void {
    this.#repeated = 0
  }

  /** Whether a line is new; notes it. */
  advance({time}: LogLine): boolean {
    const order = compareTimes(time, this.#time)
    if (time === '' || this.#time === '' || order > 0) {
      this.#time = time || this.#time
      this.#count = 1
      this.#repeated = 1
      return true
    }
    if (order < 0) return false
    this.#repeated += 1
    if (this.#repeated <= this.#count) return false
    this.#count = this.#repeated
    return true
  }
}

/** Whether it may work later: the server cannot now, or the connection broke. */
function isPassing(error: unknown): boolean {
  if (error instanceof StatusError) return error.code === 400 || error.code >= 500
  if (error instanceof KntoolError) return error.code === 'KN_UNREACHABLE'
  return error instanceof Error && 'code' in error
}
