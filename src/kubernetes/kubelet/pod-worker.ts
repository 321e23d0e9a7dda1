import {formatTime} from '../../api/condition-set.ts'
import {type Container, type Pod, PODS} from '../../api/core/v1.ts'
import {isConflict, isNotFound} from '../../api/meta/status-error.ts'
import type {Upstream} from '../../http/upstream.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import type {Sandbox} from '../runtimes/runtime.ts'
import {ContainerWorker, type RestartRule} from './container-worker.ts'
import {exposePort} from './exposed-port.ts'
import type {NodeContext} from './node-context.ts'
import type {PodContext} from './pod-context.ts'
import {type ContainerView, makePodStatus, newContainerView} from './pod-status.ts'
import {StatusWriter} from './status-writer.ts'
import {PodVolumes} from './volumes/pod-volumes.ts'

/** What a pod worker needs besides what all pods share. */
export interface PodWorkerOptions {
  readonly node: NodeContext
  readonly pod: Pod
  readonly podIp: string
}

/**
 * Runs one pod: its address, init containers one after another, containers, status, and its end.
 *
 * Counterpart of the kubelet's pod worker.
 */
export class PodWorker {
  readonly podIp: string
  readonly #node: NodeContext
  readonly #status: StatusWriter
  readonly #initWorkers: readonly ContainerWorker[]
  readonly #workers: readonly ContainerWorker[]
  readonly #startTime: string
  readonly #sandbox: Sandbox
  readonly #volumes: PodVolumes
  readonly #releases: (() => void | Promise<void>)[] = []
  readonly #hurry = new AbortController()
  #isBeginning = true
  #isShutDown = false
  #termination: Promise<void> | undefined
  #forceTimer: {dueMs: number; cancel(): void} | undefined

  constructor(options: PodWorkerOptions) {
    const {node, pod, podIp} = options
    this.podIp = podIp
    this.#node = node
    this.#startTime = pod.status?.startTime ?? formatTime(node.clock.now())
    this.#status = new StatusWriter({
      client: node.client,
      clock: node.clock,
      pod,
      make: (current) => this.#makeStatus(current),
      onError: (error) => node.onError(`status of pod ${pod.metadata.name}`, error),
    })
    this.#sandbox = this.#makeSandbox()
    this.#volumes = new PodVolumes(node, () => this.#withAddress())
    const context: PodContext = {
      ...node,
      pod: () => this.#withAddress(),
      sandbox: this.#sandbox,
      volumes: this.#volumes,
      changed: (calm) => this.#status.changed(calm),
    }
    const {initContainers = [], containers, restartPolicy = 'Always'} = pod.spec
    const reason = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating'
    const worker = (container: Container, rule: RestartRule, isInit: boolean): ContainerWorker =>
      new ContainerWorker(context, viewOf(pod, container, reason, isInit), rule, isInit)
    const rule = restartPolicy === 'Never' ? 'never' : 'on-failure'
    this.#initWorkers = initContainers.map((container) => worker(container, rule, true))
    this.#workers = containers.map((container) =>
      worker(container, restartPolicy === 'Always' ? 'always' : rule, false),
    )
  }

  /** The newest version of the pod. */
  get pod(): Pod {
    return this.#status.pod
  }

  /** Whether something is under way that somebody may wait for: a start, an end, a write. */
  get busy(): boolean {
    return (
      (this.#isBeginning && !this.#isWaiting) ||
      this.#status.busy ||
      this.#termination !== undefined ||
      this.#workers.some(({isStarting}) => isStarting)
    )
  }

  /** Whether a volume or a container waits for a retry: that takes long, and nobody waits with it. */
  get #isWaiting(): boolean {
    if (this.#volumes.isWaiting) return true
    return [...this.#initWorkers, ...this.#workers].some(
      ({view}) => view.state.waiting?.message !== undefined,
    )
  }

  /** A container of the pod by name, also one of those that initialise it. */
  container(name: string): ContainerWorker | undefined {
    return [...this.#workers, ...this.#initWorkers].find((worker) => worker.name === name)
  }

  /** Where a declared port of a container answers now; undefined for every other. */
  endpoint(port: number): Upstream | undefined {
    return this.#sandbox.dial(port)
  }

  /** Begins to run the pod; returns at once. */
  start(): void {
    this.#begin()
      .catch((error: unknown) => this.#node.onError(`pod ${this.pod.metadata.name}`, error))
      .finally(() => (this.#isBeginning = false))
  }

  /** Takes a newer version of the pod; a deletion begins its end. */
  update(pod: Pod): void {
    const before = this.pod
    this.#status.observe(pod)
    if (pod.metadata.deletionTimestamp === undefined) {
      if (!hasSameFields(before, pod)) this.#volumes.refresh()
      for (const container of pod.spec.containers) {
        this.#workers.find(({name}) => name === container.name)?.redefine(container)
      }
      // A readiness gate or a label may have changed what the status says.
      this.#status.changed(true)
      return
    }
    this.#limitGrace((pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000)
    this.#termination ??= this.#terminate().catch((error: unknown) =>
      this.#node.onError(`end of pod ${pod.metadata.name}`, error),
    )
  }

  /** Ends everything at once and gives the address back; nothing is written any more. */
  async kill(): Promise<void> {
    this.#hurry.abort()
    this.#volumes.end()
    this.#forceTimer?.cancel()
    const all = [...this.#initWorkers, ...this.#workers]
    for (const worker of all) worker.kill()
    await Promise.all(all.map((worker) => worker.finished()))
    await this.#close()
  }

  /** Ends all containers in good order but quickly; the pod stays in the API as it is. */
  async shutDown(graceMs: number): Promise<void> {
    await this.#status.close()
    this.#isShutDown = true
    this.#volumes.end()
    const all = [...this.#initWorkers, ...this.#workers]
    await Promise.all(all.map((worker) => worker.stop(graceMs, this.#hurry.signal, 'skip-hooks')))
    await this.#termination
    await this.kill()
  }

  async #begin(): Promise<void> {
    this.#status.changed(true)
    await this.#volumes.setUp()
    if (this.#isEnding) return
    for (const worker of this.#initWorkers) {
      await worker.start()
      await worker.finished()
      if (this.#isEnding) return
      if (worker.view.state.terminated?.exitCode !== 0) {
        this.#status.changed(false)
        return
      }
    }
    if (this.#initWorkers.length > 0) {
      for (const {view} of this.#workers) view.state = {waiting: {reason: 'ContainerCreating'}}
    }
    this.#exposePorts()
    for (const worker of this.#workers) {
      if (this.#isEnding) return
      await worker.start()
    }
  }

  get #isEnding(): boolean {
    return this.#termination !== undefined || this.#isShutDown || this.#hurry.signal.aborted
  }

  /** Ends the pod in good order, within its grace period, and takes it out of the API. */
  async #terminate(): Promise<void> {
    this.#volumes.end()
    const {clock} = this.#node
    const left = (): number => Math.max(0, (this.#forceTimer?.dueMs ?? clock.now()) - clock.now())
    await Promise.all(
      [...this.#initWorkers, ...this.#workers].map((worker) =>
        worker.stop(left(), this.#hurry.signal),
      ),
    )
    this.#forceTimer?.cancel()
    await this.#close()
    await this.#deleteFromApi()
  }

  /** A deletion with less grace than before shortens what is left. */
  #limitGrace(graceMs: number): void {
    const dueMs = this.#node.clock.now() + graceMs
    if (this.#forceTimer !== undefined && this.#forceTimer.dueMs <= dueMs) return
    this.#forceTimer?.cancel()
    if (graceMs <= 0) this.#hurry.abort()
    const timer = this.#node.clock.after(graceMs, () => this.#hurry.abort())
    this.#forceTimer = {dueMs, cancel: () => timer.cancel()}
  }

  async #deleteFromApi(): Promise<void> {
    const {metadata} = this.pod
    try {
      await this.#node.client.delete(PODS, metadata, {
        gracePeriodSeconds: 0,
        ...(metadata.uid !== undefined && {preconditions: {uid: metadata.uid}}),
      })
    } catch (error) {
      // Gone already, or another pod has the name by now.
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  async #close(): Promise<void> {
    for (const release of this.#releases.splice(0)) await release()
    await this.#volumes.tearDown()
    await this.#status.close()
  }

  #makeStatus(pod: Pod): NonNullable<Pod['status']> {
    return makePodStatus(
      {
        pod,
        initContainers: this.#initWorkers.map(({view}) => view),
        containers: this.#workers.map(({view}) => view),
        podIp: this.podIp,
        hostIp: this.#node.hostIp,
        startTime: this.#startTime,
      },
      this.#node.clock.now(),
    )
  }

  /** The pod as its containers see it: with the address, before the status says so. */
  #withAddress(): Pod {
    const {pod} = this
    if (pod.status?.podIP === this.podIp) return pod
    const {podIp} = this
    return {...pod, status: {...pod.status, podIP: podIp, podIPs: [{ip: podIp}]}}
  }

  #makeSandbox(): Sandbox {
    return {
      podIp: this.podIp,
      dial: (port) => {
        for (const worker of this.#workers) {
          const declares = worker.view.container.ports?.some(
            ({containerPort}) => containerPort === port,
          )
          const upstream = declares ? worker.endpoint(port) : undefined
          if (upstream !== undefined) return upstream
        }
        return undefined
      },
    }
  }

  /**
   * Declared ports answer on the pod's address. Where a component stands before the container (a
   * queue-proxy), it binds what may be reached, and nobody asks for the rest.
   */
  #exposePorts(): void {
    const {network, runtimes} = this.#node
    const isComponent = (image: string): boolean =>
      runtimes.find((runtime) => runtime.resolve(image).runnable)?.name === 'component'
    if (this.#workers.some(({view}) => isComponent(view.container.image ?? ''))) return
    const sandbox = this.#sandbox
    for (const {containerPort} of this.#workers.flatMap(({view}) => view.container.ports ?? [])) {
      if (network.dial(this.podIp, containerPort) !== undefined) continue
      const exposed = exposePort(() => sandbox.dial(containerPort))
      const release = network.bind(this.podIp, containerPort, exposed.handler)
      this.#releases.push(release, () => exposed.close())
    }
  }
}

/** Whether what a volume may show of a pod is the same. */
function hasSameFields({metadata: before}: Pod, {metadata}: Pod): boolean {
  return (
    semanticEqual(before.labels, metadata.labels) &&
    semanticEqual(before.annotations, metadata.annotations)
  )
}

function viewOf(
  pod: Pod,
  container: Container,
  waitingReason: string,
  isInit: boolean,
): ContainerView {
  const statuses = isInit ? pod.status?.initContainerStatuses : pod.status?.containerStatuses
  const before = statuses?.find(({name}) => name === container.name)
  return newContainerView(container, before, waitingReason)
}
