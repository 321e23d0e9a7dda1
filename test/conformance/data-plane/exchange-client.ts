/** Clients of HTTP/1.1 and HTTP/2 that send a request in every way there is, and tell what came. */
import {Agent, type ClientRequest, type IncomingMessage, request as httpRequest} from 'node:http'
import {type ClientHttp2Session, connect as connectHttp2} from 'node:http2'

/** Ways to send a request. */
export const MODES = ['none', 'prompt', 'late', 'expect', 'upgrade', 'trailers', 'aborted'] as const
export type Mode = (typeof MODES)[number]

/** What a client sends. */
export interface SentRequest {
  readonly id: string
  readonly mode: Mode
  readonly method: string
  readonly host: string
  /** One character per byte; empty for a mode without one. */
  readonly body: string
  /** Whether the length is said before. */
  readonly hasLength: boolean
  readonly pauseMs: number
  /** The value of a field. */
  readonly bytes: string
}

/** What a client got. `isWhole`: nothing told it that something is missing. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly content: string
  readonly trailers: Readonly<Record<string, string | undefined>>
  readonly isWhole: boolean
}

const NOTHING: Received = {status: 0, headers: {}, content: '', trailers: {}, isWhole: false}
export const TRAILERS = {'x-check': 'c4'}
const WAIT_MS = 20_000

/** Sends over kept-alive connections to one gateway. */
export class ExchangeClient {
  readonly #port: number
  readonly #agent = new Agent({keepAlive: true, maxSockets: 32})
  #session: ClientHttp2Session | undefined

  constructor(port: number) {
    this.#port = port
  }

  close(): void {
    this.#agent.destroy()
    this.#session?.destroy()
  }

  /** Resolves to what came, however it ended. Rejects when nothing comes at all. */
  send(protocol: 'h1' | 'h2', sent: SentRequest): Promise<Received> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`no end of ${sent.id}`)), WAIT_MS)
      const settle = (received: Received): void => {
        clearTimeout(patience)
        resolve(received)
      }
      if (protocol === 'h1') this.#sendHttp1(sent, settle)
      else this.#sendHttp2(sent, settle)
    })
  }

  #sendHttp1(sent: SentRequest, settle: (received: Received) => void): void {
    const {method, mode, id, host, body, hasLength} = sent
    const hasBody = body !== '' && mode !== 'none' && mode !== 'upgrade'
    const request = httpRequest({
      host: '127.0.0.1',
      port: this.#port,
      agent: mode === 'upgrade' || mode === 'aborted' ? false : this.#agent,
      method,
      path: `/${id}`,
      maxHeaderSize: 128 * 1024,
      headers: {
        host,
        'x-bytes': sent.bytes,
        ...(hasBody &&
          (hasLength ? {'content-length': body.length} : {'transfer-encoding': 'chunked'})),
        ...(mode === 'expect' && hasBody && {expect: '100-continue'}),
        ...(mode === 'trailers' && {trailer: 'x-check'}),
        ...(mode === 'upgrade' && {connection: 'Upgrade', upgrade: 'websocket'}),
      },
    })
    request.on('error', () => {})
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      settle({...NOTHING, status: response.statusCode ?? 0})
    })
    let hasResponse = false
    request.on('response', (response) => {
      hasResponse = true
      readHttp1(request, response, settle)
    })
    // Where there is a response, it says how it went.
    request.on('close', () => hasResponse || settle(NOTHING))
    if (hasBody) sendHttp1Body(request, sent)
    else request.end()
  }

  #sendHttp2(sent: SentRequest, settle: (received: Received) => void): void {
    const {method, mode, id, host, body, hasLength, pauseMs} = sent
    const hasBody = body !== '' && mode !== 'none' && mode !== 'upgrade'
    const stream = this.#http2().request(
      {
        ':method': method,
        ':path': `/${id}`,
        ':authority': host,
        'x-bytes': sent.bytes,
        ...(hasBody && hasLength && {'content-length': body.length}),
        ...(mode === 'expect' && hasBody && {expect: '100-continue'}),
        ...(mode === 'trailers' && {trailer: 'x-check'}),
      },
      {endStream: !hasBody, waitForTrailers: mode === 'trailers' && hasBody},
    )
    let got = NOTHING
    let content = ''
    let trailers: Received['trailers'] = {}
    stream.on('response', (headers) => {
      got = {...NOTHING, status: headers[':status'] ?? 0, headers: headers as Received['headers']}
    })
    stream.on('data', (chunk: Buffer) => (content += chunk.toString('latin1')))
    stream.on('trailers', (headers) => (trailers = headers as Received['trailers']))
    stream.on('wantTrailers', () => stream.sendTrailers(TRAILERS))
    stream.on('error', () => {})
    stream.on('close', () => {
      settle({...got, content, trailers, isWhole: got.status !== 0 && stream.rstCode === 0})
    })
    if (!hasBody) return
    const bytes = Buffer.from(body, 'latin1')
    if (mode === 'prompt' || mode === 'trailers') stream.end(bytes)
    else if (mode === 'expect') stream.on('continue', () => stream.end(bytes))
    else if (mode === 'late') setTimeout(() => stream.destroyed || stream.end(bytes), pauseMs)
    else {
      stream.write(bytes.subarray(0, bytes.length / 2))
      setTimeout(() => stream.destroy(new Error('aborted')), pauseMs)
    }
  }

  #http2(): ClientHttp2Session {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = connectHttp2(`http://127.0.0.1:${this.#port}`, {maxSessionMemory: 100})
      this.#session.on('error', () => {})
      this.#session.setMaxListeners(0)
    }
    return this.#session
  }
}

function readHttp1(
  request: ClientRequest,
  response: IncomingMessage,
  settle: (received: Received) => void,
): void {
  let content = ''
  response.on('data', (chunk: Buffer) => (content += chunk.toString('latin1')))
  response.on('error', () => {})
  response.on('close', () => {
    const {statusCode: status = 0, headers, trailers, complete: isWhole} = response
    settle({status, headers, content, trailers, isWhole})
    // What was not sent by now is not wanted.
    if (!request.writableFinished) request.destroy()
  })
}

function sendHttp1Body(
  request: ClientRequest,
  {mode, body, pauseMs, hasLength}: SentRequest,
): void {
  const bytes = Buffer.from(body, 'latin1')
  // Not by `flushHeaders`, which writes bytes beyond ASCII as two.
  request.write(Buffer.alloc(0))
  if (mode === 'expect') request.on('continue', () => request.end(bytes))
  else if (mode === 'late') setTimeout(() => request.destroyed || request.end(bytes), pauseMs)
  else if (mode === 'aborted') {
    request.write(bytes.subarray(0, bytes.length / 2))
    setTimeout(() => request.destroy(), pauseMs)
  } else {
    if (mode === 'trailers' && !hasLength) request.addTrailers(TRAILERS)
    request.end(bytes)
  }
}
