import {KntoolError} from '../errors/kntool-error.ts'
import {respondError} from '../http/error-response.ts'
import type {Exchange, HttpHandler} from '../http/exchange.ts'
import {HttpServer} from '../http/server.ts'
import type {IngressGateway} from '../istio/gateway/gateway.ts'
import type {Clock} from '../util/clock.ts'

const HTTP_PORT = 80
const HTTPS_PORT = 443

/** A pod's gateway, and what takes the requests for its two public ports. */
interface Backend {
  readonly gateway: IngressGateway
  readonly http: HttpHandler
  readonly https: HttpHandler
}

/**
 * What stands before the pods of istio-ingressgateway: the load balancer of the embedded cluster.
 *
 * Its ports stay the same while gateway pods come and go.
 */
export class GatewayFront {
  /** Takes requests from outside the cluster. */
  readonly handler: HttpHandler
  /** Takes requests that came, or would have come, over TLS. */
  readonly httpsHandler: HttpHandler
  #backends: readonly Backend[] = []
  /** All gateways know the same routes, so the newest one serves alone. */
  #newest: Backend | undefined
  readonly #first = Promise.withResolvers<void>()
  readonly #server: HttpServer
  readonly #httpsServer: HttpServer
  #port: number | undefined
  #httpsPort: number | undefined

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.handler = (exchange) => this.#newest?.http(exchange) ?? refuse(exchange)
    this.#server = new HttpServer({clock, handler: this.handler, onError})
    this.httpsHandler = (exchange) => this.#newest?.https(exchange) ?? refuse(exchange)
    this.#httpsServer = new HttpServer({
      clock,
      handler: this.httpsHandler,
      onError,
      secureContextFor: (serverName) => this.#newest?.gateway.secureContextFor(serverName),
    })
  }

  /** The pods' gateways that run. */
  get gateways(): readonly IngressGateway[] {
    return this.#backends.map(({gateway}) => gateway)
  }

  /** The port on 127.0.0.1; undefined before {@link listen}. */
  get port(): number | undefined {
    return this.#port
  }

  /** The port for HTTPS on 127.0.0.1; undefined before {@link listenHttps}. */
  get httpsPort(): number | undefined {
    return this.#httpsPort
  }

  /** Resolves when the first gateway takes requests. */
  ready(): Promise<void> {
    return this.#first.promise
  }

  /** Sends requests to a gateway; call the result when its pod goes. */
  add(gateway: IngressGateway): () => void {
    const backend = {
      gateway,
      http: gateway.handlerFor(HTTP_PORT),
      https: gateway.handlerFor(HTTPS_PORT),
    }
    this.#setBackends([...this.#backends, backend])
    this.#first.resolve()
    return () => this.#setBackends(this.#backends.filter((other) => other !== backend))
  }

  /** Listens on 127.0.0.1. Rejects with `KN_PORT_IN_USE`. */
  async listen(port: number): Promise<void> {
    this.#port = await listenOn(this.#server, port, {flag: '--gateway-port', example: 8080})
  }

  /** Listens for HTTPS on 127.0.0.1. Rejects with `KN_PORT_IN_USE`. */
  async listenHttps(port: number): Promise<void> {
    const flag = {flag: '--gateway-https-port', example: 8443}
    this.#httpsPort = await listenOn(this.#httpsServer, port, flag)
  }

  /** Stops listening; requests under way get `graceMs`. */
  async close(graceMs: number): Promise<void> {
    await Promise.all([
      this.#port !== undefined && this.#server.close(graceMs),
      this.#httpsPort !== undefined && this.#httpsServer.close(graceMs),
    ])
  }

  #setBackends(backends: readonly Backend[]): void {
    this.#backends = backends
    this.#newest = backends.at(-1)
  }
}

async function refuse(exchange: Exchange): Promise<void> {
  respondError(exchange, 503, 'no pod of istio-ingressgateway is running')
}

async function listenOn(
  server: HttpServer,
  port: number,
  {flag, example}: {flag: string; example: number},
): Promise<number> {
  try {
    return await server.listen(port)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new KntoolError('KN_PORT_IN_USE', `Port ${port} for the gateway is in use.`, {
        hint: `Choose another one, or any free one with 0: kntool local up ${flag} 0`,
        details: {port},
        cause: error,
      })
    }
    if (code === 'EACCES') {
      throw new KntoolError('KN_FORBIDDEN', `Port ${port} may not be opened by this user.`, {
        hint: `Choose one above 1023: kntool local up ${flag} ${example}`,
        details: {port},
        cause: error,
      })
    }
    throw error
  }
}
