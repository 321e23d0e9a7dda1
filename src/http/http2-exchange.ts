import {constants, type IncomingHttpHeaders, type ServerHttp2Stream} from 'node:http2'
import type {Duplex} from 'node:stream'
import type {Exchange} from './exchange.ts'
import {ExchangeBase} from './exchange-base.ts'
import type {HeaderFields} from './header-fields.ts'
import {RelayBody} from './relay-body.ts'
import {readRequestHead} from './request-head.ts'

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
  readonly #stream: ServerHttp2Stream
  readonly #hasBody: boolean
  readonly #isHead: boolean
  #body: RelayBody | undefined
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
    this.path = `${pseudo[':path'] ?? '/'}`
    this.host = `${pseudo[':authority'] ?? head.host}`
    this.headers = head.headers
    this.expectsContinue = head.expectsContinue
    this.#hasBody = !stream.endAfterHeaders
    this.#isHead = this.method === 'HEAD'
    joinCookies(this.headers)
    stream.on('close', () => this.clientGone())
    // Errors of a stream concern its exchange only, which learns of them by the close.
    stream.on('error', () => {})
    stream.on('wantTrailers', () => stream.sendTrailers(this.#trailers?.toRecord() ?? {}))
  }

  get body(): RelayBody | undefined {
    if (!this.#hasBody) return undefined
    this.#body ??= new RelayBody(this.#stream)
    return this.#body
  }

  inform(status: number, headers?: HeaderFields): void {
    if (this.status !== 0 || this.finished || this.#stream.destroyed) return
    this.#stream.additionalHeaders({':status': status, ...headers?.toRecord()})
  }

  onDrain(run: () => void): void {
    this.#stream.once('drain', run)
  }

  acceptUpgrade(): Duplex {
    throw new Error('HTTP/2 has no upgrade')
  }

  protected override sendHead(status: number, headers: HeaderFields): void {
    if (this.#stream.destroyed) return
    this.#stream.respond({':status': status, ...headers.toRecord()}, {waitForTrailers: true})
  }

  protected override sendChunk(chunk: Uint8Array): boolean {
    if (this.#isHead || this.#stream.destroyed) return true
    return this.#stream.write(chunk)
  }

  protected override sendEnd(trailers: HeaderFields | undefined): void {
    this.#trailers = trailers
    const stream = this.#stream
    stream.end()
    if (stream.readableEnded) return
    // RFC 9113 §8.1: a complete response may ask the client to stop sending the rest.
    stream.once('finish', () => {
      if (!stream.readableEnded && !stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR)
    })
    if (this.#body === undefined) stream.resume()
    else this.#body.destroy()
  }

  protected override breakOff(): void {
    // `close` would end the stream in order first, and the client would take it for complete.
    this.#stream.destroy(new Error('the response was broken off'))
  }
}

/** HTTP/2 may split `cookie` into several fields; HTTP/1 knows only one (RFC 9113 §8.2.3). */
function joinCookies(headers: HeaderFields): void {
  const cookies = headers.getAll('cookie')
  if (cookies.length > 1) headers.set('cookie', cookies.join('; '))
}
