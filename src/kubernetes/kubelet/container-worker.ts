import {formatTime} from '../../api/condition-set.ts'
import type {Container, ContainerState} from '../../api/core/v1.ts'
import type {Upstream} from '../../http/upstream.ts'
import {sleep} from '../../util/clock.ts'
import {formatDuration} from '../../util/duration.ts'
import {expandVariables} from '../runtimes/expand-variables.ts'
import {
  type ContainerExit,
  ContainerStartError,
  type RunningContainer,
  type StartRequest,
} from '../runtimes/runtime.ts'
import {ensureImage, type ReadyImage} from './container-image.ts'
import {probeContainer} from './container-probes.ts'
import {
  endContainer,
  type HookedContainer,
  makeTarget,
  requestStop,
  runPostStart,
} from './container-hooks.ts'
import {CrashBackoff} from './crash-backoff.ts'
import {ContainerConfigError, resolveEnvironment} from './environment.ts'
import {LogBuffer} from './log-buffer.ts'
import type {PodContext} from './pod-context.ts'
import type {ContainerView} from './pod-status.ts'
import {terminationMessage} from './termination-message.ts'

const CONFIG_RETRY_MS = 5000
/** What a container that could not be started is recorded to have exited with. */
const START_ERROR_CODE = 128

/** When a container that has ended is started again. */
export type RestartRule = 'always' | 'on-failure' | 'never'

/**
 * Keeps one container of a pod running: image, start, probes, end, back-off, and again.
 *
 * What it is doing stands in {@link view}; every change of it is announced through the context.
 */
export class ContainerWorker {
  readonly view: ContainerView
  readonly #context: PodContext
  readonly #rule: RestartRule
  #backoff = new CrashBackoff()
  /** The newest definition; {@link view} has the one that runs. */
  #definition: Container
  #redefined = new AbortController()
  readonly #stopping = new AbortController()
  readonly #fieldPath: string
  #running: RunningContainer | undefined
  #lastEndpoint: RunningContainer | undefined
  #log: LogBuffer | undefined
  #previousLog: LogBuffer | undefined
  #attempt = Promise.withResolvers<void>()
  #finished: Promise<void> | undefined

  constructor(context: PodContext, view: ContainerView, rule: RestartRule, isInit = false) {
    this.#context = context
    this.view = view
    this.#definition = view.container
    this.#rule = rule
    const list = isInit ? 'initContainers' : 'containers'
    this.#fieldPath = `spec.${list}{${view.container.name}}`
  }

  get name(): string {
    return this.view.container.name ?? ''
  }

  /** Whether it is between its start and its first readiness, so that somebody may wait for it. */
  get isStarting(): boolean {
    return this.#running !== undefined && !this.view.ready
  }

  /** The output of the current or last run; with `previous` of the one before. */
  log(previous: boolean): LogBuffer | undefined {
    return previous ? this.#previousLog : this.#log
  }

  /** Where a declared port answers; also between two runs, since the next one answers there too. */
  endpoint(port: number): Upstream | undefined {
    return this.#lastEndpoint?.endpoint(port)
  }

  /** What runs now; undefined between two runs. */
  get running(): RunningContainer | undefined {
    return this.#running
  }

  /**
   * Takes the container's newest definition. One with another image replaces what runs, whatever the
   * restart policy says, and at once what waits: for an image, or for its next attempt.
   */
  redefine(container: Container): void {
    if (container.image === this.#definition.image) return
    this.#definition = container
    this.#backoff = new CrashBackoff()
    this.#redefined.abort()
    if (this.#running === undefined || this.#stopping.signal.aborted) return
    const message = `Container ${this.name} definition changed, will be restarted`
    this.#restart(this.#running, message)
  }

  /** Begins; resolves when the first attempt to start has succeeded or failed. */
  start(): Promise<void> {
    this.#finished = this.#run().catch((error: unknown) => {
      this.#context.onError(`container ${this.name}`, error)
      this.#attempt.resolve()
    })
    return this.#attempt.promise
  }

  /** Resolves when the container has ended for good. */
  async finished(): Promise<void> {
    await this.#finished
  }

  /**
   * Ends the container for good: the preStop hook, then the request to stop, then force. Both
   * together get `graceMs`; `hurry` aborts the rest of it. With `skip-hooks` the node itself is ending.
   */
  async stop(graceMs: number, hurry: AbortSignal, hooks?: 'skip-hooks'): Promise<void> {
    this.#stopping.abort()
    const running = this.#running
    if (running !== undefined && hooks === 'skip-hooks') {
      // A component would drain, and there is nobody left to drain for.
      if (running.ready !== undefined) running.kill()
      else await requestStop(running, graceMs, this.#context.clock)
    } else if (running !== undefined) {
      this.#context.events.normal(
        this.#context.pod(),
        'Killing',
        `Stopping container ${this.name}`,
        this.#fieldPath,
      )
      await endContainer(this.#hooked(running), graceMs, hurry)
    }
    await this.#finished
  }

  /** Ends the container at once, without a word. */
  kill(): void {
    this.#stopping.abort()
    this.#running?.kill()
  }

  async #run(): Promise<void> {
    const {signal} = this.#stopping
    while (!signal.aborted) {
      this.#redefined = new AbortController()
      this.view.container = this.#definition
      const interrupted = AbortSignal.any([signal, this.#redefined.signal])
      const exit = await this.#runOnce(interrupted)
      this.#attempt.resolve()
      if (!interrupted.aborted) {
        if (exit === undefined || !this.#restarts(exit)) return
        const delayMs = this.#backoff.next(this.#context.clock.now())
        if (delayMs > 0) await this.#waitBackoff(delayMs, interrupted)
      }
      if (exit !== undefined && !signal.aborted) this.view.restartCount += 1
    }
  }

  /** One run from image to end. Undefined: it was stopped before it ran. */
  async #runOnce(signal: AbortSignal): Promise<ContainerExit | undefined> {
    const image = await ensureImage(
      this.#context,
      {
        container: this.view.container,
        fieldPath: this.#fieldPath,
        waiting: (reason, message) => this.#wait(reason, message),
      },
      signal,
    )
    if (image === undefined) return undefined
    const request = await this.#prepare(image, signal)
    if (request === undefined) return undefined
    const {events, clock} = this.#context
    const startedAt = formatTime(clock.now())
    try {
      const running = await image.runtime.start(request)
      this.#running = running
      this.#lastEndpoint = running
      this.view.containerId = running.id
      // Nobody is told that it runs before its postStart hook has.
      if (!hasPostStart(this.view.container)) this.#markRunning(image, startedAt)
      events.normal(
        this.#context.pod(),
        'Created',
        `Created container: ${this.name}`,
        this.#fieldPath,
      )
      events.normal(
        this.#context.pod(),
        'Started',
        `Started container ${this.name}`,
        this.#fieldPath,
      )
      if (signal.aborted) running.kill()
      return await this.#accompany(running, image, startedAt)
    } catch (error) {
      if (!(error instanceof ContainerStartError)) throw error
      this.#log?.close()
      events.warning(this.#context.pod(), 'Failed', `Error: ${error.message}`, this.#fieldPath)
      this.#markEnded({exitCode: START_ERROR_CODE, reason: 'StartError'}, startedAt, error.message)
      return {exitCode: START_ERROR_CODE}
    }
  }

  /** Everything the runtime is given; waits for what the configuration refers to. */
  async #prepare(image: ReadyImage, signal: AbortSignal): Promise<StartRequest | undefined> {
    const {container} = this.view
    const {client, clock, events, hostIp, sandbox, serviceProxy} = this.#context
    while (!signal.aborted) {
      const pod = this.#context.pod()
      try {
        const env = await resolveEnvironment({client, pod, hostIp}, container)
        const volumes = await this.#context.volumes.of(container, env)
        const expand = (text: string): string => expandVariables(text, env)
        const log = this.#newLog()
        return {
          pod,
          container,
          image: container.image ?? '',
          env,
          ...(container.command?.length && {command: container.command.map(expand)}),
          ...(container.args?.length && {args: container.args.map(expand)}),
          ports: (container.ports ?? []).map(({containerPort}) => containerPort),
          sandbox,
          log: (stream, chunk) => log.write(stream, chunk),
          warn: (reason, message) => events.warning(pod, reason, message, this.#fieldPath),
          ...(volumes !== undefined && {volumes}),
          ...(serviceProxy !== undefined && {
            serviceProxy: serviceProxy(pod.metadata.namespace ?? ''),
          }),
        }
      } catch (error) {
        if (!(error instanceof ContainerConfigError)) throw error
        this.view.imageId = image.imageId
        events.warning(pod, 'Failed', `Error: ${error.message}`, this.#fieldPath)
        this.#wait('CreateContainerConfigError', error.message)
        await sleep(clock, CONFIG_RETRY_MS, signal)
      }
    }
    return undefined
  }

  /** Probes and hooks of a running container, until it has ended. */
  async #accompany(
    running: RunningContainer,
    image: ReadyImage,
    startedAt: string,
  ): Promise<ContainerExit> {
    const ended = new AbortController()
    const {container} = this.view
    void runPostStart(this.#hooked(running), ended.signal).then((ok) => {
      if (!ok || ended.signal.aborted) return
      if (hasPostStart(container)) this.#markRunning(image, startedAt)
      this.#attempt.resolve()
      probeContainer(
        {
          container,
          target: makeTarget(running, container, this.#context),
          context: this.#context,
          fieldPath: this.#fieldPath,
          onStarted: () => this.#update({started: true}),
          onReady: (ready) => this.#update({ready}),
          onDead: (message) => this.#restart(running, message),
        },
        ended.signal,
      )
    })
    const exit = await running.exited
    ended.abort()
    this.#log?.close()
    this.view.imageId = image.imageId
    const lines = this.#log?.lines() ?? []
    this.#markEnded(exit, startedAt, terminationMessage(container, exit.exitCode, lines))
    return exit
  }

  /** Ends a run in good order; the next one follows. */
  #restart(running: RunningContainer, message: string): void {
    this.#context.events.normal(this.#context.pod(), 'Killing', message, this.#fieldPath)
    const seconds = this.#context.pod().spec.terminationGracePeriodSeconds ?? 30
    void endContainer(this.#hooked(running), seconds * 1000, new AbortController().signal)
  }

  async #waitBackoff(delayMs: number, signal: AbortSignal): Promise<void> {
    const pod = this.#context.pod()
    const {name, namespace, uid} = pod.metadata
    const podName = `${name}_${namespace}(${uid})`
    this.#context.events.warning(
      pod,
      'BackOff',
      `Back-off restarting failed container ${this.name} in pod ${podName}`,
      this.#fieldPath,
    )
    this.view.lastState = this.view.state
    this.#wait(
      'CrashLoopBackOff',
      `back-off ${formatDuration(delayMs)} restarting failed container=${this.name} pod=${podName}`,
    )
    await sleep(this.#context.clock, delayMs, signal)
  }

  #restarts({exitCode}: ContainerExit): boolean {
    return this.#rule === 'always' || (this.#rule === 'on-failure' && exitCode !== 0)
  }

  #markRunning(image: ReadyImage, startedAt: string): void {
    const {view} = this
    if (view.state.terminated !== undefined) view.lastState = view.state
    view.state = {running: {startedAt}}
    view.imageId = image.imageId
    const {startupProbe, readinessProbe} = view.container
    view.started = startupProbe === undefined
    view.ready = view.started && readinessProbe === undefined
    this.#context.changed(!view.ready)
  }

  #markEnded(exit: ContainerExit, startedAt: string, message: string | undefined): void {
    const {view} = this
    this.#running = undefined
    const terminated: NonNullable<ContainerState['terminated']> = {
      exitCode: exit.exitCode,
      reason: exit.reason ?? (exit.exitCode === 0 ? 'Completed' : 'Error'),
      ...(message !== undefined && {message}),
      startedAt,
      finishedAt: formatTime(this.#context.clock.now()),
      ...(view.containerId !== '' && {containerID: view.containerId}),
    }
    view.state = {terminated}
    view.ready = false
    view.started = false
    this.#context.changed(this.#stopping.signal.aborted)
  }

  #wait(reason: string, message: string): void {
    this.#update({ready: false, started: false, state: {waiting: {reason, message}}})
    this.#attempt.resolve()
  }

  #update(change: Partial<Pick<ContainerView, 'state' | 'ready' | 'started'>>): void {
    Object.assign(this.view, change)
    this.#context.changed(change.started === true)
  }

  #newLog(): LogBuffer {
    if (this.#log !== undefined) this.#previousLog = this.#log
    this.#log = new LogBuffer(() => this.#context.clock.now())
    return this.#log
  }

  #hooked(running: RunningContainer): HookedContainer {
    const {container} = this.view
    return {running, container, context: this.#context, fieldPath: this.#fieldPath}
  }
}

function hasPostStart({lifecycle}: Container): boolean {
  return lifecycle?.postStart !== undefined
}
