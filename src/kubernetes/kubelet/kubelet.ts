import type {Duplex} from 'node:stream'
import {type Pod, PODS} from '../../api/core/v1.ts'
import {keyOf} from '../../api/meta/object.ts'
import type {ContainerAccess} from '../../api/remote-command.ts'
import {notFound} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import {EventRecorder} from '../../controller/event-recorder.ts'
import type {InformerFactory} from '../../controller/informer.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import type {Clock} from '../../util/clock.ts'
import type {ContainerRuntime} from '../runtimes/runtime.ts'
import {type LogOptions, readLog} from './log-reader.ts'
import {machineFacts} from './node/machine-facts.ts'
import type {NodeFacts} from './node/node.ts'
import {registerNode, takeLease} from './node/registration.ts'
import {containerAccess, dialPod} from './pod-entry.ts'
import {chooseContainer, chooseLog} from './pod-logs.ts'
import type {NodeContext} from './node-context.ts'
import {PodIps} from './pod-ips.ts'
import {PodWorker} from './pod-worker.ts'
import {PodsDirectory} from './volumes/pods-directory.ts'
import {VolumeChanges} from './volumes/volume-changes.ts'

/** What a kubelet is made of. */
export interface KubeletOptions {
  readonly client: Client
  readonly informers: InformerFactory
  readonly clock: Clock
  readonly network: ClusterNetwork
  /** Defaults to this machine, under the name `kntool`. */
  readonly node?: NodeFacts
  /** Asked in this order; the first that knows an image runs it. */
  readonly runtimes: readonly ContainerRuntime[]
  /** Where volumes are kept, removed when the node ends. Defaults to a temporary directory. */
  readonly podsDirectory?: string
  /** The proxy that knows the cluster's Services, for the programs of a namespace. */
  readonly serviceProxy?: NodeContext['serviceProxy']
  readonly onError: (component: string, key: string, error: unknown) => void
}

/** The way of an API server to the pods of a node. */
interface NodePodAccess {
  /** The log, until its end, or with `follow` until `signal` aborts. Throws a StatusError. */
  logs(
    namespace: string,
    pod: string,
    options: LogOptions,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>
  /**
   * The way into a container that runs. Throws a StatusError where its runtime has none, and an
   * Error in the kubelet's words where it does not run.
   */
  container(namespace: string, pod: string, container: string): ContainerAccess
  /** Connects to a port of the pod. Rejects with an Error that says why not. */
  dial(namespace: string, pod: string, port: number): Promise<Duplex>
}

/** The pods of one node. */
export interface Kubelet {
  /** What an API server asks of the node. */
  readonly podAccess: NodePodAccess
  /** Whether pods are starting or ending. Those that wait for a retry do not count. */
  readonly busy: boolean
  /** Registers the node and runs its pods until {@link stop}; informers must be started before. */
  start(): Promise<void>
  /**
   * Ends all containers; their pods stay in the API and run again at the next start. Resolves when
   * nothing is left, after at most `graceMs`. The runtimes stay open: close them afterwards.
   */
  stop(graceMs?: number): Promise<void>
}

/**
 * Creates the kubelet of a node. Nothing runs before {@link Kubelet.start}.
 *
 * Counterpart of kubernetes `pkg/kubelet`.
 */
export function createKubelet(options: KubeletOptions): Kubelet {
  return new NodeKubelet(options)
}

class NodeKubelet implements Kubelet, NodePodAccess {
  readonly podAccess: NodePodAccess = this
  readonly #options: KubeletOptions
  readonly #facts: NodeFacts
  readonly #node: NodeContext
  readonly #workers = new Map<string, PodWorker>()
  readonly #ending = new Set<Promise<void>>()
  readonly #ips = new PodIps()
  readonly #podsDirectory: PodsDirectory
  #isStopped = false

  constructor(options: KubeletOptions) {
    this.#options = options
    const {client, clock, network, runtimes, serviceProxy} = options
    this.#facts = options.node ?? machineFacts()
    this.#podsDirectory = new PodsDirectory(options.podsDirectory)
    const onError = (what: string, error: unknown): void => options.onError('kubelet', what, error)
    this.#node = {
      client,
      clock,
      network,
      runtimes,
      hostIp: this.#facts.address,
      volumeChanges: new VolumeChanges(options.informers),
      podsDirectory: () => this.#podsDirectory.path(),
      onError,
      ...(serviceProxy !== undefined && {serviceProxy}),
      events: new EventRecorder({
        client,
        clock,
        component: 'kubelet',
        host: this.#facts.name,
        onError: (error) => onError('events', error),
      }),
    }
  }

  async start(): Promise<void> {
    const {client, clock, runtimes} = this.#options
    // What a crash left behind holds ports and names that the pods want again.
    for (const runtime of runtimes) await runtime.cleanUp?.()
    await this.#podsDirectory
      .cleanUp()
      .catch((error: unknown) => this.#node.onError('files of earlier pods', error))
    const node = await registerNode(client, clock, this.#facts)
    await takeLease(client, clock, node)
    const pods = this.#options.informers.of(PODS)
    await pods.synced
    // Addresses that are stored are taken first, so that no new pod gets one of them.
    const known = pods.list().filter((pod) => this.#isOurs(pod))
    for (const pod of known) this.#observe(pod)
    pods.addHandler({
      onSet: (pod) => {
        if (this.#isOurs(pod)) this.#observe(pod)
      },
      onDelete: (pod) => this.#forget(pod),
    })
  }

  async *logs(
    namespace: string,
    name: string,
    options: LogOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const worker = this.#workers.get(`${namespace}/${name}`)
    if (worker === undefined) throw notFound(PODS, name)
    const container = worker.container(chooseContainer(worker.pod, options.container))
    if (container === undefined) throw notFound(PODS, name)
    const log = chooseLog(worker.pod, container, options)
    yield* readLog(log, options, this.#node.clock.now(), signal)
  }

  container(namespace: string, name: string, container: string): ContainerAccess {
    return containerAccess(this.#workers.get(`${namespace}/${name}`), name, container)
  }

  dial(namespace: string, name: string, port: number): Promise<Duplex> {
    return dialPod(this.#node, this.#workers.get(`${namespace}/${name}`), port)
  }

  get busy(): boolean {
    if (this.#ending.size > 0) return true
    for (const worker of this.#workers.values()) if (worker.busy) return true
    return false
  }

  async stop(graceMs = 2000): Promise<void> {
    this.#isStopped = true
    const workers = [...this.#workers.values()]
    this.#workers.clear()
    await Promise.all(workers.map((worker) => worker.shutDown(graceMs)))
    await Promise.all(this.#ending)
    await this.#podsDirectory
      .remove()
      .catch((error: unknown) => this.#node.onError('files of pods', error))
    await this.#node.events.flush()
  }

  #isOurs(pod: Pod): boolean {
    return pod.spec.nodeName === this.#facts.name
  }

  #observe(pod: Pod): void {
    if (this.#isStopped) return
    const key = keyOf(pod)
    const existing = this.#workers.get(key)
    if (existing !== undefined && existing.pod.metadata.uid === pod.metadata.uid) {
      existing.update(pod)
      return
    }
    if (existing !== undefined) this.#end(key, existing)
    const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    if (isOver && pod.metadata.deletionTimestamp === undefined) return
    const worker = new PodWorker({
      node: this.#node,
      pod,
      podIp: this.#ips.allocate(pod.status?.podIP),
    })
    this.#workers.set(key, worker)
    // One that was being deleted when we ended has nothing left to run.
    if (pod.metadata.deletionTimestamp === undefined) worker.start()
    else worker.update(pod)
  }

  #forget(pod: Pod): void {
    const key = keyOf(pod)
    const worker = this.#workers.get(key)
    if (worker?.pod.metadata.uid === pod.metadata.uid) this.#end(key, worker)
  }

  /** The pod is gone from the API: whatever still runs of it ends now. */
  #end(key: string, worker: PodWorker | undefined): void {
    if (worker === undefined) return
    this.#workers.delete(key)
    const ending = worker
      .kill()
      .catch((error: unknown) => this.#node.onError(`end of pod ${key}`, error))
      .finally(() => {
        this.#ips.release(worker.podIp)
        this.#ending.delete(ending)
      })
    this.#ending.add(ending)
  }
}
