import type {Gateway, VirtualService} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'
import {
  type CompiledRoute,
  type CompiledVirtualService,
  compileVirtualService,
} from './compiled-route.ts'
import {coversHost, type Listener, makeListeners, type ServerTls, tlsServerFor} from './listener.ts'
import {type CompiledMatch, type MatchableRequest, stripPort} from './request-match.ts'
import {compareText} from '../../util/go/compare.ts'

/** What the table says about a request. */
export type RouteVerdict =
  | {readonly kind: 'route'; readonly route: CompiledRoute; readonly match?: CompiledMatch}
  | {readonly kind: 'https-redirect'}
  | {readonly kind: 'not-found'}

/** What one host serves on one listener. */
interface VirtualHost {
  readonly routes: readonly CompiledRoute[]
  readonly httpsRedirect: boolean
}

const NOT_FOUND: RouteVerdict = {kind: 'not-found'}
const HTTPS_REDIRECT: RouteVerdict = {kind: 'https-redirect'}

/**
 * The routes of a gateway, from VirtualService and Gateway objects.
 *
 * - A look-up costs the same with ten hosts and with ten thousand.
 * - Replacing a VirtualService costs as much as that VirtualService is large.
 * - Look-ups see either all of a change or nothing of it.
 * - The order in which objects come makes no difference.
 *
 * The most specific host wins, then the first route that matches, as in Envoy: a host whose routes
 * do not match is not looked for under a wildcard. VirtualServices that share a host are asked in
 * the order of their creation.
 */
export class RouteTable {
  readonly #labels: Readonly<Record<string, string>>
  readonly #gateways = new Map<string, Gateway>()
  readonly #virtualServices = new Map<string, CompiledVirtualService>()
  /** Who claims a host, oldest first. Wildcards are hosts like others. */
  readonly #byHost = new Map<string, readonly CompiledVirtualService[]>()
  #listeners = new Map<number, Listener>()
  /** What was worked out per listener and host; made on first use. */
  readonly #virtualHosts = new Map<Listener, Map<string, VirtualHost | undefined>>()

  /** A table for a gateway whose pods carry `labels`: Gateway objects select by them. */
  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = labels
  }

  /** How many VirtualServices there are. */
  get size(): number {
    return this.#virtualServices.size
  }

  /** Adds or replaces a VirtualService. */
  setVirtualService(virtualService: VirtualService): void {
    const compiled = compileVirtualService(virtualService)
    this.removeVirtualService(compiled.key)
    this.#virtualServices.set(compiled.key, compiled)
    for (const host of new Set(compiled.hosts)) {
      const claims = [...(this.#byHost.get(host) ?? []), compiled]
      this.#byHost.set(host, claims.sort(byAge))
      this.#forget(host)
    }
  }

  /** Removes a VirtualService (`namespace/name`). */
  removeVirtualService(key: string): void {
    const compiled = this.#virtualServices.get(key)
    if (compiled === undefined) return
    this.#virtualServices.delete(key)
    for (const host of compiled.hosts) {
      const claims = (this.#byHost.get(host) ?? []).filter((claim) => claim !== compiled)
      if (claims.length === 0) this.#byHost.delete(host)
      else this.#byHost.set(host, claims)
      this.#forget(host)
    }
  }

  /** Adds or replaces a Gateway. */
  setGateway(gateway: Gateway): void {
    this.#gateways.set(keyOf(gateway), gateway)
    this.#rebuildListeners()
  }

  /** Removes a Gateway (`namespace/name`). */
  removeGateway(key: string): void {
    if (this.#gateways.delete(key)) this.#rebuildListeners()
  }

  /** Finds the route of a request that came in on `port`, as Gateway objects number ports. */
  find(port: number, request: MatchableRequest): RouteVerdict {
    const listener = this.#listeners.get(port)
    if (listener === undefined) return NOT_FOUND
    const virtualHost = this.#virtualHostOf(listener, stripPort(request.host))
    if (virtualHost === undefined) return NOT_FOUND
    if (virtualHost.httpsRedirect) return HTTPS_REDIRECT
    for (const route of virtualHost.routes) {
      if (route.matches.length === 0) return {kind: 'route', route}
      for (const match of route.matches) {
        if (match.holds(request)) return {kind: 'route', route, match}
      }
    }
    return NOT_FOUND
  }

  /** How connections on `port` that ask for `serverName` are encrypted. Undefined: not at all. */
  tlsFor(port: number, serverName: string): ServerTls | undefined {
    return tlsServerFor(this.#listeners.get(port)?.servers ?? [], serverName)?.tls
  }

  /** The virtual host of the most specific name: the host itself, `*.rest` for each rest, `*`. */
  #virtualHostOf(listener: Listener, host: string): VirtualHost | undefined {
    const exact = this.#virtualHost(listener, host)
    if (exact !== undefined) return exact
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const wildcard = this.#virtualHost(listener, `*${host.slice(dot)}`)
      if (wildcard !== undefined) return wildcard
    }
    return this.#virtualHost(listener, '*')
  }

  #virtualHost(listener: Listener, host: string): VirtualHost | undefined {
    const claims = this.#byHost.get(host)
    // Unknown hosts are not remembered: anybody can make up as many as they like.
    if (claims === undefined) return undefined
    const known = this.#virtualHosts.get(listener)
    if (known?.has(host) === true) return known.get(host)
    const made = makeVirtualHost(listener, host, claims)
    if (known === undefined) this.#virtualHosts.set(listener, new Map([[host, made]]))
    else known.set(host, made)
    return made
  }

  #forget(host: string): void {
    for (const hosts of this.#virtualHosts.values()) hosts.delete(host)
  }

  #rebuildListeners(): void {
    this.#listeners = makeListeners(this.#gateways.values(), this.#labels)
    this.#virtualHosts.clear()
  }
}

/** Builds a whole table at once. */
export function buildRouteTable(input: {
  readonly virtualServices: Iterable<VirtualService>
  readonly gateways: Iterable<Gateway>
  readonly labels: Readonly<Record<string, string>>
}): RouteTable {
  const table = new RouteTable(input.labels)
  for (const gateway of input.gateways) table.setGateway(gateway)
  for (const virtualService of input.virtualServices) table.setVirtualService(virtualService)
  return table
}

/** Undefined when no claim is bound to a gateway that takes the host on this listener. */
function makeVirtualHost(
  listener: Listener,
  host: string,
  claims: readonly CompiledVirtualService[],
): VirtualHost | undefined {
  const routes: CompiledRoute[] = []
  let httpsRedirect = false
  let bound = false
  for (const claim of claims) {
    const servers = listener.servers.filter(
      (server) => claim.gateways.has(server.gateway) && coversHost(server, host, claim.namespace),
    )
    if (servers.length === 0) continue
    bound = true
    httpsRedirect ||= servers.some((server) => server.httpsRedirect)
    const gateways = new Set(servers.map((server) => server.gateway))
    for (const route of claim.routes) routes.push(...restrict(route, listener.port, gateways))
  }
  return bound ? {routes: catchAllLast(routes), httpsRedirect} : undefined
}

/** The route with those of its matches that are for these gateways; nothing if none is. */
function restrict(
  route: CompiledRoute,
  port: number,
  gateways: ReadonlySet<string>,
): CompiledRoute[] {
  if (route.matches.length === 0) return [route]
  const matches = route.matches.filter(
    (match) =>
      (match.port === undefined || match.port === port) &&
      (match.gateways === undefined || match.gateways.some((name) => gateways.has(name))),
  )
  return matches.length === 0 ? [] : [{...route, matches}]
}

/** A route that takes everything would hide those behind it; Istio moves it to the end. */
function catchAllLast(routes: readonly CompiledRoute[]): CompiledRoute[] {
  const isCatchAll = ({matches}: CompiledRoute): boolean =>
    matches.length === 0 || matches.some((match) => match.isCatchAll)
  return [...routes.filter((route) => !isCatchAll(route)), ...routes.filter(isCatchAll)]
}

/**
 * Which of two VirtualServices comes first: the older one. Times are whole seconds, so that names
 * decide often, and namespaces last, as in Istio's store.
 */
function byAge(left: CompiledVirtualService, right: CompiledVirtualService): number {
  return (
    compareText(left.createdAt, right.createdAt) ||
    compareText(left.name, right.name) ||
    compareText(left.namespace, right.namespace)
  )
}
