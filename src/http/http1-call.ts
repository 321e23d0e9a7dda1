import type {Exchange} from './exchange.ts'
import type {HeaderFields} from './header-fields.ts'
import type {ConnectionUser, Http1Connection} from './http1-connection.ts'
import type {Http1Head} from './http1-head-parser.ts'
import {sendRequestBody} from './http1-request-body.ts'
import {type BodyFraming, bodyFramingOf, renderRequestHead} from './http1-request.ts'
import {joinTunnel} from './http1-tunnel.ts'
import {ResponseHeadError} from './response-head.ts'
import {type TcpUpstream, upstreamError} from './upstream.ts'

/** Methods that mean the same when they arrive twice, and that carry no body here. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
/** How long a server may take to say `100 Continue` before the body is sent anyway, as in Go. */
const CONTINUE_TIMEOUT_MS = 1000

/** What a call needs of its upstream, and who waits for it. */
export interface Http1CallContext {
  /** A connection nobody else uses. `isRepeatable`: whether the request may arrive twice. */
  connect(isRepeatable: boolean): Http1Connection
  resolve(): void
  reject(error: unknown): void
}

/** One exchange on its way to an HTTP/1 server and back. */
export class Http1Call implements ConnectionUser {
  readonly #exchange: Exchange
  readonly #upstream: TcpUpstream
  readonly #context: Http1CallContext
  readonly #framing: BodyFraming
  readonly #isRepeatable: boolean
  #forgetAbort: (() => void) | undefined
  #connection: Http1Connection | undefined
  /** Runs while the server has not said whether it wants the body. */
  #patience: NodeJS.Timeout | undefined

  constructor(exchange: Exchange, upstream: TcpUpstream, context: Http1CallContext) {
    this.#exchange = exchange
    this.#upstream = upstream
    this.#context = context
    this.#framing = bodyFramingOf(exchange)
    this.#isRepeatable = this.#framing === 'none' && REPEATABLE.has(exchange.method)
  }

  /** Sends the request. Called once. */
  start(): void {
    this.#forgetAbort = this.#exchange.onAbort(() => this.#abort())
    if (!this.#exchange.aborted) this.#send()
  }

  onHead(head: Http1Head): void {
    const {status, headers} = head
    if (status === 100) this.#continue()
    else if (status === 101) this.#switch(headers)
    else if (status < 200) this.#exchange.inform(status, headers)
    else {
      clearTimeout(this.#patience)
      this.#exchange.start(status, headers)
    }
  }

  onData(chunk: Buffer): void {
    if (this.#exchange.write(chunk)) return
    const connection = this.#connection
    connection?.pause()
    this.#exchange.onDrain(() => {
      // By then the connection may serve another exchange, which has its own pace.
      if (this.#connection === connection) connection?.resume()
    })
  }

  onEnd(trailers: HeaderFields | undefined): void {
    this.#leave()
    this.#exchange.end(trailers)
    this.#context.resolve()
  }

  onFailure(cause: unknown, isUnseen: boolean): void {
    // As Go's http.Transport: nothing of a response came, and the request may arrive twice.
    if (isUnseen && this.#isRepeatable) {
      this.#send()
      return
    }
    this.#leave()
    const error = upstreamError(this.#upstream, cause) ?? cause
    if (this.#exchange.status !== 0) this.#exchange.fail(error as Error)
    this.#context.reject(error)
  }

  #send(): void {
    try {
      const head = renderRequestHead(this.#exchange, this.#framing, hostOf(this.#upstream))
      this.#connection = this.#context.connect(this.#isRepeatable)
      this.#begin(this.#connection, head)
    } catch (error) {
      const connection = this.#connection
      this.#leave()
      connection?.destroy()
      this.#context.reject(upstreamError(this.#upstream, error) ?? error)
    }
  }

  #begin(connection: Http1Connection, head: string): void {
    const {body, method, expectsContinue} = this.#exchange
    if (body === undefined) {
      connection.begin(this, method, head)
      connection.requestSent()
    } else if (expectsContinue) {
      connection.begin(this, method, head)
      // Measures a socket's silence, which no clock of a test can move.
      this.#patience = setTimeout(() => this.#continue(), CONTINUE_TIMEOUT_MS)
    } else {
      // The beginning of a body is mostly there already: head and body go out together then.
      const {socket} = connection
      socket.cork()
      connection.begin(this, method, head)
      this.#sendBody()
      setImmediate(() => socket.uncork())
    }
  }

  /** The server wants the body, or has not said in time that it does not. */
  #continue(): void {
    if (this.#patience === undefined) return
    clearTimeout(this.#patience)
    this.#patience = undefined
    this.#exchange.inform(100)
    this.#sendBody()
  }

  #sendBody(): void {
    const connection = this.#connection
    const {body} = this.#exchange
    if (connection === undefined || body === undefined) return
    sendRequestBody(body, connection.socket, this.#framing, (error) => {
      if (this.#connection !== connection) return
      if (error === undefined) connection.requestSent()
      else connection.fail(error)
    })
  }

  /** Ties the two connections together until both directions are done. */
  #switch(headers: HeaderFields): void {
    const {upgrade} = this.#exchange
    const offered = headers.get('upgrade') ?? ''
    const connection = this.#connection
    if (connection === undefined || upgrade === undefined || offered.toLowerCase() !== upgrade) {
      throw new ResponseHeadError(
        `backend tried to switch protocol ${JSON.stringify(offered)} when ${JSON.stringify(upgrade ?? '')} was requested`,
      )
    }
    const client = this.#exchange.acceptUpgrade(headers)
    this.#forgetAbort?.()
    const forgetAbort = this.#exchange.onAbort(() => client.destroy())
    void joinTunnel(client, connection.socket).then(() => {
      forgetAbort()
      this.#context.resolve()
    })
  }

  #abort(): void {
    const connection = this.#connection
    this.#leave()
    connection?.destroy()
    this.#context.resolve()
  }

  /** Nothing that still happens on the connection is this exchange's. */
  #leave(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
    this.#connection = undefined
    this.#forgetAbort?.()
  }
}

function hostOf({host, port}: TcpUpstream): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
