import {connect, type Socket} from 'node:net'
import type {HeaderFields} from './header-fields.ts'
import type {Http1Head} from './http1-head-parser.ts'
import {Http1ResponseParser, type ResponseListener} from './http1-response-parser.ts'
import {ResponseHeadError} from './response-head.ts'
import type {TcpUpstream} from './upstream.ts'

/** Who has the connection for one request. */
export interface ConnectionUser extends ResponseListener {
  /**
   * There will be no (more) response. `isUnseen`: the connection had served before and broke
   * without a byte of this response, as one does that its server had closed while it was idle.
   */
  onFailure(error: unknown, isUnseen: boolean): void
}

/** What becomes of a connection whose user is done with it. */
export interface ConnectionKeeper {
  /** It may carry another request. */
  onIdle(connection: Http1Connection): void
  /** It is closed. */
  onClosed(connection: Http1Connection): void
}

/** As long as Go's dialer of the queue-proxy waits. */
const CONNECT_TIMEOUT_MS = 10_000
/** How long a connection is kept that nobody uses, when its server does not say. */
const IDLE_MS = 4000
/** How much sooner than the server we give a connection up: news of its end travel, too. */
const IDLE_MARGIN_MS = 1000
const MAX_IDLE_MS = 60_000

/**
 * All connections read into this one: a read is taken apart before the next one happens. A buffer
 * for each read would cost more than all the rest of a small response.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * A connection to an HTTP/1 server: one request at a time, and never another one while there is the
 * least doubt about where the response to the one before ended.
 */
export class Http1Connection {
  readonly socket: Socket
  readonly #keeper: ConnectionKeeper
  #user: ConnectionUser | undefined
  #parser: Http1ResponseParser | undefined
  #isReused = false
  #hasReceived = false
  #isRequestSent = false
  #isReusable = false
  #isComplete = false
  #isSwitched = false
  #isPaused = false
  #keepIdleMs = IDLE_MS
  #idleSinceMs = 0

  /** Begins to connect. */
  constructor({host, port}: TcpUpstream, keeper: ConnectionKeeper) {
    this.#keeper = keeper
    const socket = connect({
      host,
      port,
      noDelay: true,
      allowHalfOpen: true,
      onread: {buffer: READ_BUFFER, callback: (length) => this.#onBytes(length)},
    })
    this.socket = socket
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      this.fail(Object.assign(new Error('i/o timeout'), {code: 'ETIMEDOUT'}))
    })
    socket.on('connect', () => socket.setTimeout(0))
    socket.on('error', (error) => this.fail(error))
    socket.on('end', () => this.#onEnd())
    socket.on('close', () => {
      this.fail(new ResponseHeadError('EOF'))
      keeper.onClosed(this)
    })
  }

  /** Sends the head of a request of this method; the body is the user's concern. */
  begin(user: ConnectionUser, method: string, head: string): void {
    this.#user = user
    this.#parser = new Http1ResponseParser(method, this.#listener)
    this.#hasReceived = false
    this.#isRequestSent = false
    this.#isReusable = false
    this.#isComplete = false
    if (this.#isReused) this.socket.ref()
    this.socket.write(head, 'latin1')
  }

  /** All of the request is handed over. */
  requestSent(): void {
    this.#isRequestSent = true
  }

  /** Whether it may be used for a request now, by the time it has been idle. */
  isFresh(nowMs: number, maxIdleMs = this.#keepIdleMs): boolean {
    return nowMs - this.#idleSinceMs < Math.min(maxIdleMs, this.#keepIdleMs)
  }

  /** Reads nothing more after what was read already, until {@link resume}. */
  pause(): void {
    this.#isPaused = true
  }

  /** Reads on. */
  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.socket.resume()
  }

  /** Closes it; its user is told nothing any more. */
  destroy(): void {
    this.#user = undefined
    this.socket.destroy()
  }

  /** Closes it, and tells its user why. */
  fail(error: unknown): void {
    const user = this.#user
    this.destroy()
    user?.onFailure(error, this.#isReused && !this.#hasReceived)
  }

  readonly #listener: ResponseListener = {
    onHead: (head: Http1Head) => {
      this.#isReusable = head.isReusable
      const {keepAliveSeconds} = head
      if (keepAliveSeconds !== undefined) {
        this.#keepIdleMs = Math.min(keepAliveSeconds * 1000 - IDLE_MARGIN_MS, MAX_IDLE_MS)
      }
      this.#isSwitched = head.status === 101
      this.#user?.onHead(head)
      // From here on it is a stream, and whoever took it listens to it.
      if (this.#isSwitched) this.#user = undefined
    },
    onData: (chunk: Buffer) => this.#user?.onData(chunk),
    onEnd: (trailers: HeaderFields | undefined) => {
      this.#isComplete = true
      this.#user?.onEnd(trailers)
    },
  }

  /** Returns whether to read on. What throws here costs this connection, and nobody else's. */
  #onBytes(length: number): boolean {
    try {
      if (this.#isSwitched) return this.#passOn(0, length)
      if (this.#user === undefined || this.#parser === undefined) {
        // Nobody asked for anything: what comes must not be taken for the answer to what will.
        this.destroy()
        return false
      }
      this.#hasReceived = true
      const read = this.#parser.read(READ_BUFFER, length)
      if (this.#isSwitched) return read === length || this.#passOn(read, length)
      // Where the buffer is full, more may be there already.
      const isInStep = read === length && length < READ_BUFFER.length
      if (this.#isComplete) this.#release(isInStep)
      return !this.#isPaused
    } catch (error) {
      this.fail(error)
      return false
    }
  }

  /** After a change of protocol the socket is a stream as any other. */
  #passOn(start: number, end: number): boolean {
    return this.socket.push(Buffer.copyBytesFrom(READ_BUFFER, start, end - start))
  }

  #onEnd(): void {
    if (this.#isSwitched) return
    try {
      if (this.#user !== undefined) this.#parser?.close()
      this.destroy()
    } catch (error) {
      this.fail(error)
    }
  }

  #release(isInStep: boolean): void {
    if (this.#user === undefined) return
    this.#user = undefined
    this.#parser = undefined
    if (!isInStep || !this.#isReusable || !this.#isRequestSent || this.#keepIdleMs <= 0) {
      this.socket.destroy()
      return
    }
    this.#isReused = true
    this.#idleSinceMs = performance.now()
    this.resume()
    // An idle connection must not keep the process alive.
    this.socket.unref()
    this.#keeper.onIdle(this)
  }
}
