/**
 * Knative Serving, complete but for containers: the embedded API server with its webhooks, all
 * controllers of Kubernetes, Knative and net-istio, and a stand-in node, with a clock that a test
 * advances.
 */
import {readYamlDocuments} from '../../src/util/yaml/read-yaml.ts'
import {ConfigStore} from '../../src/api/config/config-store.ts'
import {NAMESPACES} from '../../src/api/core/v1.ts'
import type {UnknownObject} from '../../src/api/meta/object.ts'
import {applyObjects} from '../../src/client/apply-objects.ts'
import {Client} from '../../src/client/client.ts'
import {RestMapper} from '../../src/client/rest-mapper.ts'
import {EventRecorder} from '../../src/controller/event-recorder.ts'
import {InformerFactory} from '../../src/controller/informer.ts'
import {createNetIstioController} from '../../src/istio/net-istio/controller.ts'
import {createAutoscaler} from '../../src/knative/autoscaler/autoscaler.ts'
import {createConfigurationController} from '../../src/knative/controller/configuration/controller.ts'
import {createDomainMappingController} from '../../src/knative/controller/domain-mapping/controller.ts'
import {createRevisionGcController} from '../../src/knative/controller/gc/controller.ts'
import {createLabelerController} from '../../src/knative/controller/labeler/controller.ts'
import {createMetricController} from '../../src/knative/controller/metric/controller.ts'
import {
  createPodAutoscalerController,
  readyPodCounter,
} from '../../src/knative/controller/pod-autoscaler/controller.ts'
import {createRevisionController} from '../../src/knative/controller/revision/controller.ts'
import {createRouteController} from '../../src/knative/controller/route/controller.ts'
import {createServerlessServiceController} from '../../src/knative/controller/serverless-service/controller.ts'
import {createServiceController} from '../../src/knative/controller/service/controller.ts'
import {createKnativeAdmission} from '../../src/knative/webhook/admission.ts'
import {type ApiServer, createApiServer} from '../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../src/kubernetes/kinds/index.ts'
import {createKubernetesControllers} from '../../src/kubernetes/controllers/create-controllers.ts'
import type {RunnableController} from '../../src/controller/key-loop.ts'
import {MemoryStorage} from '../../src/kubernetes/storage/memory-storage.ts'
import {bootstrapCluster} from '../../src/local/bootstrap.ts'
import {feedConfigs} from '../../src/local/feeds/config-feed.ts'
import {FakeClock, settle} from '../../src/util/fake-clock.ts'
import {playNode} from './stand-in-node.ts'

const ADMIN = {username: 'lab-admin', groups: ['system:masters', 'system:authenticated']}
const SYSTEM = {
  username: 'system:serviceaccount:knative-serving:controller',
  groups: ['system:serviceaccounts', 'system:authenticated'],
}

const IDLE = {
  averageConcurrentRequests: 0,
  averageProxiedConcurrentRequests: 0,
  requestCount: 0,
  proxiedRequestCount: 0,
}

/** A running Knative. Dispose of it with `await using`. */
export class ServingWorld {
  readonly clock = new FakeClock()
  /** The API as the user `lab-admin`. */
  readonly client: Client
  /** Failures of controllers that were tried again. */
  readonly errors: string[] = []
  /** Whether the gateways answer according to each KIngress. */
  gatewaysFollow = true
  readonly #storage = new MemoryStorage()
  readonly #stop = new AbortController()
  readonly #configs = new ConfigStore()
  readonly #api: ApiServer
  readonly #recorders = new Map<string, EventRecorder>()
  #controllers: ReadonlyMap<string, RunnableController> = new Map()
  #stopAutoscaler: () => void = () => undefined

  private constructor() {
    this.#api = createApiServer({
      kinds: builtinKinds,
      storage: this.#storage,
      clock: this.clock,
      admission: createKnativeAdmission({configs: () => this.#configs.snapshot()}),
      authenticate: () => undefined,
    })
    this.client = new Client(this.#api.transport(ADMIN))
  }

  /** Starts it with this default domain and waits until its own pods are ready. */
  static async start(domain = 'knative.example.com'): Promise<ServingWorld> {
    const world = new ServingWorld()
    await bootstrapCluster(world.client, domain)
    await world.#run()
    await world.advance(2000)
    return world
  }

  async #run(): Promise<void> {
    const {clock} = this
    const client = new Client(this.#api.transport(SYSTEM, {component: 'controller'}))
    const configs = this.#configs
    const informers = new InformerFactory(client, clock)
    const onError = (component: string, key: string, error: unknown): void =>
      void this.errors.push(`${component} ${key}: ${String(error)}`)
    feedConfigs(informers, configs, onError)
    const events = (component: string): EventRecorder => {
      const recorder =
        this.#recorders.get(component) ?? new EventRecorder({client, clock, component})
      this.#recorders.set(component, recorder)
      return recorder
    }
    const readyPods = readyPodCounter(informers)
    const autoscaler = createAutoscaler({
      clock,
      readyPods,
      // Nobody sends requests; a pod that is there says so.
      scrape: (revision) => (readyPods(revision) === 0 ? undefined : IDLE),
    })
    this.#stopAutoscaler = () => autoscaler.stop()
    const knative = {client, informers, clock, configs, events, onError}
    const {deciders, collector} = autoscaler
    this.#controllers = new Map<string, RunnableController>([
      ...createKubernetesControllers({
        client,
        informers,
        clock,
        onError,
        types: () => this.#api.servedTypes(),
        rootCertificate: '',
        loadBalancerAddress: () => ({ip: '127.0.0.1'}),
      }),
      ['service', createServiceController(knative)],
      ['configuration', createConfigurationController(knative)],
      ['revision', createRevisionController(knative)],
      ['route', createRouteController(knative)],
      ['labeler', createLabelerController(knative)],
      ['revision-gc', createRevisionGcController(knative)],
      ['domain-mapping', createDomainMappingController(knative)],
      ['sks', createServerlessServiceController(knative)],
      ['pa', createPodAutoscalerController({...knative, deciders})],
      ['metric', createMetricController({...knative, collector})],
      [
        'net-istio',
        createNetIstioController({
          ...knative,
          probe: () => Promise.resolve(this.gatewaysFollow),
        }),
      ],
    ])
    await playNode({client, informers, clock, onError: (error) => onError('node', '', error)})
    await informers.start(this.#stop.signal)
    for (const controller of this.#controllers.values()) void controller.run(this.#stop.signal)
  }

  /** Lets `durationMs` pass, and everything that happens meanwhile happen. */
  async advance(durationMs: number): Promise<void> {
    await this.settle()
    let left = durationMs
    while (left > 0) {
      const step = Math.min(left, Math.max(1, this.clock.untilNextMs() ?? left))
      await this.clock.advance(step)
      await this.settle()
      left -= step
    }
  }

  /** Resolves when nobody has work left that needs no time. */
  async settle(): Promise<void> {
    let revision = -1
    for (;;) {
      await settle(6)
      const busy = [...this.#controllers.values()].some(({queue}) => !queue.idle)
      if (!busy && this.#storage.currentRevision === revision) return
      revision = this.#storage.currentRevision
    }
  }

  /** What `kubectl apply` does: creates, or makes spec, labels and annotations what the text says. */
  async apply(text: string, namespace = 'default'): Promise<void> {
    await this.ensureNamespace(namespace)
    const objects = readYamlDocuments(text).map(({value}) => value as UnknownObject)
    await applyObjects(
      objects.map((object) => ({...object, metadata: {namespace, ...object.metadata}})),
      {
        client: this.client,
        mapper: new RestMapper(this.client),
        fieldManager: 'kubectl',
        mode: 'apply',
      },
    )
    await this.settle()
  }

  /** Creates a namespace that is not there. */
  async ensureNamespace(name: string): Promise<void> {
    if ((await this.client.find(NAMESPACES, {name})) !== undefined) return
    await this.client.create(NAMESPACES, {apiVersion: 'v1', kind: 'Namespace', metadata: {name}})
  }

  /** Writes so far. */
  get revision(): number {
    return this.#storage.currentRevision
  }

  /** Waits for events to be written. */
  async flushEvents(): Promise<void> {
    for (const recorder of this.#recorders.values()) await recorder.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#stopAutoscaler()
    await settle()
    this.#storage.close()
  }
}
