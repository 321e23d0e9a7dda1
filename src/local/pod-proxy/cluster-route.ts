import type {ClusterNetwork} from '../../http/cluster-network.ts'
import type {HttpHandler} from '../../http/exchange.ts'
import {
  parseServiceHost,
  type ServiceAddress,
  type ServiceResolver,
} from '../../istio/gateway/service-resolver.ts'

/** Where a port of a Service leads in the end. */
export type ClusterRoute =
  | {readonly kind: 'pods'; readonly service: ServiceAddress; readonly handlers: HttpHandler[]}
  | {readonly kind: 'outside'; readonly host: string; readonly port: number}
  | {readonly kind: 'nothing'; readonly why: string}

/** How many names may stand for one another before it counts as a circle. */
const MAX_NAMES = 5

/** Follows a Service, and the names that stand for others, to its pods or out of the cluster. */
export function routeTo(
  service: ServiceAddress,
  resolve: ServiceResolver,
  network: Pick<ClusterNetwork, 'dial'>,
): ClusterRoute {
  let current = service
  for (let step = 0; step < MAX_NAMES; step++) {
    const {name, namespace, port} = current
    if (namespace === undefined) return {kind: 'outside', host: name, port}
    const target = resolve(name, namespace, port)
    const host = `${name}.${namespace}.svc.cluster.local`
    if (target === undefined) return {kind: 'nothing', why: `lookup ${host}: no such host`}
    if (target.kind === 'external-name') {
      current = parseServiceHost(target.host, port, namespace)
      continue
    }
    const handlers = target.addresses
      .map(({ip, port: podPort}) => network.dial(ip, podPort))
      .filter((handler) => handler !== undefined)
    if (handlers.length > 0) return {kind: 'pods', service: current, handlers}
    return {kind: 'nothing', why: `dial tcp ${host}:${port}: connect: connection refused`}
  }
  return {kind: 'nothing', why: `lookup ${service.name}: names stand for one another`}
}
