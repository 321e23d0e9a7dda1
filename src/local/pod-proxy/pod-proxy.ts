import {lookup} from 'node:dns/promises'
import {connect, type Socket} from 'node:net'
import {networkInterfaces} from 'node:os'
import type {Duplex} from 'node:stream'
import {serviceHostname} from '../../api/networking/names.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import {respondError} from '../../http/error-response.ts'
import type {Exchange, HttpHandler} from '../../http/exchange.ts'
import {openUpstream} from '../../http/open-upstream.ts'
import {HttpServer} from '../../http/server.ts'
import {UpstreamError} from '../../http/upstream.ts'
import type {ServiceAccess} from '../../kubernetes/apiserver/service-access.ts'
import type {ServiceResolver} from '../../kubernetes/kube-proxy/service-resolver.ts'
import type {Bridge, ServiceProxy} from '../../kubernetes/runtimes/runtime.ts'
import type {Clock} from '../../util/clock.ts'
import {messageOf} from '../../util/message-of.ts'
import {type ClusterRoute, routeTo} from './cluster-route.ts'
import {readBeginning} from './connect-head.ts'
import {Listeners} from './listeners.ts'
import {type ProxyTarget, readProxyTarget} from './proxy-target.ts'

const LOOPBACK = '127.0.0.1'
const HTTP_PORT = 80

/** What {@link PodProxy} needs. */
export interface PodProxyOptions {
  readonly clock: Clock
  readonly network: ClusterNetwork
  readonly resolveService: ServiceResolver
  /** The way to a port of a Service as a connection of bytes. */
  readonly access: ServiceAccess
  /** The API server's own port on this machine; undefined while it has none. */
  readonly apiPort: () => number | undefined
  readonly onError: (error: unknown) => void
}

/** What listens for the pods of one namespace. */
interface NamespaceProxy {
  readonly port: Promise<number>
  readonly openTo: (bridge: Bridge) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * What the programs of pods find in `HTTP_PROXY`: a proxy that knows the names of the cluster's
 * Services, which no resolver of the machine does, and passes everything else on to where it is.
 *
 * Each namespace has a port of its own on 127.0.0.1, and on the bridges that its containers are on,
 * since a short name means another Service in each. It gives nobody anything: who can connect to it can also connect to the pods' own ports and
 * to whatever it passes on to.
 */
export class PodProxy {
  readonly #options: PodProxyOptions
  readonly #proxies = new Map<string, NamespaceProxy>()
  readonly #ports = new Set<number>()

  constructor(options: PodProxyOptions) {
    this.#options = options
  }

  /** The proxy as the pods of a namespace ask it; it listens when the first URL is asked for. */
  of(namespace: string): ServiceProxy {
    return {
      url: async () => `http://${LOOPBACK}:${await this.#proxyOf(namespace).port}`,
      urlOn: async (bridge) => {
        const proxy = this.#proxyOf(namespace)
        const port = await proxy.port
        void proxy.openTo(bridge).catch(this.#options.onError)
        return `http://${bridge.address}:${port}`
      },
    }
  }

  /** Cuts everything. */
  async close(): Promise<void> {
    const proxies = [...this.#proxies.values()]
    this.#proxies.clear()
    await Promise.all(proxies.map((proxy) => proxy.close()))
  }

  #proxyOf(namespace: string): NamespaceProxy {
    let proxy = this.#proxies.get(namespace)
    if (proxy === undefined) {
      proxy = this.#listen(namespace)
      this.#proxies.set(namespace, proxy)
    }
    return proxy
  }

  #listen(namespace: string): NamespaceProxy {
    const {clock, onError} = this.#options
    const handler: HttpHandler = (exchange) => this.#serve(exchange, namespace)
    const http = new HttpServer({clock, handler, onError})
    const listeners = new Listeners((socket) => void this.#admit(socket, http, namespace))
    const port = listeners.listen(LOOPBACK, 0)
    void port.then((own) => this.#ports.add(own))
    return {
      port,
      openTo: async (bridge) => listeners.openTo(bridge, await port, clock),
      async close() {
        await listeners.close()
        await http.close()
      },
    }
  }

  async #admit(socket: Socket, http: HttpServer, namespace: string): Promise<void> {
    const beginning = await readBeginning(socket)
    if (beginning === undefined) return
    if (beginning.kind === 'request') {
      http.accept(socket)
      return
    }
    try {
      await this.#tunnel(socket, beginning.authority, namespace)
    } catch (error) {
      refuseTunnel(socket, 502, messageOf(error))
    }
  }

  /** A request that names its whole URL, as proxies are asked. */
  async #serve(exchange: Exchange, namespace: string): Promise<void> {
    const target = this.#read(exchange.host, namespace)
    if (target === undefined) return respondError(exchange, 400, 'the request names no host')
    exchange.headers.delete('proxy-authorization')
    exchange.headers.delete('proxy-connection')
    if (target.kind === 'other') return this.#relay(exchange, target)
    const route = this.#route(target)
    if (route.kind === 'nothing') return respondError(exchange, 502, route.why)
    if (route.kind === 'outside') return this.#relay(exchange, route)
    completeHost(exchange, target, route)
    return anyOf(route.handlers)(exchange)
  }

  /** Bytes in both directions, or HTTP where a part of this program is behind the Service. */
  async #tunnel(socket: Socket, authority: string, namespace: string): Promise<void> {
    const target = this.#read(authority, namespace)
    if (target === undefined) {
      refuseTunnel(socket, 400, `${authority} is no host and port`)
      return
    }
    const apiPort = isApi(target) ? this.#options.apiPort() : undefined
    if (apiPort !== undefined) return join(socket, await dial(LOOPBACK, apiPort))
    if (target.kind === 'other') return join(socket, await this.#dialOther(target))
    const route = this.#route(target)
    if (route.kind === 'nothing') throw new Error(route.why)
    if (route.kind === 'outside') return join(socket, await this.#dialOther(route))
    const {name, namespace: ns = '', port} = route.service
    const connection = await this.#options.access.connect(ns, name, port)
    if (connection !== 'in-process') return join(socket, connection)
    const {clock, onError} = this.#options
    const server = new HttpServer({
      clock,
      onError,
      handler: (exchange) => {
        completeHost(exchange, target, route)
        return anyOf(route.handlers)(exchange)
      },
    })
    socket.once('close', () => void server.close())
    acceptTunnel(socket)
    server.accept(socket)
  }

  #read(authority: string, namespace: string): ProxyTarget | undefined {
    const {resolveService} = this.#options
    return readProxyTarget(
      authority,
      HTTP_PORT,
      namespace,
      (name, ns) => resolveService(name, ns, HTTP_PORT) !== undefined,
    )
  }

  #route({name, namespace, port}: ProxyTarget & {kind: 'service'}): ClusterRoute {
    const {resolveService, network} = this.#options
    return routeTo({name, namespace, port}, resolveService, network)
  }

  async #relay(exchange: Exchange, {host, port}: {host: string; port: number}): Promise<void> {
    if (await this.#isOwn(host, port)) {
      return respondError(exchange, 421, 'this proxy is asked for itself')
    }
    const upstream = openUpstream({kind: 'tcp', host, port, protocol: 'http1'})
    try {
      await upstream.forward(exchange)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      if (exchange.status === 0) respondError(exchange, 502, error.message)
    } finally {
      await upstream.close()
    }
  }

  async #dialOther({host, port}: {host: string; port: number}): Promise<Socket> {
    if (await this.#isOwn(host, port)) throw new Error('this proxy is asked for itself')
    return dial(host, port)
  }

  /** Whether a request would come back here, for ever. */
  async #isOwn(host: string, port: number): Promise<boolean> {
    if (!this.#ports.has(port)) return false
    const found = await lookup(host).catch(() => undefined)
    return found === undefined || isOwnAddress(found.address)
  }
}

function isOwnAddress(address: string): boolean {
  if (address.startsWith('127.')) return true
  return Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.address === address)
}

function isApi(target: ProxyTarget): boolean {
  if (target.kind !== 'service') return false
  return target.name === 'kubernetes' && target.namespace === 'default' && target.port === 443
}

/** A gateway that stands for many Services knows none by its name alone. */
function completeHost(
  exchange: Exchange,
  target: ProxyTarget & {kind: 'service'},
  {service}: ClusterRoute & {kind: 'pods'},
): void {
  const [host = '', port] = exchange.host.split(':')
  if (host.includes('.') || service.name === target.name) return
  const full = serviceHostname(target.name, target.namespace)
  exchange.host = port === undefined ? full : `${full}:${port}`
}

function anyOf(handlers: readonly HttpHandler[]): HttpHandler {
  const chosen = handlers[Math.floor(Math.random() * handlers.length)]
  if (chosen === undefined) throw new Error('there is no pod to choose')
  return chosen
}

function dial(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({host, port, allowHalfOpen: true, noDelay: true})
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function acceptTunnel(socket: Socket): void {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
}

function refuseTunnel(socket: Socket, status: number, text: string): void {
  const head = `HTTP/1.1 ${status} ${status === 400 ? 'Bad Request' : 'Bad Gateway'}\r\n`
  const fields = 'content-type: text/plain; charset=utf-8\r\nconnection: close\r\n'
  socket.end(`${head}${fields}content-length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`)
}

/** Passes bytes both ways, each at the pace of its reader, until both sides have ended. */
function join(socket: Socket, other: Duplex): void {
  const cut = (): void => {
    socket.destroy()
    other.destroy()
  }
  for (const end of [socket, other]) {
    end.on('error', cut)
    end.on('close', () => {
      if (!end.readableEnded) cut()
    })
  }
  acceptTunnel(socket)
  socket.pipe(other)
  other.pipe(socket)
}
