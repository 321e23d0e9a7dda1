import type {Deployment} from '../../src/api/apps/v1.ts'
import {type Pod, PODS, SERVICE_ACCOUNTS} from '../../src/api/core/v1.ts'
import {Client} from '../../src/client/client.ts'
import {InformerFactory} from '../../src/controller/informer.ts'
import {ClusterNetwork} from '../../src/http/cluster-network.ts'
import {type ApiServer, createApiServer} from '../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../src/kubernetes/kinds/index.ts'
import {createKubernetesControllers} from '../../src/kubernetes/controllers/create-controllers.ts'
import {ensureSystemNamespaces} from '../../src/kubernetes/controllers/namespace/defaults.ts'
import {createKubelet, type Kubelet} from '../../src/kubernetes/kubelet/kubelet.ts'
import {HandlerRuntime} from '../../src/kubernetes/runtimes/handler/handler-runtime.ts'
import type {ContainerRuntime} from '../../src/kubernetes/runtimes/runtime.ts'
import {MemoryStorage} from '../../src/kubernetes/storage/memory-storage.ts'
import {FakeClock, settle} from '../../src/util/fake-clock.ts'

/** The image every test may use: a function that answers `ok`. */
export const OK_IMAGE = 'example.com/ok:v1'

/**
 * Kubernetes without Knative: API server, its controllers and one node, on a fake clock. Whoever
 * starts it calls `stop`.
 */
export class NodeCluster {
  readonly clock: FakeClock
  readonly storage: MemoryStorage
  readonly apiServer: ApiServer
  readonly client: Client
  readonly network = new ClusterNetwork()
  readonly errors: string[] = []
  /** Writes of pod statuses so far, by pod. */
  readonly statusWrites = new Map<string, number>()
  kubelet: Kubelet
  readonly #runtimes: readonly ContainerRuntime[]
  #stopping = new AbortController()
  #running: Promise<void>[] = []

  constructor(
    options: {
      runtimes?: readonly ContainerRuntime[]
      storage?: MemoryStorage
      clock?: FakeClock
    } = {},
  ) {
    this.clock = options.clock ?? new FakeClock()
    this.storage = options.storage ?? new MemoryStorage()
    this.apiServer = createApiServer({
      kinds: builtinKinds,
      storage: this.storage,
      clock: this.clock,
      authenticate: () => undefined,
    })
    const transport = this.apiServer.transport(
      {username: 'admin', groups: ['system:masters']},
      {component: 'kubelet'},
    )
    this.client = new Client({
      send: (request) => {
        const status = /\/pods\/([^/]+)\/status$/.exec(request.path)
        if (request.method === 'PUT' && status !== null) {
          const name = status[1] ?? ''
          this.statusWrites.set(name, (this.statusWrites.get(name) ?? 0) + 1)
        }
        return transport.send(request)
      },
    })
    this.#runtimes = options.runtimes ?? [
      new HandlerRuntime({[OK_IMAGE]: () => new Response('ok')}),
    ]
    this.kubelet = this.#createKubelet(new InformerFactory(this.client, this.clock))
  }

  readonly #onError = (component: string, key: string, error: unknown): void => {
    this.errors.push(`${component} ${key}: ${error instanceof Error ? error.stack : String(error)}`)
  }

  /** Starts controllers and node, with the namespaces every cluster has. */
  async start(): Promise<this> {
    await ensureSystemNamespaces(this.client)
    this.#stopping = new AbortController()
    const informers = new InformerFactory(this.client, this.clock)
    const controllers = createKubernetesControllers({
      client: this.client,
      informers,
      clock: this.clock,
      types: () => this.apiServer.servedTypes(),
      rootCertificate: 'PEM',
      loadBalancerAddress: () => ({ip: '127.0.0.1'}),
      onError: this.#onError,
    })
    this.kubelet = this.#createKubelet(informers)
    await informers.start(this.#stopping.signal)
    this.#running = [...controllers.values()].map((one) => one.run(this.#stopping.signal))
    await this.kubelet.start()
    await this.until(async () =>
      (await this.client.find(SERVICE_ACCOUNTS, {namespace: 'default', name: 'default'}))
        ? true
        : undefined,
    )
    return this
  }

  /** Ends node and controllers; the objects stay. Fails when anything went wrong meanwhile. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.kubelet.stop()
    await Promise.all(this.#running)
    if (this.errors.length > 0) throw new Error(this.errors.join('\n'))
  }

  /** Leaves everything as it is, as a `kill -9` would; containers go on until they are told. */
  abandon(): void {
    this.#stopping.abort()
  }

  /** Lets things happen without time passing until `probe` answers something. */
  async until<T>(probe: () => T | undefined | Promise<T | undefined>, turns = 200): Promise<T> {
    for (let turn = 0; turn < turns; turn++) {
      const value = await probe()
      if (value !== undefined) return value
      await settle(1)
    }
    throw new Error(`it did not happen; errors: ${this.errors.join('\n') || 'none'}`)
  }

  async pod(name: string): Promise<Pod> {
    return this.client.get(PODS, {namespace: 'default', name})
  }

  async pods(): Promise<Pod[]> {
    return (await this.client.list(PODS, {namespace: 'default'})).items
  }

  #createKubelet(informers: InformerFactory): Kubelet {
    return createKubelet({
      client: this.client,
      informers,
      clock: this.clock,
      network: this.network,
      runtimes: this.#runtimes,
      onError: this.#onError,
    })
  }
}

/** A pod with one container of {@link OK_IMAGE}, changed by `spec`. */
export function pod(name: string, spec: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'default', labels: {app: name}},
    spec: {
      containers: [{name: 'main', image: OK_IMAGE, ports: [{containerPort: 8080}]}],
      ...spec,
    },
  }
}

/** A Deployment of pods as {@link pod} makes them. */
export function deployment(name: string, spec: Partial<Deployment['spec']> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, namespace: 'default', labels: {app: name}},
    spec: {
      replicas: 1,
      selector: {matchLabels: {app: name}},
      template: {metadata: {labels: {app: name}}, spec: pod(name).spec},
      ...spec,
    },
  }
}
