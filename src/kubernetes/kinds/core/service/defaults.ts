import {
  ensureObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'

/** Sessions of `ClientIP` affinity last three hours. */
const AFFINITY_SECONDS = 10_800

/**
 * Fills in what a Service does not say, in place. Addresses and node ports come later.
 *
 * Counterpart of k8s.io/kubernetes `pkg/apis/core/v1` SetDefaults_Service.
 */
export function defaultService(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'sessionAffinity', 'None')
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig']
  if (spec['sessionAffinity'] === 'ClientIP') {
    const client = ensureObject(ensureObject(spec, 'sessionAffinityConfig'), 'clientIP')
    setDefault(client, 'timeoutSeconds', AFFINITY_SECONDS)
  }
  setDefault(spec, 'type', 'ClusterIP')
  for (const port of objectsAt(spec, 'ports')) {
    setDefault(port, 'protocol', 'TCP')
    const target = port['targetPort']
    if (target === undefined || target === 0 || target === '') port['targetPort'] = port['port']
  }
  const type = stringAt(spec, 'type')
  if (isExternallyAccessible(spec)) setDefault(spec, 'externalTrafficPolicy', 'Cluster')
  if (type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer') {
    setDefault(spec, 'internalTrafficPolicy', 'Cluster')
  }
  if (type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true)
  if (type !== 'LoadBalancer') return
  const balancer = objectAt(objectAt(object, 'status'), 'loadBalancer')
  for (const ingress of objectsAt(balancer, 'ingress')) {
    if (stringAt(ingress, 'ip') !== '') setDefault(ingress, 'ipMode', 'VIP')
  }
}

/** Whether a Service can be reached from outside the cluster. */
export function isExternallyAccessible(spec: JsonObject): boolean {
  const type = stringAt(spec, 'type')
  if (type === 'LoadBalancer' || type === 'NodePort') return true
  return type === 'ClusterIP' && stringsAt(spec, 'externalIPs').length > 0
}
