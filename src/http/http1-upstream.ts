import type {Exchange} from './exchange.ts'
import {Http1Call} from './http1-call.ts'
import {type ConnectionKeeper, Http1Connection} from './http1-connection.ts'
import {type TcpUpstream, type UpstreamClient, UpstreamError} from './upstream.ts'

/**
 * How long a connection may have been idle for a request that must not arrive twice. Servers close
 * connections after seconds of silence, and a request that meets such an end is lost.
 */
const MAX_IDLE_ONCE_MS = 1000
/** How often connections that have been idle for too long are looked for. */
const SWEEP_MS = 1000

/**
 * Forwards to a server that speaks HTTP/1.1, over kept-alive connections: every request the same
 * way, whether it has a body, waits for `100 Continue` or wants to change the protocol.
 */
export class Http1Upstream implements UpstreamClient, ConnectionKeeper {
  readonly #upstream: TcpUpstream
  readonly #open = new Set<Http1Connection>()
  /** The one that was used last is used first. */
  #idle: Http1Connection[] = []
  #sweep: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(upstream: TcpUpstream) {
    this.#upstream = upstream
  }

  forward(exchange: Exchange): Promise<void> {
    return new Promise((resolve, reject) => {
      new Http1Call(exchange, this.#upstream, {connect: this.#connect, resolve, reject}).start()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#sweep)
    for (const connection of this.#open) connection.fail(closedError())
  }

  /** For its connections. */
  onIdle(connection: Http1Connection): void {
    this.#idle.push(connection)
    this.#sweep ??= setTimeout(() => this.#sweepIdle(), SWEEP_MS).unref()
  }

  /** For its connections. */
  onClosed(connection: Http1Connection): void {
    this.#open.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
  }

  /** A connection for one request. `isRepeatable`: whether it may arrive twice. */
  readonly #connect = (isRepeatable: boolean): Http1Connection => {
    if (this.#isClosed) throw closedError()
    const nowMs = performance.now()
    const latest = this.#idle.at(-1)
    if (latest?.isFresh(nowMs, isRepeatable ? undefined : MAX_IDLE_ONCE_MS) === true) {
      this.#idle.pop()
      return latest
    }
    const connection = new Http1Connection(this.#upstream, this)
    this.#open.add(connection)
    return connection
  }

  #sweepIdle(): void {
    const nowMs = performance.now()
    const kept = this.#idle.filter((connection) => connection.isFresh(nowMs))
    const stale = this.#idle.filter((connection) => !connection.isFresh(nowMs))
    this.#idle = kept
    for (const connection of stale) connection.destroy()
    this.#sweep =
      kept.length === 0 ? undefined : setTimeout(() => this.#sweepIdle(), SWEEP_MS).unref()
  }
}

function closedError(): UpstreamError {
  return new UpstreamError('broken', 'the connections to the server were closed', undefined)
}
