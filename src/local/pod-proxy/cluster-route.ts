import {serviceHostname} from '../../api/networking/names.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import type {HttpHandler} from '../../http/exchange.ts'
import {followService, type ServiceAddress} from '../../kubernetes/kube-proxy/service-host.ts'
import type {ServiceResolver} from '../../kubernetes/kube-proxy/service-resolver.ts'

/** Where a port of a Service leads in the end. */
export type ClusterRoute =
  | {readonly kind: 'pods'; readonly service: ServiceAddress; readonly handlers: HttpHandler[]}
  | {readonly kind: 'outside'; readonly host: string; readonly port: number}
  | {readonly kind: 'nothing'; readonly why: string}

/** Follows a Service, and the names that stand for others, to its pods or out of the cluster. */
export function routeTo(
  service: ServiceAddress,
  resolve: ServiceResolver,
  network: Pick<ClusterNetwork, 'dial'>,
): ClusterRoute {
  const way = followService(resolve, service)
  switch (way.kind) {
    case 'outside':
      return way
    case 'missing': {
      const host = serviceHostname(way.name, way.namespace)
      return {kind: 'nothing', why: `lookup ${host}: no such host`}
    }
    case 'circle':
      return {kind: 'nothing', why: `lookup ${service.name}: names stand for one another`}
    case 'endpoints': {
      const handlers = way.addresses
        .map(({ip, port}) => network.dial(ip, port))
        .filter((handler) => handler !== undefined)
      if (handlers.length > 0) return {kind: 'pods', service: way.service, handlers}
      const {name, namespace, port} = way.service
      const host = serviceHostname(name, namespace)
      return {kind: 'nothing', why: `dial tcp ${host}:${port}: connect: connection refused`}
    }
  }
}
