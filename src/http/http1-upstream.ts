import {Pool, type Dispatcher} from 'undici'
import type {Exchange} from './exchange.ts'
import {Http1Tunnel} from './http1-tunnel.ts'
import {HeaderFields} from './header-fields.ts'
import {readResponseHead} from './request-head.ts'
import {
  type TcpUpstream,
  type UpstreamClient,
  type UpstreamError,
  errorCode,
  upstreamError,
} from './upstream.ts'

/** Methods that mean the same when they arrive twice, and that carry no body here. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
/** What a connection fails with when its server closed it while it was idle. */
const STALE = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
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

  forward(exchange: Exchange): Promise<void> {
    if (exchange.upgrade !== undefined || exchange.expectsContinue) {
      return this.#tunnel.forward(exchange)
    }
    return exchange.body === undefined ? this.#send(exchange) : this.#sendWithBody(exchange)
  }

  async #sendWithBody(exchange: Exchange): Promise<void> {
    // undici sends a head only together with the first piece of the body. A client that wants to
    // see the response first would wait for ever.
    const begun = await exchange.body?.beginsWithin(BODY_PATIENCE_MS)
    return begun === true ? this.#send(exchange) : this.#tunnel.forward(exchange)
  }

  async close(): Promise<void> {
    this.#tunnel.close()
    await this.#pool.destroy()
  }

  #send(exchange: Exchange): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = new Http1Call(exchange, {
        upstream: this.#upstream,
        isOpening: this.#isOpening,
        dispatch: this.#dispatch,
        resolve,
        reject,
      })
      this.#dispatch(call)
    })
  }

  // One function each for all calls.
  readonly #isOpening = (): boolean => this.#opening

  readonly #dispatch = (call: Http1Call): void => {
    try {
      this.#pool.dispatch(call.options(), call)
    } catch (error) {
      call.onResponseError(undefined, error)
    }
  }
}

/** What a call needs of its upstream, and who waits for it. */
interface Http1CallContext {
  readonly upstream: TcpUpstream
  /** Whether the connection the request is being written to has just been opened. */
  isOpening(): boolean
  dispatch(call: Http1Call): void
  resolve(): void
  reject(error: UpstreamError): void
}

/** One request on its way through undici. */
class Http1Call implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange
  readonly #context: Http1CallContext
  readonly #forgetAbort: () => void
  #controller: Dispatcher.DispatchController | undefined
  #abortReason: Error | undefined
  #reused = false

  constructor(exchange: Exchange, context: Http1CallContext) {
    this.#exchange = exchange
    this.#context = context
    this.#forgetAbort = exchange.onAbort((reason) => this.#abort(reason))
  }

  options(): Dispatcher.DispatchOptions & {servername: string} {
    const {method, path, host, headers, body} = this.#exchange
    return {
      method: method as Dispatcher.HttpMethod,
      path: path === '*' ? '/*' : path,
      headers: host === '' ? headers.flat : ['host', host, ...headers.flat],
      body: body ?? null,
      // Without TLS it means nothing; but undici works it out by regular expressions if not told.
      servername: 'none',
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#reused = !this.#context.isOpening()
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
    this.#context.resolve()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, cause: unknown): void {
    if (this.#abortReason === undefined && this.#isStale(cause)) {
      this.#controller = undefined
      this.#context.dispatch(this)
      return
    }
    this.#forgetAbort()
    if (this.#abortReason !== undefined) {
      this.#context.resolve()
      return
    }
    const error = upstreamError(this.#context.upstream, cause)
    if (this.#exchange.status !== 0) this.#exchange.fail(error)
    this.#context.reject(error)
  }

  /**
   * Whether the server had closed the kept connection, so that the request may be sent again: on
   * the condition of Go's http.Transport, that nothing of a response came and that the request
   * means the same when it arrives twice.
   */
  #isStale(cause: unknown): boolean {
    const {method, status, body} = this.#exchange
    if (!this.#reused || status !== 0 || body !== undefined) return false
    return REPEATABLE.has(method) && STALE.has(errorCode(cause) ?? '')
  }

  #abort(reason: Error): void {
    this.#abortReason = reason
    // Without a controller the request has no connection yet; see onRequestStart.
    if (this.#controller === undefined) this.#context.resolve()
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
