import {join} from 'node:path'
import {CORE_SERVICES, ENDPOINTS, PODS} from '../api/core/v1.ts'
import type {ConfigStore} from '../api/config/config-store.ts'
import type {InformerFactory} from '../controller/informer.ts'
import {ClusterNetwork} from '../http/cluster-network.ts'
import {createAutoscaler} from '../knative/autoscaler/autoscaler.ts'
import {readyPodCounter} from '../knative/controller/pod-autoscaler/controller.ts'
import {resolveInRegistry} from '../knative/controller/revision/registry/resolve-in-registry.ts'
import type {ApiServer} from '../kubernetes/apiserver/api-server.ts'
import {createServiceResolver} from '../kubernetes/kube-proxy/service-resolver.ts'
import {createKubelet} from '../kubernetes/kubelet/kubelet.ts'
import type {Storage} from '../kubernetes/storage/storage.ts'
import type {Clock} from '../util/clock.ts'
import type {ClusterOptions} from './cluster.ts'
import type {ComponentClients} from './component-clients.ts'
import {componentImages} from './components/component-images.ts'
import type {ComponentLogs} from './components/resident-image.ts'
import {createControlPlane} from './control-plane.ts'
import {feedConfigs} from './feeds/config-feed.ts'
import type {GatewayFront} from './gateway-front.ts'
import {digestsOfPulledImages} from './image-digests.ts'
import {PodProxy} from './pod-proxy/pod-proxy.ts'
import {QueueProxies} from './queue-proxies.ts'
import {createRuntimes} from './runtimes.ts'
import {createServiceAccess} from './service-access.ts'
import {whenSettled} from './settle.ts'

/** What everything that acts in a cluster is put together from. */
export interface WorkloadsOptions {
  readonly options: ClusterOptions
  readonly clock: Clock
  readonly clients: ComponentClients
  readonly informers: InformerFactory
  readonly storage: Storage
  readonly configs: ConfigStore
  readonly apiServer: ApiServer
  readonly front: GatewayFront
  readonly logs: ComponentLogs
  readonly rootCertificate: string
  /** The API server's port on this machine; undefined while it has none. */
  readonly apiPort: () => number | undefined
  readonly onError: (component: string, key: string, error: unknown) => void
}

/** Controllers, node and data plane, at work. */
export interface Workloads {
  settled(timeoutMs: number): Promise<boolean>
  /** Ends controllers first, so that nobody replaces the containers that end next. */
  stop(): Promise<void>
}

/**
 * Starts the controllers, the node with its runtimes, and the data plane.
 *
 * Resolves when the informers are synced and the gateway takes requests.
 */
export async function startWorkloads(given: WorkloadsOptions): Promise<Workloads> {
  const {clock, clients, informers, configs, front, onError, apiServer} = given
  const stopping = new AbortController()
  const network = new ClusterNetwork()
  const queueProxies = new QueueProxies()
  const readyPods = readyPodCounter(informers)
  const autoscaler = createAutoscaler({
    clock,
    // Pods that are not ready are not scraped: without a figure there is nothing to decide upon.
    scrape: (revision) => (readyPods(revision) > 0 ? queueProxies.scrape(revision) : undefined),
    readyPods,
  })
  feedConfigs(informers, configs, onError)
  const resolveService = createServiceResolver(informers.of(CORE_SERVICES), informers.of(ENDPOINTS))
  const parts = {
    clock,
    informers,
    network,
    configs,
    autoscaler,
    queueProxies,
    front,
    resolveService,
  }
  const images = componentImages({...parts, logs: given.logs})
  const runtimes = await createRuntimes(given.options, images)
  const {credentialsDir} = given.options
  const podProxy = new PodProxy({
    clock,
    network,
    resolveService,
    access: {connect: (...to) => access.connect(...to)},
    apiPort: given.apiPort,
    onError: (error) => onError('pod-proxy', '', error),
  })
  const kubelet = createKubelet({
    client: clients.kubelet,
    informers,
    clock,
    network,
    runtimes,
    ...(credentialsDir !== undefined && {podsDirectory: join(credentialsDir.path, 'pods')}),
    serviceProxy: (namespace) => podProxy.of(namespace),
    onError,
  })
  apiServer.setPodAccess(kubelet.podAccess)
  const components = runtimes.find(({name}) => name === 'component')
  const access = createServiceAccess({
    services: informers.of(CORE_SERVICES),
    endpoints: informers.of(ENDPOINTS),
    pods: informers.of(PODS),
    dial: (namespace, pod, port) => kubelet.podAccess.dial(namespace, pod, port),
    isComponent: ({spec}) =>
      spec.containers.every(({image = ''}) => components?.resolve(image).runnable === true),
  })
  apiServer.setServiceAccess(access)
  const plane = createControlPlane({
    clients,
    informers,
    clock,
    configs,
    autoscaler,
    network,
    resolveDigest: digestsOfPulledImages(runtimes, resolveInRegistry(clients.controller, clock)),
    onError,
    types: () => apiServer.servedTypes(),
    rootCertificate: given.rootCertificate,
    loadBalancerAddress: () => (front.port === undefined ? undefined : {ip: '127.0.0.1'}),
  })
  await informers.start(stopping.signal)
  const running = [...plane.controllers.values()].map((controller) =>
    controller.run(stopping.signal),
  )
  await kubelet.start()
  await front.ready()

  return {
    settled(timeoutMs) {
      const deadlineMs = performance.now() + timeoutMs
      return whenSettled(
        {
          storage: given.storage,
          controllers: plane.controllers,
          // On a clock of the caller's, pods that wait for time wait for the caller.
          busy: () => given.options.clock === undefined && kubelet.busy,
        },
        () => performance.now() > deadlineMs,
      )
    },
    async stop() {
      stopping.abort()
      autoscaler.stop()
      await Promise.all(running)
      await kubelet.stop()
      await podProxy.close()
      await Promise.all(runtimes.map((runtime) => runtime.close()))
      await plane.flushEvents()
    },
  }
}
