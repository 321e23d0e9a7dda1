import type {HTTPRoute, HTTPRouteDestination, VirtualService} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'
import {toFieldValue} from '../../http/header-fields.ts'
import {parseDuration} from '../../util/duration.ts'
import {type CompiledHeaderOperations, compileHeaderOperations} from './header-operations.ts'
import {type CompiledMatch, compileMatch, qualifyGateway} from './request-match.ts'
import {parseServiceHost, type ServiceAddress} from '../../kubernetes/kube-proxy/service-host.ts'

/** A VirtualService ready to be matched against. */
export interface CompiledVirtualService {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly hosts: readonly string[]
  /** `namespace/name` of the gateways it is bound to. */
  readonly gateways: ReadonlySet<string>
  readonly createdAt: string
  readonly routes: readonly CompiledRoute[]
}

/** One route of a VirtualService. */
export interface CompiledRoute {
  /** `namespace/name` of its VirtualService. */
  readonly virtualService: string
  /** Empty when it takes everything. */
  readonly matches: readonly CompiledMatch[]
  readonly destinations: readonly CompiledDestination[]
  /** Of all destinations; above 0. */
  readonly totalWeight: number
  readonly request: CompiledHeaderOperations | undefined
  readonly response: CompiledHeaderOperations | undefined
  readonly rewrite: {readonly authority?: string; readonly uri?: string} | undefined
  readonly redirect: Readonly<Record<string, unknown>> | undefined
  /** 0 for none. */
  readonly timeoutMs: number
}

/** Where a part of the requests goes. */
export interface CompiledDestination {
  readonly service: ServiceAddress
  /** `namespace/name` of the Service. */
  readonly name: string
  readonly weight: number
  readonly request: CompiledHeaderOperations | undefined
  readonly response: CompiledHeaderOperations | undefined
}

/** Prepares a VirtualService. Depends on nothing else, so that each can be replaced on its own. */
export function compileVirtualService(virtualService: VirtualService): CompiledVirtualService {
  const {metadata, spec} = virtualService
  const namespace = metadata.namespace ?? 'default'
  const key = keyOf(virtualService)
  return {
    key,
    namespace,
    name: metadata.name,
    hosts: (spec.hosts ?? []).map((host) => host.toLowerCase()),
    gateways: new Set((spec.gateways ?? ['mesh']).map((name) => qualifyGateway(name, namespace))),
    createdAt: metadata.creationTimestamp ?? '',
    routes: (spec.http ?? []).map((route) => compileRoute(route, key, namespace)),
  }
}

function compileRoute(route: HTTPRoute, virtualService: string, namespace: string): CompiledRoute {
  const destinations = weigh(route.route ?? [], namespace)
  return {
    virtualService,
    matches: (route.match ?? []).map((match) => compileMatch(match, namespace)),
    destinations,
    totalWeight: destinations.reduce((sum, {weight}) => sum + weight, 0),
    request: compileHeaderOperations(route.headers?.request),
    response: compileHeaderOperations(route.headers?.response),
    rewrite: compileRewrite(route.rewrite),
    redirect: route.redirect,
    timeoutMs: route.timeout === undefined ? 0 : parseDuration(route.timeout),
  }
}

function compileRewrite(rewrite: HTTPRoute['rewrite']): CompiledRoute['rewrite'] {
  if (rewrite === undefined) return undefined
  const {authority, uri} = rewrite
  return {
    ...(authority !== undefined && {authority: toFieldValue(authority)}),
    ...(uri !== undefined && {uri: toFieldValue(uri)}),
  }
}

/** A single destination takes everything; of several, those without weight take nothing. */
function weigh(
  destinations: readonly HTTPRouteDestination[],
  namespace: string,
): CompiledDestination[] {
  const compiled = destinations.map((item) => {
    const {host, port} = item.destination
    const service = parseServiceHost(host, port?.number ?? 80, namespace)
    return {
      service,
      name: `${service.namespace ?? ''}/${service.name}`,
      weight: item.weight ?? 0,
      request: compileHeaderOperations(item.headers?.request),
      response: compileHeaderOperations(item.headers?.response),
    }
  })
  const [only] = compiled
  if (compiled.length === 1 && only !== undefined) return [{...only, weight: 1}]
  return compiled.filter(({weight}) => weight > 0)
}

/**
 * Picks the destination for one request: each in proportion to its weight.
 *
 * `random` is from 0 up to, not including, 1.
 */
export function chooseDestination(
  route: CompiledRoute,
  random: number,
): CompiledDestination | undefined {
  let left = Math.floor(random * route.totalWeight)
  for (const destination of route.destinations) {
    if (left < destination.weight) return destination
    left -= destination.weight
  }
  return undefined
}
