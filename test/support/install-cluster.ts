/**
 * A cluster on AWS for tests of the installer: a real API server, and actors in the place of those
 * who would bring things about (kubelets, webhooks, the load balancer controller, Knative).
 */
import {type Deployment, DEPLOYMENTS, ENDPOINT_SLICES} from '../../src/api/apps/v1.ts'
import {CONFIG_MAPS, CORE_SERVICES, NAMESPACES, NODES, PODS} from '../../src/api/core/v1.ts'
import {resourceType} from '../../src/api/meta/resource-type.ts'
import {isConflict, StatusError} from '../../src/api/meta/status-error.ts'
import type {UnknownObject} from '../../src/api/meta/object.ts'
import {SERVICES} from '../../src/api/serving/v1.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../src/api/transport.ts'
import {Client} from '../../src/client/client.ts'
import {InformerFactory} from '../../src/controller/informer.ts'
import {defaultDomains} from '../../src/install/config/domains.ts'
import {listWebhooks} from '../../src/install/ready/webhooks.ts'
import {createApiServer} from '../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../src/kubernetes/kinds/index.ts'
import {createKubernetesControllers} from '../../src/kubernetes/controllers/create-controllers.ts'
import {ensureSystemNamespaces} from '../../src/kubernetes/controllers/namespace/defaults.ts'
import {MemoryStorage} from '../../src/kubernetes/storage/memory-storage.ts'
import type {Connection} from '../../src/operations/connection.ts'
import {FakeClock} from '../../src/util/fake-clock.ts'
import {type FakeAws, fakeAws} from './aws-fake.ts'
import {passTime} from './pass-time.ts'

const JOBS = resourceType<UnknownObject>('batch/v1', 'Job', 'jobs')
const TICK_MS = 500
const CONTROLLER_FINALIZER = 'service.k8s.aws/resources'

/** Answers in the place of the server; undefined lets the request through. */
export type Fault = (request: ApiRequest) => Promise<ApiResponse> | ApiResponse | undefined

/** What the actors do not do. */
export interface Absences {
  pods?: boolean
  webhook?: boolean
  loadBalancerController?: boolean
  knative?: boolean
}

/** The cluster. Whoever starts it stops it. */
export class InstallCluster {
  readonly clock = new FakeClock()
  readonly aws: FakeAws = fakeAws()
  /** The API without faults. */
  readonly client: Client
  readonly connection: Connection
  /** Every request of the installer: `PATCH /api/v1/…`. */
  readonly requests: string[] = []
  /** What went wrong with the actors. */
  readonly errors: string[] = []
  fault: Fault = () => undefined
  absent: Absences = {}
  version = 'v1.29.4-eks-036c24b'
  /** How Jobs end. */
  jobs: 'succeed' | 'fail' = 'succeed'
  readonly #transport: Transport
  readonly #stopping = new AbortController()
  #running: Promise<void>[] = []

  constructor() {
    const server = createApiServer({
      kinds: builtinKinds,
      storage: new MemoryStorage(),
      clock: this.clock,
      authenticate: () => undefined,
    })
    const user = {username: 'admin', groups: ['system:masters']}
    this.#transport = server.transport(user)
    this.client = new Client(server.transport(user, {userAgent: 'actor'}))
    this.#server = server
    this.connection = {
      client: new Client({send: (request) => this.#send(request)}, {fieldManager: 'kntool'}),
      kind: 'kubeconfig',
      namespace: 'default',
      description: 'context "test"',
      clock: this.clock,
      gateway: async () => ({kind: 'address', host: '127.0.0.1', port: 1}),
      close: async () => undefined,
    }
  }

  readonly #server

  async start(): Promise<this> {
    await ensureSystemNamespaces(this.client)
    await this.client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: 'ip-10-0-0-1',
        labels: {'topology.kubernetes.io/region': 'eu-central-1'},
      },
      spec: {providerID: 'aws:///eu-central-1a/i-0123456789abcdef0'},
    })
    await this.#installLoadBalancerController()
    const informers = new InformerFactory(this.client, this.clock)
    const all = createKubernetesControllers({
      client: this.client,
      informers,
      clock: this.clock,
      types: () => this.#server.servedTypes(),
      rootCertificate: 'PEM',
      loadBalancerAddress: () => undefined,
      onError: () => undefined,
    })
    const wanted = ['namespace', 'garbage-collector']
    await informers.start(this.#stopping.signal)
    this.#running = [...all]
      .filter(([name]) => wanted.includes(name))
      .map(([, controller]) => controller.run(this.#stopping.signal))
    this.#schedule()
    return this
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#running)
    if (this.errors.length > 0) throw new Error(this.errors.join('\n'))
  }

  /** Lets time pass, and everybody act, until `promise` settles. */
  pass<T>(promise: Promise<T>): Promise<T> {
    return passTime(this.clock, promise)
  }

  #schedule(): void {
    if (this.#stopping.signal.aborted) return
    this.clock.after(TICK_MS, () => {
      void this.#act()
        .catch((error: unknown) => {
          // What somebody else wrote meanwhile is seen on the next round.
          if (!isConflict(error)) this.errors.push(String(error))
        })
        .finally(() => this.#schedule())
    })
  }

  async #send(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(`${request.method} ${request.path}`)
    const answer = this.fault(request)
    if (answer !== undefined) return answer
    if (request.path === '/version') {
      return {
        status: 200,
        headers: {},
        warnings: [],
        body: {kind: 'json', value: {gitVersion: this.version}},
      }
    }
    return this.#transport.send(request)
  }

  async #installLoadBalancerController(): Promise<void> {
    const made = await this.client.create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'aws-load-balancer-controller',
        namespace: 'kube-system',
        labels: {'app.kubernetes.io/name': 'aws-load-balancer-controller'},
      },
      spec: {
        selector: {matchLabels: {app: 'lbc'}},
        template: {
          metadata: {labels: {app: 'lbc'}},
          spec: {
            containers: [
              {
                name: 'controller',
                image: 'public.ecr.aws/eks/aws-load-balancer-controller:v2.6.1',
                args: ['--cluster-name=test'],
              },
            ],
          },
        },
      },
    })
    await this.client.updateStatus(DEPLOYMENTS, {
      ...made,
      status: {replicas: 1, readyReplicas: 1, availableReplicas: 1},
    })
  }

  async #act(): Promise<void> {
    const {pods, webhook, loadBalancerController, knative} = this.absent
    if (!pods) await this.#rollOut()
    if (!pods) await this.#endJobs()
    if (!webhook) await this.#serveWebhooks()
    if (!loadBalancerController) await this.#balance()
    if (!knative) await this.#serveServices()
  }

  async #rollOut(): Promise<void> {
    for (const deployment of (await this.client.list(DEPLOYMENTS)).items) {
      const replicas = deployment.spec.replicas ?? 1
      const {generation = 1} = deployment.metadata
      const {availableReplicas, observedGeneration} = deployment.status ?? {}
      if (availableReplicas === replicas && observedGeneration === generation) continue
      await this.client.updateStatus(DEPLOYMENTS, {
        ...deployment,
        status: {
          observedGeneration: generation,
          replicas,
          updatedReplicas: replicas,
          readyReplicas: replicas,
          availableReplicas: replicas,
        },
      })
      // The only one whose pods somebody looks at.
      if (deployment.metadata.name === 'istio-ingressgateway') await this.#runPodOf(deployment)
    }
  }

  async #runPodOf({metadata, spec}: Deployment): Promise<void> {
    const {namespace = ''} = metadata
    const name = `${metadata.name}-abcde`
    if ((await this.client.find(PODS, {namespace, name})) !== undefined) return
    const made = await this.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        ...(spec.template.metadata?.labels && {labels: spec.template.metadata.labels}),
      },
      // Nothing of chance in it, since states are compared.
      spec: {
        automountServiceAccountToken: false,
        containers: [{name: 'istio-proxy', image: 'docker.io/istio/proxyv2'}],
      },
    })
    await this.client.updateStatus(PODS, {
      ...made,
      status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
    })
  }

  async #endJobs(): Promise<void> {
    for (const job of (await this.client.list<UnknownObject>(JOBS)).items) {
      if (Object.keys(job['status'] ?? {}).length > 0) continue
      const message = 'Job has reached the specified backoff limit'
      await this.client.updateStatus(JOBS, {
        ...job,
        status:
          this.jobs === 'succeed'
            ? {succeeded: 1}
            : {conditions: [{type: 'Failed', status: 'True', message}]},
      })
    }
  }

  async #serveWebhooks(): Promise<void> {
    for (const configuration of await listWebhooks({client: this.client})) {
      const lacking = configuration.webhooks?.filter(({clientConfig}) => !clientConfig?.caBundle)
      if (lacking === undefined || lacking.length === 0) continue
      for (const {clientConfig} of lacking) {
        if (clientConfig?.service) await this.#serveEndpoint(clientConfig.service)
      }
      const plural = `${configuration.kind.toLowerCase()}s`
      await this.client.update(
        resourceType(configuration.apiVersion, configuration.kind, plural, 'cluster'),
        {
          ...configuration,
          webhooks: configuration.webhooks?.map((one) => ({
            ...one,
            clientConfig: {...one.clientConfig, caBundle: Buffer.from('CA').toString('base64')},
          })),
        } as UnknownObject,
        {fieldManager: 'webhook'},
      )
    }
  }

  async #serveEndpoint({namespace, name}: {namespace: string; name: string}): Promise<void> {
    const slice = {namespace, name: `${name}-abcde`}
    if ((await this.client.find(ENDPOINT_SLICES, slice)) !== undefined) return
    await this.client.create(ENDPOINT_SLICES, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {...slice, labels: {'kubernetes.io/service-name': name}},
      addressType: 'IPv4',
      endpoints: [{addresses: ['10.0.0.9'], conditions: {ready: true}}],
      ports: [{name: 'https', port: 8443, protocol: 'TCP'}],
    })
  }

  async #balance(): Promise<void> {
    for (const service of (await this.client.list(CORE_SERVICES)).items) {
      if (service.spec.loadBalancerClass !== 'service.k8s.aws/nlb') continue
      const {finalizers = [], deletionTimestamp} = service.metadata
      if (deletionTimestamp !== undefined) {
        this.aws.remove(service)
        await this.client.update(CORE_SERVICES, {
          ...service,
          metadata: {
            ...service.metadata,
            finalizers: finalizers.filter((name) => name !== CONTROLLER_FINALIZER),
          },
        })
        continue
      }
      if (service.status?.loadBalancer?.ingress !== undefined) continue
      const held = await this.client.update(CORE_SERVICES, {
        ...service,
        metadata: {...service.metadata, finalizers: [...finalizers, CONTROLLER_FINALIZER]},
      })
      const hostname = await this.aws.make(service)
      await this.client.updateStatus(CORE_SERVICES, {
        ...held,
        status: {loadBalancer: {ingress: [{hostname}]}},
      })
    }
  }

  async #serveServices(): Promise<void> {
    const services = await this.client.list(SERVICES).catch((error: unknown) => {
      // The kind is not served before it is installed.
      if (error instanceof StatusError && error.code === 404) return {items: []}
      throw error
    })
    for (const service of services.items) {
      if (service.status?.url !== undefined) continue
      const configMap = await this.client.find(CONFIG_MAPS, {
        namespace: 'knative-serving',
        name: 'config-domain',
      })
      const [domain] = defaultDomains(configMap?.data).toSorted()
      const {name, namespace, generation = 1} = service.metadata
      await this.client.updateStatus(SERVICES, {
        ...service,
        status: {
          observedGeneration: generation,
          url: `http://${name}.${namespace}.${domain ?? 'svc.cluster.local'}`,
          conditions: [{type: 'Ready', status: 'True'}],
        },
      })
    }
  }

  /** The requests of the installer that change something: questions about rights do not. */
  get writes(): string[] {
    return this.requests.filter((line) => !/^GET |selfsubjectaccessreviews$/.test(line))
  }

  /** Whether a namespace is there. */
  async hasNamespace(name: string): Promise<boolean> {
    return (await this.client.find(NAMESPACES, {name})) !== undefined
  }
}
