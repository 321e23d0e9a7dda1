import type {CoreService} from '../../api/core/v1.ts'
import type {Client} from '../../client/client.ts'
import type {ControllerDeps} from './controller-deps.ts'
import {createDeploymentController} from './deployment/controller.ts'
import {createEndpointSliceController} from './endpoint-slice/controller.ts'
import {createEndpointsController} from './endpoints/controller.ts'
import {createGarbageCollector} from './garbage-collector/controller.ts'
import type {RunnableController} from '../../controller/key-loop.ts'
import {createLoadBalancerController, type LoadBalancerAddress} from './load-balancer/controller.ts'
import {createNamespaceController} from './namespace/controller.ts'
import {createReplicaSetController} from './replica-set/controller.ts'
import {createScheduler} from './scheduler/controller.ts'
import type {ServedTypes} from './served-types.ts'

/** What the controllers of Kubernetes itself need from the cluster they run in. */
export interface KubernetesControllersOptions extends ControllerDeps {
  readonly types: ServedTypes
  /** The scheduler is a program of its own; without it, it writes as the others. */
  readonly schedulerClient?: Client
  /** PEM text of the certificate that signs the API server's. */
  readonly rootCertificate: string
  /** Where a Service of type LoadBalancer is reached, or undefined while nobody listens. */
  readonly loadBalancerAddress: (service: CoreService) => LoadBalancerAddress | undefined
}

/**
 * The controllers of Kubernetes itself and the scheduler, by name. Each begins to work when the
 * caller runs it; start the informers before.
 *
 * Counterpart of kube-controller-manager and kube-scheduler.
 */
export function createKubernetesControllers(
  options: KubernetesControllersOptions,
): ReadonlyMap<string, RunnableController> {
  return new Map<string, RunnableController>([
    ['deployment', createDeploymentController(options)],
    ['replica-set', createReplicaSetController(options)],
    ['endpoints', createEndpointsController(options)],
    ['endpoint-slice', createEndpointSliceController(options)],
    ['garbage-collector', createGarbageCollector(options)],
    ['namespace', createNamespaceController(options)],
    [
      'load-balancer',
      createLoadBalancerController({...options, addressOf: options.loadBalancerAddress}),
    ],
    ['scheduler', createScheduler({...options, client: options.schedulerClient ?? options.client})],
  ])
}
