import {CORE_SERVICES, type CoreService, ENDPOINTS, type Endpoints} from '../api/core/v1.ts'
import {keyOf} from '../api/meta/object.ts'
import type {InformerFactory} from '../controller/informer.ts'
import type {
  EndpointAddress,
  ServiceResolver,
  ServiceTarget,
} from '../istio/gateway/service-resolver.ts'

/**
 * Answers, from the informers, where a port of a core Service leads: what kube-proxy and the
 * cluster's DNS do together.
 *
 * Asked once per request, so addresses are worked out once per change of a Service's Endpoints.
 */
export function createServiceResolver(informers: InformerFactory): ServiceResolver {
  const services = informers.of(CORE_SERVICES)
  const endpoints = informers.of(ENDPOINTS)
  const targets = new Map<string, Map<number, ServiceTarget>>()
  const forget = (object: CoreService | Endpoints): void => void targets.delete(keyOf(object))
  services.addHandler({onSet: forget, onDelete: forget})
  endpoints.addHandler({onSet: forget, onDelete: forget})

  return (name, namespace, port) => {
    const key = `${namespace}/${name}`
    const known = targets.get(key)?.get(port)
    if (known !== undefined) return known
    const target = findTarget(services.get(namespace, name), endpoints.get(namespace, name), port)
    if (target === undefined) return undefined
    const ports = targets.get(key) ?? new Map<number, ServiceTarget>()
    targets.set(key, ports.set(port, target))
    return target
  }
}

/** What is behind `port` of a Service with these Endpoints; undefined without a Service. */
export function findTarget(
  service: CoreService | undefined,
  endpoints: Endpoints | undefined,
  port: number,
): ServiceTarget | undefined {
  if (service === undefined) return undefined
  if (service.spec.type === 'ExternalName') {
    return {kind: 'external-name', host: service.spec.externalName ?? ''}
  }
  const servicePort = service.spec.ports?.find((candidate) => candidate.port === port)
  if (servicePort === undefined) return {kind: 'endpoints', addresses: []}
  const addresses = (endpoints?.subsets ?? []).flatMap((subset): EndpointAddress[] => {
    const target = subset.ports?.find(({name}) => (name ?? '') === (servicePort.name ?? ''))
    if (target === undefined) return []
    return (subset.addresses ?? []).map(({ip}) => ({ip, port: target.port}))
  })
  return {kind: 'endpoints', addresses}
}
