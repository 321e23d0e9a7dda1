import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  connect,
  constants,
} from 'node:http2'
import {messageOf} from '../util/message-of.ts'
import type {Exchange} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'
import {judgeRequest} from './request-head.ts'
import {judgeTrailers} from './response-head.ts'
import {type TcpUpstream, type UpstreamClient, UpstreamError, upstreamError} from './upstream.ts'

/** Streams on one connection before another one is opened. What Go's servers allow by default. */
const STREAMS_PER_SESSION = 100

/** What a client says twice is said twice here, too. Node's types know it for servers only. */
const OPTIONS: ClientSessionOptions & {readonly strictSingleValueFields: boolean} = {
  strictSingleValueFields: false,
}

/**
 * Forwards to a server that speaks HTTP/2 without TLS: gRPC, mostly.
 *
 * Trailers and resets are passed on both ways. Connections are opened as streams need them and
 * closed when the server closes them.
 */
export class H2cUpstream implements UpstreamClient {
  readonly #upstream: TcpUpstream
  readonly #sessions = new Map<ClientHttp2Session, number>()

  constructor(upstream: TcpUpstream) {
    this.#upstream = upstream
  }

  forward(exchange: Exchange): Promise<void> {
    return new Promise((resolve, reject) => {
      const session = this.#session()
      this.#count(session, 1)
      // Resets the stream with the code CANCEL. `close` would end it in order first, and the server
      // would take half a body for the whole.
      const cancel = new AbortController()
      let stream: ClientHttp2Stream
      try {
        judgeRequest(exchange)
        stream = session.request(toHttp2Fields(exchange), {
          endStream: exchange.body === undefined,
          waitForTrailers: exchange.body !== undefined,
          signal: cancel.signal,
        })
      } catch (error) {
        // Node refuses what HTTP/2 has no room for; nothing was sent.
        this.#count(session, -1)
        reject(new UpstreamError('refused', messageOf(error), error))
        return
      }
      const forgetAbort = exchange.onAbort(() => cancel.abort())
      let cause: unknown
      const onError = (error: unknown): void => {
        cause ??= error
      }
      const guard: Guard = (run) => {
        try {
          run()
        } catch (error) {
          onError(error)
          cancel.abort()
        }
      }
      stream.on('error', onError)
      session.on('error', onError)
      relayResponse(exchange, stream, guard)
      stream.on('close', () => {
        forgetAbort()
        session.off('error', onError)
        this.#count(session, -1)
        if (exchange.aborted || (exchange.finished && cause === undefined)) {
          resolve()
          return
        }
        const error = this.#errorOf(stream, cause)
        if (exchange.status !== 0) exchange.fail(error)
        reject(error)
      })
      sendBody(exchange, stream, cancel, guard)
    })
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.keys()) session.destroy()
    this.#sessions.clear()
  }

  #session(): ClientHttp2Session {
    for (const [session, streams] of this.#sessions) {
      const limit = Math.min(
        session.remoteSettings?.maxConcurrentStreams ?? STREAMS_PER_SESSION,
        STREAMS_PER_SESSION,
      )
      if (streams < limit && !session.closed && !session.destroyed) return session
    }
    const {host, port} = this.#upstream
    const session = connect(`http://${host.includes(':') ? `[${host}]` : host}:${port}`, OPTIONS)
    // Every exchange on the session sees its own stream fail; a session may have many at once.
    session.setMaxListeners(0)
    session.on('error', () => {})
    session.on('goaway', () => this.#sessions.delete(session))
    session.on('close', () => this.#sessions.delete(session))
    this.#sessions.set(session, 0)
    return session
  }

  #count(session: ClientHttp2Session, change: 1 | -1): void {
    const streams = this.#sessions.get(session)
    if (streams === undefined) return
    this.#sessions.set(session, streams + change)
    // An idle connection must not keep the process alive.
    if (streams + change === 0) session.unref()
    else session.ref()
  }

  #errorOf(stream: ClientHttp2Stream, cause: unknown): Error {
    if (cause !== undefined) {
      const root = rootCause(cause)
      const error = upstreamError(this.#upstream, root) ?? root
      return error instanceof Error ? error : new Error(String(error))
    }
    const failure = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM ? 'refused' : 'broken'
    return new UpstreamError(failure, `stream error: code ${stream.rstCode}`, undefined)
  }
}

/** A stream whose connection failed says that it was cancelled, because of that failure. */
function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}

function toHttp2Fields(exchange: Exchange): OutgoingHttpHeaders {
  return Object.assign(exchange.headers.toRecord(), {
    ':method': exchange.method,
    ':path': exchange.path,
    ':scheme': 'http',
    ...(exchange.host !== '' && {':authority': exchange.host}),
  })
}

/** Runs what reacts to the server: what throws there fails this stream only. */
type Guard = (run: () => void) => void

function relayResponse(exchange: Exchange, stream: ClientHttp2Stream, guard: Guard): void {
  let trailers: HeaderFields | undefined
  stream.on('headers', (headers: StatusHeaders, _flags: number, raw: string[]) => {
    const status = headers[':status'] ?? 0
    if (status !== 100) guard(() => exchange.inform(status, fieldsOf(raw)))
  })
  stream.on('response', (headers: StatusHeaders, flags: number, raw: string[]) => {
    guard(() => {
      exchange.start(headers[':status'] ?? 0, fieldsOf(raw))
      // Passed on as what it is: a head that is all of the response.
      if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) exchange.end()
    })
  })
  stream.on('data', (chunk: Buffer) => {
    if (exchange.write(chunk)) return
    stream.pause()
    exchange.onDrain(() => stream.resume())
  })
  stream.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    trailers = fieldsOf(raw)
  })
  stream.on('end', () => {
    // A reset stream ends too; only a clean end completes the response.
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR) exchange.end(trailers)
  })
}

type StatusHeaders = IncomingHttpHeaders & {readonly ':status'?: number}

/** Without the pseudo fields, which come first. */
function fieldsOf(raw: readonly string[]): HeaderFields {
  const flat: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]?.startsWith(':') === false) flat.push(raw[at] ?? '', raw[at + 1] ?? '')
  }
  return new HeaderFields(flat)
}

function sendBody(
  exchange: Exchange,
  stream: ClientHttp2Stream,
  cancel: AbortController,
  guard: Guard,
): void {
  const {body} = exchange
  if (body === undefined) return
  if (exchange.expectsContinue) exchange.inform(100)
  body.on('error', () => cancel.abort())
  stream.on('wantTrailers', () => {
    guard(() => {
      if (body.trailers !== undefined) judgeTrailers(body.trailers)
      stream.sendTrailers(body.trailers?.toRecord() ?? {})
    })
  })
  body.pipe(stream)
}
