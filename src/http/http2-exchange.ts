import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type {Duplex} from 'node:stream'
import type {Exchange} from './exchange.ts'
import {ExchangeBase} from './exchange-base.ts'
import {HeaderFields} from './header-fields.ts'
import {RelayBody} from './relay-body.ts'
import {readRequestHead, type RequestHead} from './request-head.ts'

const RESET_CONTENT = 205
/** How long a client may go on sending what nobody reads, in real time. */
const REST_PATIENCE_MS = 1000

/** An exchange on a stream of an HTTP/2 connection. */
export class Http2Exchange extends ExchangeBase implements Exchange {
  readonly protocol = 'h2'
  readonly remoteAddress: string
  readonly receivedAtMs: number
  method: string
  path: string
  host: string
  readonly headers: HeaderFields
  readonly expectsContinue: boolean
  readonly upgrade = undefined
  readonly refusal: RequestHead['refusal']
  readonly #stream: ServerHttp2Stream
  readonly #hasBody: boolean
  #body: RelayBody | undefined
  #requestTrailers: HeaderFields | undefined
  /** The head while it waits for what follows in the same turn of the event loop. */
  #pendingHead: HeaderFields | undefined
  #trailers: HeaderFields | undefined

  constructor(
    stream: ServerHttp2Stream,
    pseudo: IncomingHttpHeaders,
    raw: readonly string[],
    receivedAtMs: number,
  ) {
    super()
    const head = readRequestHead(raw)
    this.#stream = stream
    this.remoteAddress = stream.session?.socket.remoteAddress ?? '127.0.0.1'
    this.receivedAtMs = receivedAtMs
    this.method = `${pseudo[':method'] ?? 'GET'}`
    this.host = `${pseudo[':authority'] ?? head.host}`
    // CONNECT has none: what it is for is an authority, as on HTTP/1.
    this.path = `${pseudo[':path'] ?? this.host}`
    this.refusal = head.refusal
    this.headers = head.headers
    this.expectsContinue = head.expectsContinue
    this.#hasBody = !stream.endAfterHeaders
    joinCookies(this.headers)
    stream.on('close', () => this.clientGone())
    // Errors of a stream concern its exchange only, which learns of them by the close.
    stream.on('error', () => {})
    stream.on('wantTrailers', () => {
      this.guard(() => stream.sendTrailers(this.#trailers?.toRecord() ?? {}))
      this.#refuseRest()
    })
    if (this.#hasBody) {
      stream.on(
        'trailers',
        (_headers: IncomingHttpHeaders, _flags: number, rawTrailers: string[]) => {
          this.#requestTrailers = new HeaderFields(rawTrailers)
        },
      )
    }
  }

  get body(): RelayBody | undefined {
    if (!this.#hasBody) return undefined
    this.#body ??= new RelayBody(this.#stream, () => this.#requestTrailers)
    return this.#body
  }

  acceptUpgrade(): Duplex {
    throw new Error('HTTP/2 has no upgrade')
  }

  protected override sendInformation(status: number, headers: HeaderFields): void {
    if (this.#stream.destroyed) return
    this.#stream.additionalHeaders(withStatus(status, headers))
  }

  protected override whenDrained(run: () => void): void {
    this.#stream.once('drain', run)
  }

  protected override sendHead(_status: number, headers: HeaderFields): void {
    this.#pendingHead = headers
    // If nothing follows by then, the head goes out alone: an event stream may be silent at first.
    process.nextTick(flush, this)
  }

  protected override sendChunk(chunk: Uint8Array): boolean {
    this.#flush()
    if (!this.#takesContent() || this.#stream.destroyed) return true
    return this.#stream.write(chunk)
  }

  protected override sendEnd(trailers: HeaderFields | undefined): void {
    this.#trailers = trailers
    const stream = this.#stream
    const isHeadOnly = this.#pendingHead !== undefined && trailers === undefined
    // A head that is all of the response says so itself: gRPC tells errors by such heads.
    this.#flush(isHeadOnly)
    stream.end()
    if (isHeadOnly) stream.once('finish', () => this.#refuseRest())
    if (this.#body === undefined) stream.resume()
    else if (!this.#body.readableEnded) this.#body.destroy()
  }

  protected override breakOff(): void {
    this.#flush()
    // `close` would end the stream in order first, and the client would take it for complete.
    this.#stream.destroy(new Error('the response was broken off'))
  }

  /** Sends what was held back. */
  flush(): void {
    this.guard(() => this.#flush())
  }

  #flush(endStream = false): void {
    const headers = this.#pendingHead
    if (headers === undefined || this.#stream.destroyed) return
    this.#pendingHead = undefined
    // Node ends the stream with the head of a 205; a length would then be a lie.
    if (this.status === RESET_CONTENT) headers.delete('content-length')
    const options = endStream ? {endStream} : {waitForTrailers: true}
    this.#stream.respond(withStatus(this.status, headers), options)
  }

  /**
   * RFC 9113 §8.1: a complete response may ask the client to stop sending the rest. Not at once:
   * there are clients (curl 7.88) that forget the response when both come together.
   */
  #refuseRest(): void {
    const stream = this.#stream
    if (!this.#hasBody || stream.readableEnded) return
    const patience = setTimeout(() => {
      if (!stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR)
    }, REST_PATIENCE_MS)
    stream.once('close', () => clearTimeout(patience))
  }

  #takesContent(): boolean {
    return this.hasContent && this.status !== RESET_CONTENT
  }
}

function flush(exchange: Http2Exchange): void {
  exchange.flush()
}

function withStatus(status: number, headers: HeaderFields): OutgoingHttpHeaders {
  return Object.assign(headers.toRecord(), {':status': status})
}

/** HTTP/2 may split `cookie` into several fields; HTTP/1 knows only one (RFC 9113 §8.2.3). */
function joinCookies(headers: HeaderFields): void {
  const cookies = headers.getAll('cookie')
  if (cookies.length > 1) headers.set('cookie', cookies.join('; '))
}
