import {
  createServer as createHttp1Server,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server as Http1Server,
  type ServerResponse,
} from 'node:http'
import {createServer as createHttp2Server, type Http2Server} from 'node:http2'
import {createServer, type AddressInfo, type Server, type Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {createServer as createTlsServer, type SecureContext} from 'node:tls'
import {type Clock, sleep} from '../util/clock.ts'
import type {Exchange, HttpHandler} from './exchange.ts'
import {Http1Exchange} from './http1-exchange.ts'
import {Http2Exchange} from './http2-exchange.ts'

/** What a {@link HttpServer} needs. */
export interface HttpServerOptions {
  readonly clock: Clock
  readonly handler: HttpHandler
  /**
   * Learns of handlers that rejected, and of whatever else broke while an exchange was served. It
   * is always a bug of ours, and has cost that exchange only.
   */
  readonly onError?: (error: unknown, exchange?: Exchange) => void
  /** How long a client may take for the head of a request. Default 60 s, as Envoy. */
  readonly headTimeoutMs?: number
  /**
   * Makes it HTTPS: the certificate for connections that ask for `serverName` (SNI). Connections
   * that ask for none, or for one without certificate, are closed. Asked once per connection.
   */
  readonly secureContextFor?: (serverName: string) => SecureContext | undefined
}

/** How long a connection may stay silent between two requests. The value Envoy has. */
const IDLE_TIMEOUT_MS = 3_600_000
const HEAD_TIMEOUT_MS = 60_000
/** As large as Envoy accepts by default. */
const MAX_HEAD_BYTES = 60 * 1024

/**
 * Listens for HTTP/1.1, upgrades and HTTP/2 with prior knowledge on one port, with or without TLS,
 * and turns every request into an {@link Exchange} for one handler.
 *
 * Which of the two protocols a connection speaks is told by its first bytes: those of HTTP/2 begin
 * with a fixed preface that no HTTP/1 request begins with.
 */
export class HttpServer {
  readonly #clock: Clock
  readonly #handler: HttpHandler
  readonly #onError: (error: unknown, exchange?: Exchange) => void
  readonly #headTimeoutMs: number
  readonly #sockets = new Set<Socket>()
  readonly #listener: Server
  readonly #http1: Http1Server
  readonly #http2: Http2Server
  #active = 0
  #closing = false

  constructor(options: HttpServerOptions) {
    this.#clock = options.clock
    this.#handler = options.handler
    this.#onError = options.onError ?? (() => {})
    this.#headTimeoutMs = options.headTimeoutMs ?? HEAD_TIMEOUT_MS
    this.#http1 = this.#createHttp1()
    // It gets its connections from here and never listens itself, but begins to look for those that
    // are too slow only when it does.
    this.#http1.emit('listening')
    // What an upstream says twice is said twice here, too.
    this.#http2 = createHttp2Server({maxHeaderListPairs: 256, strictSingleValueFields: false})
    this.#http2.on('stream', (stream, headers, _flags, raw) => {
      this.#admitExchange(
        stream,
        () => new Http2Exchange(stream, headers, raw ?? [], this.#clock.now()),
      )
    })
    this.#http2.on('sessionError', () => {})
    this.#listener = this.#createListener(options.secureContextFor)
    this.#listener.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  /** Exchanges that are not settled yet. */
  get active(): number {
    return this.#active
  }

  /**
   * Begins to listen and resolves to the port, which differs from `port` when that is 0.
   *
   * Rejects with the error of the system, `EADDRINUSE` or `EACCES` among others.
   */
  listen(port: number, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#listener.once('error', reject)
      this.#listener.listen({port, host}, () => {
        this.#listener.off('error', reject)
        resolve((this.#listener.address() as AddressInfo).port)
      })
    })
  }

  /** Serves a connection that somebody else accepted; it is closed with the others. */
  accept(socket: Socket): void {
    this.#listener.emit('connection', socket)
  }

  /**
   * Stops listening at once, gives exchanges under way `graceMs` to settle, then cuts what is left.
   */
  async close(graceMs = 0): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()))
    this.#http1.closeIdleConnections()
    const deadlineMs = this.#clock.now() + graceMs
    while (this.#active > 0 && this.#clock.now() < deadlineMs) await sleep(this.#clock, 10)
    for (const socket of this.#sockets) socket.destroy()
    this.#http1.close()
    this.#http2.close()
    await closed
  }

  #createHttp1(): Http1Server {
    const server = createHttp1Server({
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      headersTimeout: this.#headTimeoutMs,
      connectionsCheckingInterval: this.#headTimeoutMs / 2,
      // A request may stream for as long as it likes; those behind have their own limits.
      requestTimeout: 0,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Clients offer h2c on ordinary requests; those are answered as if they had not.
      // A body would be lost on the way to the other protocol, so there is no change to it then.
      shouldUpgradeCallback: ({headers}) =>
        headers.upgrade?.toLowerCase() !== 'h2c' && !announcesBody(headers),
    })
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      this.#admitExchange(
        request.socket,
        () => new Http1Exchange(request, response, this.#clock.now()),
      )
    }
    server.on('request', onRequest)
    // With this listener the exchange decides when the client may send its body.
    server.on('checkContinue', onRequest)
    const onTakeOver = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on('error', () => {})
      this.#admitExchange(
        socket,
        () => new Http1Exchange(request, undefined, this.#clock.now(), {socket, head}),
      )
    }
    server.on('upgrade', onTakeOver)
    // Nobody here leads anywhere by CONNECT, but the handler says so in its own way.
    server.on('connect', onTakeOver)
    server.on('clientError', refuseMalformed)
    return server
  }

  #createListener(secureContextFor: HttpServerOptions['secureContextFor']): Server {
    const admit = (socket: Socket): void => this.#admit(socket)
    const options = {noDelay: true, allowHalfOpen: true}
    if (secureContextFor === undefined) return createServer(options, admit)
    return createTlsServer(
      {
        ...options,
        ALPNProtocols: ['h2', 'http/1.1'],
        handshakeTimeout: this.#headTimeoutMs,
        SNICallback(serverName, done) {
          const context = secureContextFor(serverName)
          if (context === undefined) done(new Error(`no certificate for ${serverName}`))
          else done(null, context)
        },
      },
      admit,
    )
  }

  #admit(socket: Socket): void {
    // Until a protocol takes the socket over, nobody else listens for its errors.
    socket.on('error', () => {})
    socket.setTimeout(this.#headTimeoutMs, () => socket.destroy())
    const onEnd = (): void => void socket.destroy()
    socket.on('end', onEnd)
    const chunks: Buffer[] = []
    const sniff = (): void => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      chunks.push(chunk)
      const start = chunks.length === 1 ? chunk : Buffer.concat(chunks)
      const verdict = protocolOf(start)
      if (verdict === 'undecided') return
      socket.off('readable', sniff)
      socket.off('end', onEnd)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.unshift(start)
      if (verdict === 'h2') {
        // HTTP/2 has no half-closed connections, and its sessions do not look out for them.
        socket.allowHalfOpen = false
        this.#http2.emit('connection', socket)
      } else {
        this.#http1.emit('connection', socket)
      }
    }
    socket.on('readable', sniff)
  }

  /** A request that cannot even be read costs its connection or stream. */
  #admitExchange(from: Duplex, read: () => Http1Exchange | Http2Exchange): void {
    try {
      this.#serve(read())
    } catch (error) {
      this.#onError(error)
      from.destroy()
    }
  }

  #serve(exchange: Http1Exchange | Http2Exchange): void {
    exchange.onFault = (error) => this.#onError(error, exchange)
    if (exchange.refusal !== undefined) {
      exchange.respond(exchange.refusal)
      return
    }
    this.#active++
    this.#handle(exchange).then(
      () => this.#settle(exchange),
      (error: unknown) => {
        this.#onError(error, exchange)
        this.#settle(exchange)
      },
    )
  }

  /** Handlers need not be async to throw. */
  #handle(exchange: Exchange): Promise<void> {
    try {
      return this.#handler(exchange)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** A handler that left its exchange unanswered must not leave the client waiting. */
  #settle(exchange: Exchange): void {
    this.#active--
    if (exchange.finished) return
    if (exchange.status !== 0) {
      exchange.fail(new Error('the handler gave up'))
      return
    }
    try {
      exchange.respond(500)
    } catch (error) {
      // A hook on the head, of which there are no more now.
      this.#onError(error, exchange)
      exchange.respond(500)
    }
  }
}

function announcesBody(headers: IncomingHttpHeaders): boolean {
  const length = headers['content-length']
  return (
    headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) !== 0)
  )
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Tells HTTP/2 from HTTP/1 by the first bytes of a connection. */
function protocolOf(start: Buffer): 'h2' | 'http1' | 'undecided' {
  const length = Math.min(start.length, PREFACE.length)
  if (start.compare(PREFACE, 0, length, 0, length) !== 0) return 'http1'
  return length === PREFACE.length ? 'h2' : 'undecided'
}

/** Answers what is no HTTP request, in the few bytes such a connection deserves. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
