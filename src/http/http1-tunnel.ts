import {Agent, type ClientRequest, type IncomingMessage, request as httpRequest} from 'node:http'
import {connect} from 'node:net'
import type {Duplex} from 'node:stream'
import type {Exchange} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'
import {readResponseHead} from './request-head.ts'
import {type TcpUpstream, upstreamError} from './upstream.ts'

/** How long a server may take to say `100 Continue` before the body is sent anyway, as in Go. */
const CONTINUE_TIMEOUT_MS = 1000

/**
 * Forwards what needs node:http's client: requests that change the protocol (WebSocket), those whose
 * client waits for `100 Continue` from the server itself, and those whose head must not wait for
 * their body.
 */
export class Http1Tunnel {
  readonly #upstream: TcpUpstream
  readonly #agent = new Agent({keepAlive: true})
  readonly #open = new Set<{destroy(): void}>()

  constructor(upstream: TcpUpstream) {
    this.#upstream = upstream
  }

  /** See {@link UpstreamClient.forward}. For an upgrade it resolves when the tunnel is closed. */
  forward(exchange: Exchange): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = this.#request(exchange)
      this.#open.add(request)
      const forgetAbort = exchange.onAbort((reason) => request.destroy(reason))
      const settle = (cause?: unknown): void => {
        this.#open.delete(request)
        forgetAbort()
        if (cause === undefined || exchange.aborted) {
          resolve()
          return
        }
        const error = upstreamError(this.#upstream, cause)
        if (exchange.status !== 0) exchange.fail(error)
        reject(error)
      }
      request.on('error', settle)
      request.on('information', ({statusCode, headers}) => {
        if (statusCode !== 100) exchange.inform(statusCode, HeaderFields.from(headers))
      })
      request.on('response', (response) => relayResponse(exchange, response, settle))
      request.on('upgrade', (response, socket, head) => {
        request.off('error', settle)
        if (head.length > 0) socket.unshift(head)
        this.#join(exchange, response, socket).then(settle, settle)
      })
      sendBody(exchange, request)
    })
  }

  /** Cuts every tunnel. */
  close(): void {
    for (const open of this.#open) open.destroy()
    this.#open.clear()
    this.#agent.destroy()
  }

  #request(exchange: Exchange): ClientRequest {
    const headers = exchange.headers.toRecord()
    if (exchange.host !== '') headers['host'] = exchange.host
    if (exchange.upgrade !== undefined) {
      headers['connection'] = 'Upgrade'
      headers['upgrade'] = exchange.upgrade
    } else if (exchange.expectsContinue) {
      headers['expect'] = '100-continue'
    }
    const {host, port} = this.#upstream
    return httpRequest({
      host,
      port,
      method: exchange.method,
      path: exchange.path,
      headers,
      ...(exchange.upgrade === undefined
        ? {agent: this.#agent}
        : {agent: false, createConnection: () => connect({host, port, allowHalfOpen: true})}),
      setDefaultHeaders: false,
    })
  }

  /** Ties the two connections together until both directions are done. */
  async #join(exchange: Exchange, response: IncomingMessage, upstream: Duplex): Promise<void> {
    this.#open.add(upstream)
    if (exchange.aborted || exchange.finished) {
      upstream.destroy()
      this.#open.delete(upstream)
      return
    }
    const fields = readResponseHead(response.headers)
    fields.set('connection', 'Upgrade')
    fields.set('upgrade', response.headers.upgrade ?? exchange.upgrade ?? '')
    const client = exchange.acceptUpgrade(fields)
    const forgetAbort = exchange.onAbort(() => client.destroy())
    await tie(client, upstream)
    forgetAbort()
    this.#open.delete(upstream)
  }
}

/**
 * Copies both ways. An end is passed on as an end, so that a half-closed connection still carries
 * the other direction; a connection that breaks takes the other one with it. Resolves when both are
 * closed.
 */
function tie(left: Duplex, right: Duplex): Promise<void> {
  return new Promise((resolve) => {
    let open = 2
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      side.on('error', () => other.destroy())
      side.on('close', () => {
        if (side.readableEnded) destroyAfterFlush(other)
        else other.destroy()
        if (--open === 0) resolve()
      })
      side.pipe(other)
    }
  })
}

/** What was copied already still reaches its reader. */
function destroyAfterFlush(stream: Duplex): void {
  if (stream.writableFinished || stream.destroyed) stream.destroy()
  else stream.end(() => stream.destroy())
}

function relayResponse(
  exchange: Exchange,
  response: IncomingMessage,
  settle: (cause?: unknown) => void,
): void {
  exchange.start(response.statusCode ?? 502, readResponseHead(response.headers))
  response.on('data', (chunk: Buffer) => {
    if (exchange.write(chunk)) return
    response.pause()
    exchange.onDrain(() => response.resume())
  })
  response.on('end', () => {
    const trailers = HeaderFields.from(response.trailers)
    exchange.end(trailers.flat.length > 0 ? trailers : undefined)
    settle()
  })
  response.on('close', () => {
    if (!response.complete) settle(new Error('unexpected EOF'))
  })
}

/** Sends the body, holding it back while the server has not asked for it. */
function sendBody(exchange: Exchange, request: ClientRequest): void {
  if (!exchange.expectsContinue || exchange.body === undefined) {
    if (exchange.body === undefined) request.end()
    else {
      request.flushHeaders()
      exchange.body.pipe(request)
    }
    return
  }
  let sent = false
  const send = (): void => {
    if (sent || request.destroyed || exchange.status !== 0) return
    sent = true
    clearTimeout(patience)
    exchange.inform(100)
    exchange.body?.pipe(request)
  }
  // Measures a socket's silence, which no clock of a test can move.
  const patience = setTimeout(send, CONTINUE_TIMEOUT_MS)
  request.on('continue', send)
  request.on('response', () => clearTimeout(patience))
  request.on('close', () => clearTimeout(patience))
  request.flushHeaders()
}
