import type {ConfigStore} from '../api/config/config-store.ts'
import {EventRecorder} from '../controller/event-recorder.ts'
import type {InformerFactory} from '../controller/informer.ts'
import type {ClusterNetwork} from '../http/cluster-network.ts'
import {createNetIstioController} from '../istio/net-istio/controller.ts'
import type {Autoscaler} from '../knative/autoscaler/autoscaler.ts'
import {createCertificateIssuer} from '../knative/controller/certificate/controller.ts'
import {createConfigurationController} from '../knative/controller/configuration/controller.ts'
import {createDomainMappingController} from '../knative/controller/domain-mapping/controller.ts'
import {createRevisionGcController} from '../knative/controller/gc/controller.ts'
import type {KnativeControllerDeps} from '../controller/knative-controller.ts'
import type {ResolveDigest} from '../knative/controller/revision/digest-resolver.ts'
import {createLabelerController} from '../knative/controller/labeler/controller.ts'
import {createMetricController} from '../knative/controller/metric/controller.ts'
import {createNamespaceCertificateController} from '../knative/controller/nscert/controller.ts'
import {createPodAutoscalerController} from '../knative/controller/pod-autoscaler/controller.ts'
import {createRevisionController} from '../knative/controller/revision/controller.ts'
import {createRouteController} from '../knative/controller/route/controller.ts'
import {createServerlessServiceController} from '../knative/controller/serverless-service/controller.ts'
import {createServiceController} from '../knative/controller/service/controller.ts'
import {
  createKubernetesControllers,
  type KubernetesControllersOptions,
} from '../kubernetes/controllers/create-controllers.ts'
import type {RunnableController} from '../controller/key-loop.ts'
import type {Clock} from '../util/clock.ts'
import type {ComponentClients} from './component-clients.ts'
import {probeIngress} from './ingress-probe.ts'

/** What the controllers of an embedded cluster work with. */
export interface ControlPlaneOptions extends Pick<
  KubernetesControllersOptions,
  'types' | 'rootCertificate' | 'loadBalancerAddress'
> {
  readonly clients: ComponentClients
  readonly informers: InformerFactory
  readonly clock: Clock
  readonly configs: ConfigStore
  readonly autoscaler: Autoscaler
  /** Where the gateways' pods are asked. */
  readonly network: ClusterNetwork
  readonly resolveDigest: ResolveDigest
  readonly onError: (component: string, key: string, error: unknown) => void
}

/** All controllers, and the recorders they speak through. */
export interface ControlPlane {
  readonly controllers: ReadonlyMap<string, RunnableController>
  /** Resolves when every event that was recorded is written. */
  flushEvents(): Promise<void>
}

/** Creates every controller of Kubernetes, Knative and net-istio; none works until it is run. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const {clients, informers, clock, configs, autoscaler, network, onError} = options
  const recorders = new Map<string, EventRecorder>()
  const eventsOf = (program: keyof ComponentClients, component: string): EventRecorder => {
    const existing = recorders.get(component)
    if (existing !== undefined) return existing
    const report = (error: unknown): void => onError(component, 'events', error)
    const client = clients[program]
    const recorder = new EventRecorder({client, clock, component, onError: report})
    recorders.set(component, recorder)
    return recorder
  }
  const partsOf = (program: keyof ComponentClients): KnativeControllerDeps => ({
    client: clients[program],
    informers,
    clock,
    configs,
    events: (component) => eventsOf(program, component),
    onError,
  })
  const knative = partsOf('controller')
  const controllers = new Map<string, RunnableController>([
    ...createKubernetesControllers({
      ...options,
      client: clients['kube-controller-manager'],
      schedulerClient: clients['kube-scheduler'],
    }),
    ['service', createServiceController(knative)],
    ['configuration', createConfigurationController(knative)],
    ['revision', createRevisionController({...knative, resolveDigest: options.resolveDigest})],
    ['route', createRouteController(knative)],
    ['labeler', createLabelerController(knative)],
    ['revision-gc', createRevisionGcController(knative)],
    ['domain-mapping', createDomainMappingController(knative)],
    ['nscert', createNamespaceCertificateController(knative)],
    ['certificate', createCertificateIssuer(knative)],
    ['serverless-service', createServerlessServiceController(knative)],
    [
      'pod-autoscaler',
      createPodAutoscalerController({
        ...partsOf('autoscaler'),
        deciders: autoscaler.deciders,
      }),
    ],
    [
      'metric',
      createMetricController({
        ...partsOf('autoscaler'),
        collector: autoscaler.collector,
      }),
    ],
    [
      'net-istio',
      createNetIstioController({
        ...partsOf('net-istio-controller'),
        probe: (targets, hash) => probeIngress(network, targets, hash),
      }),
    ],
  ])
  return {
    controllers,
    async flushEvents() {
      await Promise.all([...recorders.values()].map((recorder) => recorder.flush()))
    },
  }
}
