/** The names of Services, as the cluster's DNS reads them. */
import {CLUSTER_DOMAIN} from '../../api/networking/names.ts'
import type {EndpointAddress} from './service-target.ts'
import type {ServiceResolver} from './service-resolver.ts'

/** A port of a core Service. Hosts outside the cluster have no namespace. */
export interface ServiceAddress {
  readonly name: string
  readonly namespace: string | undefined
  readonly port: number
}

/** How many names may stand for one another before it counts as a circle. */
const MAX_NAMES = 5

/**
 * Reads a destination's host: `name.namespace.svc.cluster.local`, any beginning of it, or a name
 * alone, which means the namespace of whoever wrote it.
 */
export function parseServiceHost(host: string, port: number, ownNamespace: string): ServiceAddress {
  const [name = '', namespace, kind, ...domain] = host.toLowerCase().split('.')
  return isInCluster(kind, domain)
    ? {name, namespace: namespace ?? ownNamespace, port}
    : {name: host, namespace: undefined, port}
}

/** Whether what follows `name.namespace` in a host, if anything does, is that of Services. */
export function isInCluster(kind: string | undefined, domain: readonly string[]): boolean {
  const isService = kind === undefined || kind === 'svc'
  return isService && (domain.length === 0 || domain.join('.') === CLUSTER_DOMAIN)
}

/** Where a Service leads in the end, and by which name. */
export type ServiceWay =
  | {
      readonly kind: 'endpoints'
      readonly service: ServiceAddress & {readonly namespace: string}
      readonly addresses: readonly EndpointAddress[]
    }
  | {readonly kind: 'outside'; readonly host: string; readonly port: number}
  | {readonly kind: 'missing'; readonly name: string; readonly namespace: string}
  | {readonly kind: 'circle'}

/** Follows a Service, and the names that stand for others, to addresses or out of the cluster. */
export function followService(resolve: ServiceResolver, service: ServiceAddress): ServiceWay {
  let current = service
  let written = ''
  for (let step = 0; step < MAX_NAMES; step++) {
    const {name, namespace, port} = current
    if (namespace === undefined) return {kind: 'outside', host: name, port}
    const target = resolve(name, namespace, port)
    if (target === undefined) {
      // A name of two parts that is no Service's is a host of the world: `example.com`.
      const isHost = written.split('.').length === 2
      return isHost ? {kind: 'outside', host: written, port} : {kind: 'missing', name, namespace}
    }
    if (target.kind === 'endpoints') {
      return {kind: 'endpoints', service: {name, namespace, port}, addresses: target.addresses}
    }
    written = target.host
    current = parseServiceHost(written, port, namespace)
  }
  return {kind: 'circle'}
}
