import {type Duplex, Readable} from 'node:stream'
import type {ReadableStream as NodeReadableStream} from 'node:stream/web'
import type {Exchange, HttpHandler} from './exchange.ts'
import {ExchangeBase} from './exchange-base.ts'
import {HeaderFields} from './header-fields.ts'
import {RelayBody} from './relay-body.ts'

/** A request made inside this process: a probe, or a call of the library. */
export interface InProcessRequest {
  readonly method?: string
  /** Path and query. Default `/`. */
  readonly path?: string
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Readable
  /** Gives the request up. */
  readonly signal?: AbortSignal
  /** When it is made, in milliseconds of the clock in use. Default 0. */
  readonly nowMs?: number
}

/** The head of the answer; the body follows as it comes. */
export interface InProcessResponse {
  readonly status: number
  readonly headers: HeaderFields
  readonly body: Readable
}

/**
 * Passes a request to a handler without any socket.
 *
 * Resolves when the response begins. Rejects when the handler rejects or leaves it unanswered, and
 * when `signal` aborts first. The body must be read or destroyed: it has back-pressure.
 */
export function callHandler(
  handler: HttpHandler,
  request: InProcessRequest,
): Promise<InProcessResponse> {
  return new Promise((resolve, reject) => {
    const exchange = new InProcessExchange(request, resolve)
    const onAbort = (): void => exchange.hangUp()
    request.signal?.addEventListener('abort', onAbort, {once: true})
    const settle = (cause: unknown): void => {
      request.signal?.removeEventListener('abort', onAbort)
      if (exchange.status === 0) reject(cause)
      else if (!exchange.finished) exchange.fail(new Error('the handler gave up'))
    }
    handler(exchange).then(
      () => settle(request.signal?.reason ?? new Error('the handler did not answer')),
      settle,
    )
  })
}

/** {@link callHandler} with the types of the web, for callers that have a `Request`. */
export async function fetchFrom(handler: HttpHandler, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const response = await callHandler(handler, {
    method: request.method,
    path: `${url.pathname}${url.search}`,
    host: request.headers.get('host') ?? url.host,
    headers: Object.fromEntries([...request.headers].filter(([name]) => name !== 'host')),
    ...(request.body !== null && {
      body: Readable.fromWeb(request.body as NodeReadableStream),
    }),
    signal: request.signal,
  })
  const headers = new Headers()
  for (const [name, value] of response.headers) headers.append(name, value)
  // These must not be given a body at all.
  const bodiless = response.status === 204 || response.status === 304 || request.method === 'HEAD'
  if (bodiless) response.body.destroy()
  return new Response(bodiless ? null : (Readable.toWeb(response.body) as ReadableStream), {
    status: response.status,
    headers,
  })
}

class InProcessExchange extends ExchangeBase implements Exchange {
  readonly protocol = 'in-process'
  readonly remoteAddress = '127.0.0.1'
  readonly receivedAtMs: number
  method: string
  path: string
  host: string
  readonly headers: HeaderFields
  readonly body: RelayBody | undefined
  readonly expectsContinue = false
  readonly upgrade = undefined
  readonly #respond: (response: InProcessResponse) => void
  readonly #isHead: boolean
  readonly #output: Readable
  #wake: (() => void) | undefined

  constructor(request: InProcessRequest, respond: (response: InProcessResponse) => void) {
    super()
    this.receivedAtMs = request.nowMs ?? 0
    this.method = request.method ?? 'GET'
    this.path = request.path ?? '/'
    this.host = request.host ?? ''
    this.headers = HeaderFields.from(request.headers ?? {})
    this.body = request.body === undefined ? undefined : new RelayBody(request.body)
    this.#respond = respond
    this.#isHead = this.method === 'HEAD'
    this.#output = new Readable({
      read: () => this.#drained(),
      destroy: (error, done) => {
        this.clientGone()
        done(error)
      },
    })
    // A caller that looks at the head only must not be struck by the end of the body.
    this.#output.on('error', () => {})
  }

  /** The caller does not want the answer any more. */
  hangUp(): void {
    this.clientGone()
    this.#output.destroy()
  }

  acceptUpgrade(): Duplex {
    throw new Error('a call inside the process cannot be upgraded')
  }

  protected override sendInformation(): void {}

  protected override whenDrained(run: () => void): void {
    this.#wake = run
  }

  protected override sendHead(status: number, headers: HeaderFields): void {
    this.#respond({status, headers, body: this.#output})
  }

  protected override sendChunk(chunk: Uint8Array): boolean {
    return this.#isHead ? true : this.#output.push(chunk)
  }

  protected override sendEnd(): void {
    this.#output.push(null)
  }

  protected override breakOff(): void {
    this.#output.destroy(new Error('the response was broken off'))
  }

  #drained(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
