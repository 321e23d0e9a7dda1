import type {Duplex} from 'node:stream'
import type {HeaderFields} from './header-fields.ts'
import type {RelayBody} from './relay-body.ts'

/**
 * Answers one exchange, or hands it on to another handler.
 *
 * The promise settles when nothing more will be done for the exchange: the response is handed over
 * completely, the client is gone, or the exchange was refused. Whoever counts running requests
 * counts until then. A handler that rejects leaves the exchange unanswered; the server answers 500
 * or, once the response has begun, breaks it off.
 */
export type HttpHandler = (exchange: Exchange) => Promise<void>

/** The part of an exchange that something waiting in line needs to know about it. */
export interface Abortable {
  /** Whether nobody waits for the answer any more. */
  readonly aborted: boolean
  /**
   * Calls `run` once, synchronously, when the exchange is aborted; at once if it already is.
   * Returns what takes the call back.
   */
  onAbort(run: (reason: Error) => void): () => void
}

/** Sees and may change the head of a response right before it goes out. */
export type HeadHook = (head: ResponseHead) => void

/** The head of a response. Hooks may change all of it. */
export interface ResponseHead {
  status: number
  readonly headers: HeaderFields
}

/**
 * One request under way, and the way back for its response.
 *
 * Gateway, activator and queue-proxy work one after another on the same exchange: what one sets
 * (`host`, `path`, `headers`), the next one sees and forwards. Connection-level fields
 * (`connection`, `transfer-encoding`, `upgrade`, `expect` …) never appear in `headers`: they belong
 * to a connection, and are represented by `upgrade`, `expectsContinue` and `body`.
 *
 * - `start` is called at most once; everything after `end`, `fail` or an abort is dropped silently,
 *   so that a late answer of an upstream cannot disturb one that was timed out.
 * - The caller of `write` stops when it returns false and goes on when `onDrain` calls.
 * - `abort` and a client that goes away are the same thing to everybody downstream.
 */
export interface Exchange extends Abortable {
  readonly protocol: 'http/1.0' | 'http/1.1' | 'h2' | 'in-process'
  /** Address of the client's end, `127.0.0.1` for in-process callers. */
  readonly remoteAddress: string
  /** When the head of the request was complete, in milliseconds of the server's clock. */
  readonly receivedAtMs: number

  /** As the client sent it, upper-case by convention. */
  method: string
  /** Path and query, beginning with `/` (or `*` for `OPTIONS *`). */
  path: string
  /** The authority the request is for, port included when the client gave one. */
  host: string
  /** End-to-end fields of the request, without `host`. */
  readonly headers: HeaderFields
  /** The request's body, or undefined when it has none. Nothing is read before somebody reads. */
  readonly body: RelayBody | undefined
  /** Whether the client holds the body back until it is told to continue. */
  readonly expectsContinue: boolean
  /** The protocol the client wants to switch to (`websocket`), lower-case. */
  readonly upgrade: string | undefined

  /** Free remarks of those the exchange passed through, for observers. Never sent by itself. */
  readonly notes: ExchangeNotes

  /** Aborts with the exchange. Made on first use, since most exchanges need none. */
  readonly signal: AbortSignal
  /** Gives the exchange up: whoever works for it stops. Does not touch the response. */
  abort(reason: Error): void

  /** Status of the response, 0 until it has begun. */
  readonly status: number
  /** Whether the response said how long its body is. */
  readonly hasLength: boolean
  /** Whether the response is complete, or never will be. */
  readonly finished: boolean
  /** Bytes of the response's body so far. */
  readonly bytesSent: number
  /** Runs `hook` on the head of the response before it is sent; later hooks run first. */
  beforeHead(hook: HeadHook): void
  /** Calls `run` whenever the head or a piece of the body was handed over. */
  onProgress(run: () => void): void
  /** Tells the client something before the response: 100, 102 or 103. Others are dropped. */
  inform(status: number, headers?: HeaderFields): void
  /** Begins the response. `headers` becomes the exchange's own. */
  start(status: number, headers: HeaderFields): void
  /** Sends a piece of the body. False asks the caller to wait for {@link onDrain}. */
  write(chunk: Uint8Array): boolean
  /** Calls `run` once when more may be written. */
  onDrain(run: () => void): void
  /** Completes the response. */
  end(trailers?: HeaderFields): void
  /**
   * A whole response at once, of whoever calls it: sets `content-length`, and the note
   * `answeredLocally`, by which observers tell it from one that was passed on.
   */
  respond(status: number, body?: string | Uint8Array, headers?: HeaderFields): void
  /** Breaks the response off, so that the client can tell it is not complete. */
  fail(reason: Error): void
  /** Answers 101 and hands over the connection, which the caller then owns and must end. */
  acceptUpgrade(headers: HeaderFields): Duplex
}

/** What those an exchange passed through found out about it. */
export interface ExchangeNotes {
  [name: string]: string | number | undefined
}
