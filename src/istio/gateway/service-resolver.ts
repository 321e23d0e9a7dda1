import {CLUSTER_DOMAIN} from '../../api/networking/names.ts'

/** A port of a core Service. Hosts outside the cluster have no namespace. */
export interface ServiceAddress {
  readonly name: string
  readonly namespace: string | undefined
  readonly port: number
}

/** Where a ready pod listens. */
export interface EndpointAddress {
  readonly ip: string
  readonly port: number
}

/** What is behind a port of a core Service. */
export type ServiceTarget =
  | {readonly kind: 'endpoints'; readonly addresses: readonly EndpointAddress[]}
  | {readonly kind: 'external-name'; readonly host: string}

/**
 * Finds what is behind a port of a core Service, as kube-proxy would: the ready addresses of its
 * Endpoints with the target port, or the name it stands for. Undefined when there is no such
 * Service.
 *
 * It is asked once per request and must answer from an index.
 */
export type ServiceResolver = (
  name: string,
  namespace: string,
  port: number,
) => ServiceTarget | undefined

/** How many names may stand for one another before it counts as a circle. */
const MAX_NAMES = 5

/**
 * Reads a destination's host: `name.namespace.svc.cluster.local`, any beginning of it, or a name
 * alone, which means the namespace of whoever wrote it.
 */
export function parseServiceHost(host: string, port: number, ownNamespace: string): ServiceAddress {
  const [name = '', namespace, kind, ...domain] = host.toLowerCase().split('.')
  const isInCluster =
    (kind === undefined || kind === 'svc') &&
    (domain.length === 0 || domain.join('.') === CLUSTER_DOMAIN)
  return isInCluster
    ? {name, namespace: namespace ?? ownNamespace, port}
    : {name: host, namespace: undefined, port}
}

/**
 * Addresses behind a Service, following names that stand for others.
 *
 * Undefined when the Service does not exist, or leads out of the cluster or in a circle.
 */
export function resolveAddresses(
  resolve: ServiceResolver,
  service: ServiceAddress,
): readonly EndpointAddress[] | undefined {
  let current = service
  for (let step = 0; step < MAX_NAMES; step++) {
    if (current.namespace === undefined) return undefined
    const target = resolve(current.name, current.namespace, current.port)
    if (target === undefined) return undefined
    if (target.kind === 'endpoints') return target.addresses
    current = parseServiceHost(target.host, current.port, current.namespace)
  }
  return undefined
}
