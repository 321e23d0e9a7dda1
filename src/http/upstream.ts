import {messageOf} from '../util/message-of.ts'
import type {Exchange} from './exchange.ts'
import {RequestHeadError} from './request-head.ts'
import {ResponseHeadError} from './response-head.ts'

/**
 * Where an exchange ends up: a socket of a container, or a function in this process.
 *
 * `tcp` with `http1` also carries upgrades; `h2c` is HTTP/2 without TLS and with prior knowledge,
 * which is what gRPC servers behind a plain port speak.
 */
export type Upstream = TcpUpstream | HandlerUpstream

/** A server on a socket. */
export interface TcpUpstream {
  readonly kind: 'tcp'
  readonly host: string
  readonly port: number
  readonly protocol: 'http1' | 'h2c'
}

/** A function in this process. */
export interface HandlerUpstream {
  readonly kind: 'handler'
  /** `request.signal` aborts when the client goes away. */
  handle(request: Request): Promise<Response>
  /** Whether connections would be accepted; absent where they always are. */
  listens?(): boolean
}

/**
 * Open connections to one upstream, and the way to send an exchange there.
 *
 * Whoever opened it closes it.
 */
export interface UpstreamClient {
  /**
   * Sends the exchange to the upstream and its response back to the client; both bodies stream, at
   * the pace of the slower side.
   *
   * Resolves when the response is handed over completely, or when the exchange was aborted. When
   * the upstream fails it rejects with an {@link UpstreamError}: before the response began the
   * caller answers; afterwards the response is broken off already.
   */
  forward(exchange: Exchange): Promise<void>
  /** Cuts what is under way and releases the connections. */
  close(): Promise<void>
}

/** How an upstream failed. `refused` means that it never saw anything of the request. */
export type UpstreamFailure = 'refused' | 'broken'

/** The upstream could not be reached, or broke off. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly failure: UpstreamFailure

  constructor(failure: UpstreamFailure, message: string, cause: unknown) {
    super(message, {cause})
    this.failure = failure
  }
}

/**
 * Turns what went wrong on a connection into an error that says what it means for the exchange.
 * Undefined for what is no fault of the upstream's, but of whoever worked on the exchange here.
 */
export function upstreamError(upstream: TcpUpstream, cause: unknown): UpstreamError | undefined {
  if (cause instanceof UpstreamError) return cause
  if (cause instanceof RequestHeadError) return new UpstreamError('refused', cause.message, cause)
  if (cause instanceof ResponseHeadError) return new UpstreamError('broken', cause.message, cause)
  const code = errorCode(cause)
  const address = `${upstream.host}:${upstream.port}`
  switch (code) {
    case undefined:
      return undefined
    case 'ECONNREFUSED':
      return new UpstreamError('refused', `dial tcp ${address}: connect: connection refused`, cause)
    case 'ETIMEDOUT':
      return new UpstreamError('refused', `dial tcp ${address}: i/o timeout`, cause)
    case 'ECONNRESET':
    case 'EPIPE':
      return new UpstreamError(
        'broken',
        `read tcp ${address}: read: connection reset by peer`,
        cause,
      )
    default:
      return new UpstreamError('broken', messageOf(cause), cause)
  }
}

/** The code of a system or library error, also of the first of several. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return errorCode(error.errors[0])
  return undefined
}
