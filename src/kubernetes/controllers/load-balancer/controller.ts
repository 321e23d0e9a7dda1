import {CORE_SERVICES, type CoreService} from '../../../api/core/v1.ts'
import {keyOf, parseKey} from '../../../api/meta/object.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {type ControllerDeps, errorSink, recorderFor} from '../controller-deps.ts'
import {KeyLoop, type RunnableController} from '../../../controller/key-loop.ts'

/** Where a `LoadBalancer` Service is reached from outside. */
export interface LoadBalancerAddress {
  readonly ip?: string
  readonly hostname?: string
}

/**
 * Gives Services of type LoadBalancer the address that `addressOf` names, and takes it back from
 * those that are no longer. A Service with a class of its own belongs to somebody else.
 *
 * Counterpart of the cloud provider's service controller.
 */
export function createLoadBalancerController(
  deps: ControllerDeps & {
    addressOf: (service: CoreService) => LoadBalancerAddress | undefined
  },
): RunnableController {
  const services = deps.informers.of(CORE_SERVICES)
  const events = recorderFor(deps, 'service-controller')
  const loop = new KeyLoop({
    clock: deps.clock,
    onError: errorSink(deps, 'service-controller'),
    async sync(key) {
      const {namespace, name} = parseKey(key)
      const service = services.get(namespace, name)
      if (service === undefined || service.spec.loadBalancerClass !== undefined) return
      const wanted = wantedIngress(service, deps.addressOf(service))
      if (semanticEqual(service.status?.loadBalancer?.ingress, wanted)) return
      if (wanted.length > 0)
        events.normal(service, 'EnsuringLoadBalancer', 'Ensuring load balancer')
      await deps.client.updateStatus(CORE_SERVICES, {
        ...service,
        status: {...service.status, loadBalancer: wanted.length === 0 ? {} : {ingress: wanted}},
      })
      if (wanted.length > 0) events.normal(service, 'EnsuredLoadBalancer', 'Ensured load balancer')
    },
  })
  services.addHandler({
    onSet: (service) => {
      const hasAddress = (service.status?.loadBalancer?.ingress ?? []).length > 0
      if (isLoadBalancer(service) || hasAddress) loop.queue.add(keyOf(service))
    },
  })
  return loop
}

function wantedIngress(
  service: CoreService,
  address: LoadBalancerAddress | undefined,
): {ip?: string; hostname?: string; ipMode?: string}[] {
  if (!isLoadBalancer(service) || address === undefined) return []
  return [{...address, ...(address.ip !== undefined && {ipMode: 'VIP'})}]
}

function isLoadBalancer(service: CoreService): boolean {
  return service.spec.type === 'LoadBalancer' && service.metadata.deletionTimestamp === undefined
}
