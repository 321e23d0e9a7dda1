/**
 * The controllers of scaling and of net-istio, live on a {@link TinyApi} with a fake clock. A
 * stand-in plays the rest of Kubernetes: pods of a Deployment are ready 300 ms after they are
 * wanted, gone at once, and endpoints follow.
 */
import {DEPLOYMENTS, type Deployment} from '../../src/api/apps/v1.ts'
import {POD_AUTOSCALERS, type PodAutoscaler} from '../../src/api/autoscaling/v1alpha1.ts'
import {
  ConfigStore,
  type ConfigSnapshot,
  defaultConfigs,
} from '../../src/api/config/config-store.ts'
import {CORE_SERVICES, ENDPOINTS, type Endpoints, type Pod, PODS} from '../../src/api/core/v1.ts'
import type {KubeObject} from '../../src/api/meta/object.ts'
import type {ResourceType} from '../../src/api/meta/resource-type.ts'
import {isAlreadyExists} from '../../src/api/meta/status-error.ts'
import {SERVERLESS_SERVICES} from '../../src/api/networking/v1alpha1.ts'
import {Client} from '../../src/client/client.ts'
import type {Controller} from '../../src/controller/controller.ts'
import {EventRecorder} from '../../src/controller/event-recorder.ts'
import {InformerFactory} from '../../src/controller/informer.ts'
import {createNetIstioController} from '../../src/istio/net-istio/controller.ts'
import type {ProbeTarget} from '../../src/istio/net-istio/probe-targets.ts'
import {type Autoscaler, createAutoscaler} from '../../src/knative/autoscaler/autoscaler.ts'
import type {Stat} from '../../src/knative/autoscaler/stat.ts'
import {createMetricController} from '../../src/knative/controller/metric/controller.ts'
import {
  createPodAutoscalerController,
  readyPodCounter,
} from '../../src/knative/controller/pod-autoscaler/controller.ts'
import {createServerlessServiceController} from '../../src/knative/controller/serverless-service/controller.ts'
import {FakeClock, settle} from '../../src/util/fake-clock.ts'
import {installIstio} from './istio-objects.ts'
import {TinyApi} from './tiny-api.ts'

const NAMESPACE = 'default'
const POD_START_MS = 300

/** A world in which revisions scale. */
export class ScalingWorld {
  readonly api = new TinyApi()
  readonly clock = new FakeClock()
  readonly client = new Client(this.api)
  readonly informers = new InformerFactory(this.client, this.clock)
  readonly configs: ConfigStore
  readonly autoscaler: Autoscaler
  readonly errors: string[] = []
  /** Requests in flight per revision (`namespace/name`), all of them through the activator. */
  readonly load = new Map<string, number>()
  /** Whether a started pod ever becomes ready. */
  podsBecomeReady = true
  /** What the gateways answer to probes. */
  gatewaysFollow = true
  /** Whom net-istio asked last. */
  probed: readonly ProbeTarget[] = []
  /** Keeps the pods from being read when it says why. */
  scrapeFailure: Error | undefined
  readonly #stop = new AbortController()
  #podNumber = 0

  private constructor(configs: Partial<ConfigSnapshot>) {
    this.configs = new ConfigStore({...defaultConfigs(), ...configs})
    const readyPods = readyPodCounter(this.informers)
    this.autoscaler = createAutoscaler({
      clock: this.clock,
      readyPods,
      scrape: (revision) => {
        if (this.scrapeFailure !== undefined) throw this.scrapeFailure
        return readyPods(revision) === 0 ? undefined : proxied(this.load.get(revision) ?? 0)
      },
    })
  }

  static async start(configs: Partial<ConfigSnapshot> = {}): Promise<ScalingWorld> {
    const world = new ScalingWorld(configs)
    await world.#run()
    return world
  }

  async #run(): Promise<void> {
    const {client, clock, informers, configs, autoscaler} = this
    const events = new EventRecorder({client, clock, component: 'test'})
    const deps = {
      client,
      clock,
      informers,
      configs,
      events: () => events,
      onError: (_: string, key: string, error: unknown) =>
        void this.errors.push(`${key}: ${String(error)}`),
    }
    const controllers = [
      createPodAutoscalerController({...deps, deciders: autoscaler.deciders}),
      createMetricController({...deps, collector: autoscaler.collector}),
      createServerlessServiceController(deps),
      createNetIstioController({
        ...deps,
        probe: (targets) => {
          this.probed = targets
          return Promise.resolve(this.gatewaysFollow)
        },
      }),
    ]
    await this.create(CORE_SERVICES, {
      ...named('activator-service', 'v1', 'Service'),
      metadata: {name: 'activator-service', namespace: 'knative-serving'},
      spec: {ports: [{name: 'http', port: 80}]},
    })
    await this.setActivators(['10.0.0.1'])
    await installIstio(client)
    await informers.start(this.#stop.signal)
    this.#playKubernetes()
    for (const controller of controllers) void this.#work(controller)
    this.#reportLoad()
    await settle()
  }

  async #work(controller: Pick<Controller<KubeObject>, 'run'>): Promise<void> {
    await controller.run(this.#stop.signal)
  }

  stop(): void {
    this.#stop.abort()
    this.autoscaler.stop()
  }

  async create<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<void> {
    await this.client.create(type, object)
  }

  /** Puts activators behind their Service. */
  async setActivators(ips: readonly string[]): Promise<void> {
    const endpoints: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {name: 'activator-service', namespace: 'knative-serving'},
      subsets: [
        {
          addresses: ips.map((ip) => ({ip})),
          ports: [
            {name: 'http', port: 8012, protocol: 'TCP'},
            {name: 'https', port: 8112, protocol: 'TCP'},
            {name: 'http-metrics', port: 9090, protocol: 'TCP'},
          ],
        },
      ],
    }
    try {
      await this.client.create(ENDPOINTS, endpoints)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      await this.client.update(ENDPOINTS, endpoints)
    }
  }

  /** What the reconciler of revisions makes: a Deployment and a PodAutoscaler. */
  async createRevision(
    name: string,
    annotations: Record<string, string> = {},
    spec: Partial<PodAutoscaler['spec']> = {},
  ): Promise<void> {
    const labels = {'serving.knative.dev/revision': name}
    const deployment: Deployment = {
      ...named(`${name}-deployment`, 'apps/v1', 'Deployment'),
      spec: {
        replicas: 1,
        selector: {matchLabels: {'serving.knative.dev/revisionUID': `uid-of-${name}`}},
        template: {metadata: {labels}, spec: {containers: []}},
      },
    }
    await this.client.create(DEPLOYMENTS, deployment)
    await this.client.create(POD_AUTOSCALERS, {
      apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
      kind: 'PodAutoscaler',
      metadata: {
        name,
        namespace: NAMESPACE,
        labels,
        annotations: {
          'autoscaling.knative.dev/class': 'kpa.autoscaling.knative.dev',
          'autoscaling.knative.dev/metric': 'concurrency',
          ...annotations,
        },
      },
      spec: {
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-deployment`},
        reachability: 'Reachable',
        protocolType: 'http1',
        ...spec,
      },
    })
    await settle()
  }

  podAutoscaler(name: string): Promise<PodAutoscaler> {
    return this.client.get(POD_AUTOSCALERS, {name, namespace: NAMESPACE})
  }

  serverlessService(name: string) {
    return this.client.get(SERVERLESS_SERVICES, {name, namespace: NAMESPACE})
  }

  async replicas(name: string): Promise<number> {
    const key = {name: `${name}-deployment`, namespace: NAMESPACE}
    return (await this.client.get(DEPLOYMENTS, key)).spec.replicas ?? 1
  }

  /** IPs behind the public name of a revision. */
  async publicAddresses(name: string): Promise<string[]> {
    const endpoints = await this.client.find(ENDPOINTS, {name, namespace: NAMESPACE})
    return (endpoints?.subsets ?? []).flatMap((subset) =>
      (subset.addresses ?? []).map(({ip}) => ip),
    )
  }

  /** Sets the load of a revision; the first request to one at zero is reported at once. */
  async setLoad(name: string, concurrency: number): Promise<void> {
    const revision = `${NAMESPACE}/${name}`
    const before = this.load.get(revision) ?? 0
    this.load.set(revision, concurrency)
    if (before === 0 && concurrency > 0) this.autoscaler.report(revision, unproxied(1))
    await settle()
  }

  /** The activator reports once a second what it sees. */
  #reportLoad(): void {
    this.clock.after(1_000, () => {
      for (const [revision, concurrency] of this.load) {
        if (concurrency > 0) this.autoscaler.report(revision, unproxied(concurrency))
      }
      if (!this.#stop.signal.aborted) this.#reportLoad()
    })
  }

  #playKubernetes(): void {
    this.informers.of(DEPLOYMENTS).addHandler({
      onSet: (deployment) => void this.#scalePods(deployment),
    })
    const follow = (pod: Pod): void => void this.#writeEndpoints(pod)
    this.informers.of(PODS).addHandler({onSet: follow, onDelete: follow})
    this.informers.of(CORE_SERVICES).addHandler({
      onSet: (service, before) => {
        const revision = service.metadata.labels?.['serving.knative.dev/revision']
        if (before !== undefined || !service.metadata.name.endsWith('-private')) return
        if (revision !== undefined) void this.#writeRevisionEndpoints(revision)
      },
    })
  }

  async #scalePods(deployment: Deployment): Promise<void> {
    const revision = deployment.metadata.name.replace(/-deployment$/, '')
    const pods = this.#podsOf(revision)
    const wanted = deployment.spec.replicas ?? 1
    for (const {metadata} of pods.slice(wanted)) await this.client.delete(PODS, metadata)
    for (let missing = wanted - pods.length; missing > 0; missing--) {
      this.#podNumber += 1
      const name = `${revision}-${this.#podNumber}`
      const ip = `10.1.0.${this.#podNumber}`
      await this.client.create(PODS, {
        ...named(name, 'v1', 'Pod'),
        metadata: {name, namespace: NAMESPACE, labels: {'serving.knative.dev/revision': revision}},
        spec: {containers: []},
        status: {phase: 'Pending', podIP: ip},
      })
      this.clock.after(POD_START_MS, () => void this.#startPod(name, ip))
    }
  }

  async #startPod(name: string, podIP: string): Promise<void> {
    const pod = this.informers.of(PODS).get(NAMESPACE, name)
    if (pod === undefined || !this.podsBecomeReady) return
    const status: Pod['status'] = {
      phase: 'Running',
      podIP,
      conditions: [{type: 'Ready', status: 'True'}],
    }
    await this.client.updateStatus(PODS, {...pod, status})
  }

  #podsOf(revision: string): Pod[] {
    return this.informers.of(PODS).list(NAMESPACE, {'serving.knative.dev/revision': revision})
  }

  async #writeEndpoints(pod: Pod): Promise<void> {
    const revision = pod.metadata.labels?.['serving.knative.dev/revision']
    if (revision !== undefined) await this.#writeRevisionEndpoints(revision)
  }

  async #writeRevisionEndpoints(revision: string): Promise<void> {
    const name = `${revision}-private`
    const service = this.informers.of(CORE_SERVICES).get(NAMESPACE, name)
    if (service === undefined) return
    const addresses = this.#podsOf(revision)
      .filter((pod) => pod.status?.phase === 'Running')
      .map((pod) => ({ip: pod.status?.podIP ?? ''}))
    const endpoints: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {name, namespace: NAMESPACE, labels: service.metadata.labels ?? {}},
      ...(addresses.length > 0 && {
        subsets: [{addresses, ports: [{name: 'http', port: 8012, protocol: 'TCP'}]}],
      }),
    }
    try {
      await this.client.create(ENDPOINTS, endpoints)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      await this.client.update(ENDPOINTS, endpoints)
    }
  }
}

/** What the activator reports: it is the one who counts. */
function unproxied(concurrency: number): Stat {
  return {
    averageConcurrentRequests: concurrency,
    averageProxiedConcurrentRequests: 0,
    requestCount: concurrency,
    proxiedRequestCount: 0,
  }
}

/** What the queue-proxies report of requests the activator has counted. */
function proxied(concurrency: number): Stat {
  return {
    averageConcurrentRequests: concurrency,
    averageProxiedConcurrentRequests: concurrency,
    requestCount: concurrency,
    proxiedRequestCount: concurrency,
  }
}

function named(name: string, apiVersion: string, kind: string) {
  return {apiVersion, kind, metadata: {name, namespace: NAMESPACE}}
}
