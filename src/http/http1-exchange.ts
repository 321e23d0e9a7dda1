import {type IncomingMessage, ServerResponse, STATUS_CODES} from 'node:http'
import type {Duplex} from 'node:stream'
import type {Exchange} from './exchange.ts'
import {ExchangeBase} from './exchange-base.ts'
import {HeaderFields} from './header-fields.ts'
import {RelayBody} from './relay-body.ts'
import {readRequestHead, type RequestHead} from './request-head.ts'
import {judgeSwitch} from './response-head.ts'

/** How large a first piece of a body may be to wait for the end of the response. */
const SMALL_BYTES = 16 * 1024

const NOTHING = Buffer.alloc(0)
/** The answer where another one was begun and could not be written. */
const BROKEN = 'HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

/** The connection of a request that asks to change protocols, and what was read too far. */
export interface UpgradeConnection {
  readonly socket: Duplex
  readonly head: Buffer
}

/** An exchange on an HTTP/1 connection. */
export class Http1Exchange extends ExchangeBase implements Exchange {
  readonly protocol: 'http/1.0' | 'http/1.1'
  readonly remoteAddress: string
  readonly receivedAtMs: number
  method: string
  path: string
  host: string
  readonly headers: HeaderFields
  readonly expectsContinue: boolean
  readonly upgrade: string | undefined
  readonly refusal: RequestHead['refusal']
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #hasBody: boolean
  readonly #connection: UpgradeConnection | undefined
  #body: RelayBody | undefined
  /** The head while it waits for what follows in the same turn of the event loop. */
  #pendingHead: HeaderFields | undefined
  /** The first piece of the body, likewise. */
  #held: Uint8Array | undefined

  constructor(
    request: IncomingMessage,
    response: ServerResponse | undefined,
    receivedAtMs: number,
    connection?: UpgradeConnection,
  ) {
    super()
    const head = readRequestHead(request.rawHeaders)
    this.protocol = request.httpVersionMinor === 0 ? 'http/1.0' : 'http/1.1'
    this.remoteAddress = request.socket.remoteAddress ?? '127.0.0.1'
    this.receivedAtMs = receivedAtMs
    this.method = request.method ?? 'GET'
    this.host = head.host
    this.path = request.url ?? '/'
    if (this.path.charCodeAt(0) !== 47 && this.path.includes('://')) this.#readAbsoluteForm()
    this.headers = head.headers
    this.expectsContinue = head.expectsContinue
    this.upgrade = connection === undefined ? undefined : head.upgrade
    this.refusal = head.refusal
    this.#hasBody = head.hasBody && connection === undefined
    this.#request = request
    this.#connection = connection
    this.#response = response ?? refusalOf(request, connection)
    this.#response.on('close', () => this.clientGone())
  }

  get body(): RelayBody | undefined {
    if (!this.#hasBody) return undefined
    this.#body ??= new RelayBody(this.#request, () => trailersOf(this.#request))
    return this.#body
  }

  acceptUpgrade(headers: HeaderFields): Duplex {
    const connection = this.#connection
    if (connection === undefined || this.status !== 0 || this.finished) {
      throw new Error('there is no upgrade to accept')
    }
    const upgrade = headers.get('upgrade') ?? ''
    judgeSwitch(headers)
    this.status = 101
    this.finished = true
    const {socket, head} = connection
    this.#response.detachSocket(this.#request.socket)
    headers.set('connection', 'Upgrade')
    headers.set('upgrade', upgrade)
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${linesOf(headers)}\r\n`, 'latin1')
    if (head.length > 0) socket.unshift(head)
    return socket
  }

  protected override sendInformation(status: number, headers: HeaderFields): void {
    const response = this.#response
    if (this.protocol === 'http/1.0') return
    if (status === 100) response.writeContinue()
    // Node would look into the hints and throw at those it does not like. Where the connection is
    // busy with the response to an earlier request, they are left out: nobody has to have them.
    else
      response.socket?.write(
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${linesOf(headers)}\r\n`,
        'latin1',
      )
  }

  protected override whenDrained(run: () => void): void {
    this.#response.once('drain', run)
  }

  protected override sendHead(_status: number, headers: HeaderFields): void {
    this.#pendingHead = headers
    // If nothing follows by then, the head goes out alone: an event stream may be silent at first.
    process.nextTick(flush, this)
  }

  protected override sendChunk(chunk: Uint8Array): boolean {
    if (
      this.#pendingHead !== undefined &&
      this.#held === undefined &&
      chunk.length <= SMALL_BYTES
    ) {
      this.#held = chunk
      return true
    }
    this.#flush()
    return this.#response.write(chunk)
  }

  protected override sendEnd(trailers: HeaderFields | undefined): void {
    if (this.#pendingHead !== undefined && trailers === undefined) {
      this.#sendWhole(this.#pendingHead, this.#held)
    } else {
      this.#flush()
      if (trailers !== undefined) this.#response.addTrailers([...trailers])
      this.#response.end()
    }
    // A client may still be sending what nobody wants to read any more.
    if (!this.#hasBody) return
    if (this.#body === undefined) this.#request.resume()
    else if (!this.#body.readableEnded) this.#body.destroy()
  }

  protected override breakOff(): void {
    const response = this.#response
    const {socket} = response
    try {
      this.#flush()
    } catch {
      // A head that cannot be written: the client is still owed one.
      socket?.write(BROKEN)
    }
    // What was written is still sent: only then can the client tell that something is missing.
    if (this.status !== 0 && socket !== null) socket.destroySoon()
    else response.destroy()
  }

  /** Sends what was held back. */
  flush(): void {
    this.guard(() => this.#flush())
  }

  #flush(): void {
    const headers = this.#pendingHead
    if (headers === undefined) return
    this.#pendingHead = undefined
    const held = this.#held
    this.#held = undefined
    this.#writeHead(headers)
    // Not by `flushHeaders`, which writes a head as UTF-8: bytes beyond ASCII would become two.
    this.#response.write(held ?? NOTHING)
  }

  /**
   * A small response that is complete goes out as one string: one system call with one buffer takes
   * a third of the time of head and body as two.
   */
  #sendWhole(headers: HeaderFields, body: Uint8Array | undefined): void {
    this.#pendingHead = undefined
    this.#held = undefined
    // Chunks would be several buffers again, and the length is known now.
    const needsLength = this.method !== 'HEAD' && this.status !== 204 && this.status !== 304
    if (needsLength && !headers.has('content-length') && !headers.has('trailer')) {
      headers.add('content-length', `${body?.length ?? 0}`)
    }
    this.#writeHead(headers)
    if (body === undefined) this.#response.end()
    else this.#response.end(Buffer.prototype.latin1Slice.call(body), 'latin1')
  }

  #writeHead(headers: HeaderFields): void {
    const response = this.#response
    // A persistent HTTP/1.1 connection needs no field that says so, and Envoy sends none.
    if (this.protocol === 'http/1.1' && response.shouldKeepAlive) {
      response.removeHeader('connection')
    }
    response.writeHead(this.status, headers.flat)
  }

  /** `GET http://host/path`, as clients of a forward proxy write it (RFC 9112 §3.2.2). */
  #readAbsoluteForm(): void {
    if (!URL.canParse(this.path)) return
    const url = new URL(this.path)
    this.host = url.host
    this.path = `${url.pathname}${url.search}`
  }
}

function linesOf(headers: HeaderFields): string {
  let text = ''
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`
  return text
}

/** Names in lower case. */
function trailersOf({rawTrailers}: IncomingMessage): HeaderFields | undefined {
  if (rawTrailers.length === 0) return undefined
  return new HeaderFields(rawTrailers.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text)))
}

function flush(exchange: Http1Exchange): void {
  exchange.flush()
}

/** What answers a request to upgrade with an ordinary response, then ends the connection. */
function refusalOf(
  request: IncomingMessage,
  connection: UpgradeConnection | undefined,
): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(request.socket)
  // Node's server does both for its own sockets, and has let go of this one.
  connection?.socket.on('drain', () => response.emit('drain'))
  response.on('finish', () => connection?.socket.end())
  return response
}
