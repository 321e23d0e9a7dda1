import type {PodAutoscaler} from '../../../api/autoscaling/v1alpha1.ts'
import {SYSTEM_NAMESPACE} from '../../../api/config/system-namespace.ts'
import type {Endpoints} from '../../../api/core/v1.ts'
import type {Lister} from '../../../controller/informer.ts'
import {readyAddresses} from '../../../kubernetes/kube-proxy/service-target.ts'

/**
 * Whether the endpoints of the revision's public name are activators, and nothing but activators.
 *
 * Differs from upstream: it sends a request through the public name and sees who answers. Here the
 * gateway follows the same endpoints in the same process.
 */
export function isActivatorInPath(endpoints: Lister<Endpoints>, pa: PodAutoscaler): boolean {
  const {serviceName} = pa.status ?? {}
  if (serviceName === undefined || serviceName === '') return false
  const backends = readyAddresses(endpoints.get(pa.metadata.namespace, serviceName))
  const activators = new Set(readyAddresses(endpoints.get(SYSTEM_NAMESPACE, 'activator-service')))
  return backends.length > 0 && backends.every((address) => activators.has(address))
}
