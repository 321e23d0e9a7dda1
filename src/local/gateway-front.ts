import {KntoolError} from '../errors/kntool-error.ts'
import {respondError} from '../http/error-response.ts'
import type {HttpHandler} from '../http/exchange.ts'
import {HttpServer} from '../http/server.ts'
import type {IngressGateway} from '../istio/gateway/gateway.ts'
import type {Clock} from '../util/clock.ts'

const PUBLIC_PORT = 80

/**
 * What stands before the pods of istio-ingressgateway: the load balancer of the embedded cluster.
 *
 * Its port stays the same while gateway pods come and go.
 */
export class GatewayFront {
  /** Takes requests from outside the cluster. */
  readonly handler: HttpHandler
  readonly #gateways = new Map<IngressGateway, HttpHandler>()
  readonly #server: HttpServer
  #current: HttpHandler | undefined
  readonly #first = Promise.withResolvers<void>()
  #port: number | undefined

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.handler = async (exchange) => {
      if (this.#current !== undefined) return this.#current(exchange)
      respondError(exchange, 503, 'no pod of istio-ingressgateway is running')
    }
    this.#server = new HttpServer({clock, handler: this.handler, onError})
  }

  /** The pods' gateways that run. */
  get gateways(): readonly IngressGateway[] {
    return [...this.#gateways.keys()]
  }

  /** The port on 127.0.0.1; undefined before {@link listen}. */
  get port(): number | undefined {
    return this.#port
  }

  /** Resolves when the first gateway takes requests. */
  ready(): Promise<void> {
    return this.#first.promise
  }

  /** Sends requests to a gateway; call the result when its pod goes. */
  add(gateway: IngressGateway): () => void {
    this.#gateways.set(gateway, gateway.handlerFor(PUBLIC_PORT))
    this.#choose()
    this.#first.resolve()
    return () => {
      this.#gateways.delete(gateway)
      this.#choose()
    }
  }

  /** Listens on 127.0.0.1. Rejects with `KN_PORT_IN_USE`. */
  async listen(port: number): Promise<void> {
    try {
      this.#port = await this.#server.listen(port)
    } catch (error) {
      throw listenError(error, port)
    }
  }

  /** Stops listening; requests under way get `graceMs`. */
  async close(graceMs: number): Promise<void> {
    if (this.#port !== undefined) await this.#server.close(graceMs)
  }

  /** All gateways know the same routes, so the newest one serves alone. */
  #choose(): void {
    this.#current = [...this.#gateways.values()].at(-1)
  }
}

function listenError(error: unknown, port: number): unknown {
  const {code} = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new KntoolError('KN_PORT_IN_USE', `Port ${port} for the gateway is in use.`, {
      hint: 'Choose another one, or any free one with 0: kntool local up --gateway-port 0',
      details: {port},
      cause: error,
    })
  }
  if (code === 'EACCES') {
    return new KntoolError('KN_FORBIDDEN', `Port ${port} may not be opened by this user.`, {
      hint: 'Choose one above 1023: kntool local up --gateway-port 8080',
      details: {port},
      cause: error,
    })
  }
  return error
}
