import type {SecureContext} from 'node:tls'
import type {Secret} from '../../api/core/v1.ts'
import type {Gateway, VirtualService} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import type {Exchange, HttpHandler} from '../../http/exchange.ts'
import {HeaderFields} from '../../http/header-fields.ts'
import type {Clock} from '../../util/clock.ts'
import {messageOf} from '../../util/message-of.ts'
import {type CompiledDestination, type CompiledRoute, chooseDestination} from './compiled-route.ts'
import {EndpointChoice} from './endpoint-choice.ts'
import {
  addServiceTime,
  decorateRequest,
  decorateResponse,
  ENVOY_REPLIES,
  redirectOf,
  replyLocally,
  rewriteRequest,
  type Scheme,
} from './envoy.ts'
import {addTrace, type ExchangeRecord, recordOf, TRACE_HEADER} from './exchange-record.ts'
import {applyHeaderOperations} from './header-operations.ts'
import {normalizePath} from './path-normalization.ts'
import {RouteTable, type RouteVerdict} from './route-table.ts'
import {ServerCertificates} from './server-certificates.ts'
import {followService} from '../../kubernetes/kube-proxy/service-host.ts'
import type {ServiceResolver} from '../../kubernetes/kube-proxy/service-resolver.ts'
import type {EndpointAddress} from '../../kubernetes/kube-proxy/service-target.ts'

/** The port of Gateway objects whose requests come over TLS. */
const HTTPS_PORT = 443
/**
 * Ports of the gateway's pod, and the port of Gateway objects each stands for: the Service
 * istio-ingressgateway leads port 80 to 8080 and 443 to 8443, knative-local-gateway leads to 8081.
 * Inside the pod network nothing is encrypted.
 */
const POD_PORTS: readonly (readonly [podPort: number, gatewayPort: number])[] = [
  [8080, 80],
  [8443, HTTPS_PORT],
  [8081, 8081],
]
const SLASH = 47
const NO_ROUTE: RouteVerdict = {kind: 'not-found'}
const BAD_PATH = {kind: 'bad-path'} as const
/** A request that comes through the gateway more often than this goes in a circle. */
const MAX_PASSES = 10

/** What {@link IngressGateway} needs. */
export interface IngressGatewayOptions {
  readonly clock: Clock
  /** Where destinations are dialled, and where the gateway's own pod is bound. */
  readonly network: ClusterNetwork
  readonly resolveService: ServiceResolver
  /** Labels of the gateway's pod, which Gateway objects select by. */
  readonly labels: Readonly<Record<string, string>>
  /** Address of the gateway's pod. */
  readonly podIp: string
  /** The port by which clients reach port 443. Redirects lead to it where clients name a port. */
  readonly httpsPort?: () => number | undefined
  readonly random?: () => number
  /** Learns of every request when it is done. */
  readonly onExchange?: (record: ExchangeRecord) => void
  /** Receives one line per message, without a newline. */
  readonly log?: (line: string) => void
}

/**
 * The istio-ingressgateway of the embedded cluster: takes requests and leads each to the revision
 * that VirtualServices say, through the pod network.
 *
 * It behaves like Envoy as Istio configures it: what a client sees of it (`server: istio-envoy`, 404
 * without a body, `no healthy upstream`) is the same.
 */
export class IngressGateway {
  readonly #options: IngressGatewayOptions
  readonly #table: RouteTable
  readonly #certificates = new ServerCertificates()
  readonly #endpoints: EndpointChoice
  readonly #random: () => number
  readonly #releases: (() => void)[] = []

  constructor(options: IngressGatewayOptions) {
    this.#options = options
    this.#random = options.random ?? Math.random
    this.#table = new RouteTable(options.labels)
    this.#endpoints = new EndpointChoice(this.#random)
    for (const [podPort, gatewayPort] of POD_PORTS) {
      const handler = this.handlerFor(gatewayPort)
      this.#releases.push(options.network.bind(options.podIp, podPort, handler))
    }
  }

  /**
   * Adds or replaces a VirtualService. In force for every request that arrives afterwards; those
   * under way go on as they began. One that cannot be understood leaves the one before in force.
   */
  setVirtualService(virtualService: VirtualService): void {
    try {
      this.#table.setVirtualService(virtualService)
    } catch (error) {
      this.#options.log?.(`virtual service ${keyOf(virtualService)} rejected: ${String(error)}`)
    }
  }

  /** Removes a VirtualService (`namespace/name`). */
  removeVirtualService(key: string): void {
    this.#table.removeVirtualService(key)
  }

  /** Adds or replaces a Gateway. */
  setGateway(gateway: Gateway): void {
    this.#table.setGateway(gateway)
  }

  /** Removes a Gateway (`namespace/name`). */
  removeGateway(key: string): void {
    this.#table.removeGateway(key)
  }

  /**
   * Adds or replaces a Secret of the gateway's namespace. New connections are served by it; one
   * that cannot be used leaves the one before in force.
   */
  setSecret(secret: Secret): void {
    try {
      this.#certificates.set(secret)
    } catch (error) {
      this.#options.log?.(messageOf(error))
    }
  }

  /** Removes a Secret by its name. */
  removeSecret(name: string): void {
    this.#certificates.remove(name)
  }

  /**
   * The certificate for connections that ask for `serverName` (SNI). Undefined where no Gateway
   * object has one for it: such connections are closed.
   */
  secureContextFor(serverName: string): SecureContext | undefined {
    const tls = this.#table.tlsFor(HTTPS_PORT, serverName)
    return tls === undefined ? undefined : this.#certificates.contextOf(tls)
  }

  /**
   * What takes requests for one port of Gateway objects: 80 and 443 from outside, 8081 from inside.
   * Those for 443 have TLS taken off.
   */
  handlerFor(gatewayPort: number): HttpHandler {
    return (exchange) => this.#handle(exchange, gatewayPort)
  }

  /** Gives the address of the gateway's pod back. Requests under way go on. */
  async close(): Promise<void> {
    for (const release of this.#releases) release()
  }

  // The methods from here on hand the promise of the next one through where they can: a request
  // passes all of them, and each `async` of its own would cost it a turn of the microtask queue.

  #handle(exchange: Exchange, gatewayPort: number): Promise<void> {
    const {clock, onExchange} = this.#options
    const normalPath = normalizePath(exchange.path)
    if (normalPath !== undefined) exchange.path = normalPath
    const {method, host, path, headers} = exchange
    // One that comes back from inside is recorded by its first pass.
    const isFirstPass = exchange.notes['gatewayPasses'] === undefined
    const isTraced = headers.has(TRACE_HEADER)
    if (isTraced) headers.delete(TRACE_HEADER)
    // Envoy has no route for what is no path: `OPTIONS *`, and the authority of CONNECT.
    const isPath = path.charCodeAt(0) === SLASH
    const route = isPath ? this.#table.find(gatewayPort, exchange) : NO_ROUTE
    const verdict = normalPath === undefined ? BAD_PATH : route
    let headAtMs = exchange.receivedAtMs
    exchange.beforeHead((head) => {
      headAtMs = clock.now()
      decorateResponse(head.headers)
      if (exchange.notes['peerIp'] !== undefined) {
        addServiceTime(head.headers, headAtMs - exchange.receivedAtMs)
      }
      if (isTraced) addTrace(head.headers, exchange, headAtMs)
    })
    const followed = this.#follow(exchange, verdict, gatewayPort === HTTPS_PORT ? 'https' : 'http')
    if (onExchange === undefined || !isFirstPass) return followed
    return followed.finally(() => {
      onExchange(recordOf(exchange, {method, host, path}, {headAtMs, endAtMs: clock.now()}))
    })
  }

  #follow(
    exchange: Exchange,
    verdict: RouteVerdict | typeof BAD_PATH,
    scheme: Scheme,
  ): Promise<void> {
    switch (verdict.kind) {
      case 'bad-path':
        return replyLocally(exchange, ENVOY_REPLIES.badPath)
      case 'not-found':
        return replyLocally(exchange, ENVOY_REPLIES.notFound)
      case 'https-redirect':
        return redirect(exchange, {scheme: 'https', authority: this.#httpsAuthority(exchange.host)})
      case 'route': {
        const {route, match} = verdict
        if (route.redirect !== undefined) return redirect(exchange, route.redirect)
        const destination = chooseDestination(route, this.#random())
        if (destination === undefined) return replyLocally(exchange, ENVOY_REPLIES.noCluster)
        prepare(exchange, route, destination, scheme)
        if (route.rewrite !== undefined) rewriteRequest(exchange, route.rewrite, match)
        if (route.timeoutMs === 0) return this.#forward(exchange, destination)
        return this.#forwardInTime(exchange, destination, route.timeoutMs)
      }
    }
  }

  /** Envoy keeps the port a client wrote, which is that of plain HTTP. */
  #httpsAuthority(authority: string): string {
    const port = this.#options.httpsPort?.()
    if (port === undefined || !/:\d+$/.test(authority)) return authority
    return authority.replace(/:\d+$/, port === HTTPS_PORT ? '' : `:${port}`)
  }

  #forward(exchange: Exchange, destination: CompiledDestination): Promise<void> {
    if (!passAgain(exchange)) return replyLocally(exchange, ENVOY_REPLIES.noCluster)
    const way = followService(this.#options.resolveService, destination.service)
    if (way.kind !== 'endpoints') return replyLocally(exchange, ENVOY_REPLIES.noCluster)
    const {addresses} = way
    if (addresses.length === 0) return replyLocally(exchange, ENVOY_REPLIES.noHealthyUpstream)
    return this.#dial(exchange, addresses)
  }

  /** Tries one address after another until somebody answers: nothing was sent to the others. */
  #dial(exchange: Exchange, addresses: readonly EndpointAddress[]): Promise<void> {
    let candidates = addresses
    for (;;) {
      const address = this.#endpoints.pick(candidates)
      if (address === undefined) return replyLocally(exchange, ENVOY_REPLIES.connectionFailure)
      const handler = this.#options.network.dial(address.ip, address.port)
      if (handler === undefined) {
        candidates = candidates.filter((candidate) => candidate !== address)
        continue
      }
      exchange.notes['peerIp'] = this.#options.podIp
      if (addresses.length === 1) return handler(exchange)
      return handler(exchange).finally(this.#endpoints.enter(address))
    }
  }

  #forwardInTime(
    exchange: Exchange,
    destination: CompiledDestination,
    timeoutMs: number,
  ): Promise<void> {
    const timer = this.#options.clock.after(timeoutMs, () => {
      const reason = new Error(ENVOY_REPLIES.timeout.text)
      if (exchange.status === 0) void replyLocally(exchange, ENVOY_REPLIES.timeout)
      else exchange.fail(reason)
      exchange.abort(reason)
    })
    return this.#forward(exchange, destination).finally(() => timer.cancel())
  }
}

/** Sets what the route and the destination ask for, in Envoy's order: the destination first. */
function prepare(
  exchange: Exchange,
  route: CompiledRoute,
  destination: CompiledDestination,
  scheme: Scheme,
): void {
  const {headers, notes} = exchange
  decorateRequest(exchange, scheme)
  notes['route'] = route.virtualService
  notes['destination'] = destination.name
  for (const operations of [destination.request, route.request]) {
    if (operations === undefined) continue
    applyHeaderOperations(headers, operations)
    if (operations.authority !== undefined) exchange.host = operations.authority
  }
  const responses = [destination.response, route.response].filter((item) => item !== undefined)
  if (responses.length === 0) return
  exchange.beforeHead((head) => {
    for (const operations of responses) applyHeaderOperations(head.headers, operations)
  })
}

function redirect(exchange: Exchange, to: Readonly<Record<string, unknown>>): Promise<void> {
  const {status, location} = redirectOf(exchange, to)
  exchange.respond(status, undefined, HeaderFields.from({location}))
  return Promise.resolve()
}

/** Counts the passes of an exchange through gateways. False when it goes in a circle. */
function passAgain(exchange: Exchange): boolean {
  const passes = Number(exchange.notes['gatewayPasses'] ?? 0) + 1
  exchange.notes['gatewayPasses'] = passes
  return passes <= MAX_PASSES
}
