import {Pool, type Dispatcher} from 'undici'
import type {Exchange} from './exchange.ts'
import {Http1Tunnel} from './http1-tunnel.ts'
import {HeaderFields} from './header-fields.ts'
import {readResponseHead} from './request-head.ts'
import {type TcpUpstream, type UpstreamClient, errorCode, upstreamError} from './upstream.ts'

/** Methods that mean the same when they arrive twice, and that carry no body here. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
/** What a connection fails with when its server closed it while it was idle. */
const STALE_CODES = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
/** How long a head may wait for the first piece of its body. */
const BODY_PATIENCE_MS = 20
const MAX_RESPONSE_HEAD_BYTES = 256 * 1024

/**
 * Forwards to a server that speaks HTTP/1.1, over kept-alive connections.
 *
 * It uses undici's dispatch interface: the same work through node:http's client takes about 1.6
 * times as long. What undici cannot do (upgrades, `expect: 100-continue`, a head whose body is late)
 * goes through {@link Http1Tunnel}.
 */
export class Http1Upstream implements UpstreamClient {
  readonly #upstream: TcpUpstream
  readonly #pool: Pool
  readonly #tunnel: Http1Tunnel
  // Set while undici writes the first request on a connection it has just opened.
  #opening = false

  constructor(upstream: TcpUpstream) {
    this.#upstream = upstream
    this.#tunnel = new Http1Tunnel(upstream)
    this.#pool = new Pool(`http://${hostInUrl(upstream.host)}:${upstream.port}`, {
      pipelining: 1,
      // Time limits belong to those who call; a stream may be silent for as long as it likes.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
      maxHeaderSize: MAX_RESPONSE_HEAD_BYTES,
    })
    this.#pool.on('connect', () => {
      this.#opening = true
      queueMicrotask(() => {
        this.#opening = false
      })
    })
  }

  async forward(exchange: Exchange): Promise<void> {
    if (exchange.upgrade !== undefined || exchange.expectsContinue) {
      return this.#tunnel.forward(exchange)
    }
    // undici sends a head only together with the first piece of the body. A client that wants to
    // see the response first would wait for ever.
    if (exchange.body !== undefined && !(await exchange.body.beginsWithin(BODY_PATIENCE_MS))) {
      return this.#tunnel.forward(exchange)
    }
    try {
      await this.#send(exchange)
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      await this.#send(exchange)
    }
  }

  async close(): Promise<void> {
    this.#tunnel.close()
    await this.#pool.destroy()
  }

  #send(exchange: Exchange): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = new Http1Call(exchange, {
        resolve,
        reject: (cause, reused) => {
          // Go's http.Transport repeats on the same condition: the connection had served before,
          // nothing of a response came, and the request may be repeated.
          const stale = reused && exchange.status === 0 && STALE_CODES.has(errorCode(cause) ?? '')
          if (stale && REPEATABLE.has(exchange.method) && exchange.body === undefined) {
            reject(new StaleConnection())
            return
          }
          const error = upstreamError(this.#upstream, cause)
          if (exchange.status !== 0) exchange.fail(error)
          reject(error)
        },
        isOpening: () => this.#opening,
      })
      try {
        this.#pool.dispatch(call.options(), call)
      } catch (cause) {
        reject(upstreamError(this.#upstream, cause))
      }
    })
  }
}

/** The server had closed the kept-alive connection; the request may be sent again. */
class StaleConnection extends Error {}

interface Http1Outcome {
  resolve(): void
  reject(cause: unknown, reusedConnection: boolean): void
  /** Whether the connection the request is being written to has just been opened. */
  isOpening(): boolean
}

/** One request on its way through undici. */
class Http1Call implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange
  readonly #outcome: Http1Outcome
  readonly #forgetAbort: () => void
  #controller: Dispatcher.DispatchController | undefined
  #abortReason: Error | undefined
  #reused = false

  constructor(exchange: Exchange, outcome: Http1Outcome) {
    this.#exchange = exchange
    this.#outcome = outcome
    this.#forgetAbort = exchange.onAbort((reason) => this.#abort(reason))
  }

  options(): Dispatcher.DispatchOptions {
    const {method, path, host, headers, body} = this.#exchange
    return {
      method: method as Dispatcher.HttpMethod,
      path: path === '*' ? '/*' : path,
      headers: host === '' ? headers.flat : ['host', host, ...headers.flat],
      body: body ?? null,
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#reused = !this.#outcome.isOpening()
    // Aborted while it waited for a connection.
    if (this.#abortReason !== undefined) controller.abort(this.#abortReason)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const fields = readResponseHead(headers)
    if (status < 200) this.#exchange.inform(status, fields)
    else this.#exchange.start(status, fields)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#exchange.write(chunk)) return
    controller.pause()
    this.#exchange.onDrain(() => controller.resume())
  }

  onResponseEnd(
    _controller: Dispatcher.DispatchController,
    trailers: Record<string, string | string[] | undefined>,
  ): void {
    this.#forgetAbort()
    this.#exchange.end(hasFields(trailers) ? HeaderFields.from(trailers) : undefined)
    this.#outcome.resolve()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#forgetAbort()
    if (this.#abortReason !== undefined) this.#outcome.resolve()
    else this.#outcome.reject(error, this.#reused)
  }

  #abort(reason: Error): void {
    this.#abortReason = reason
    // Without a controller the request has no connection yet; see onRequestStart.
    if (this.#controller === undefined) this.#outcome.resolve()
    else this.#controller.abort(reason)
  }
}

function hasFields(record: Record<string, unknown>): boolean {
  for (const _name in record) return true
  return false
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
