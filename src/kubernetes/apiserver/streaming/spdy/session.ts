import {Duplex} from 'node:stream'
import {
  dataHead,
  FLAG_FIN,
  FrameReader,
  goAway,
  ping,
  rstStream,
  type SpdyFrame,
  synReply,
} from './frames.ts'
import {Throttle} from '../throttle.ts'
import {HeaderBlockReader, HeaderBlockWriter, type SpdyHeaders} from './header-block.ts'

/** Status of a stream that the other end refers to and that is not there. */
const INVALID_STREAM = 2
const CANCEL = 5

type Send = (bytes: readonly Buffer[], sent: (error?: Error | null) => void) => void

/** One stream of a session: what the client sends is read, what is written goes to the client. */
export class SpdyStream extends Duplex {
  readonly id: number
  readonly headers: SpdyHeaders
  readonly #send: Send
  readonly #wanted: () => void

  /** `wanted` is called when the stream takes bytes again after {@link push} answered false. */
  constructor(id: number, headers: SpdyHeaders, send: Send, wanted: () => void) {
    super()
    this.id = id
    this.headers = headers
    this.#send = send
    this.#wanted = wanted
    // Whoever reads or writes learns of the end; one nobody listens to must not end the program.
    this.on('error', () => undefined)
  }

  override _read(): void {
    this.#wanted()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send([dataHead(this.id, chunk.length), chunk], done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#send([dataHead(this.id, 0, FLAG_FIN)], done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.writableFinished) this.#send([rstStream(this.id, CANCEL)], () => undefined)
    done(error)
  }
}

/**
 * The server's end of a SPDY/3.1 connection, on which a client opens streams.
 *
 * Emits nothing itself: `onStream` gets every stream, accepted already. Windows are not counted:
 * the clients of Kubernetes do not either. While a stream is full, nothing is read for any.
 *
 * Counterpart of `moby/spdystream`.
 */
export class SpdySession {
  /** Settles when the connection is gone. */
  readonly closed: Promise<void>
  readonly #connection: Duplex
  readonly #onStream: (stream: SpdyStream) => void
  readonly #frames = new FrameReader()
  readonly #blocks = new HeaderBlockReader()
  readonly #replies = new HeaderBlockWriter()
  readonly #streams = new Map<number, SpdyStream>()
  readonly #full = new Set<number>()
  readonly #throttle: Throttle
  #pings = 0
  #lastId = 0

  constructor(connection: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#connection = connection
    this.#onStream = onStream
    this.#throttle = new Throttle({
      pause: () => connection.pause(),
      resume: () => connection.resume(),
      // A server's pings have even numbers.
      ping: () => connection.write(ping((this.#pings += 2))),
    })
    this.closed = new Promise((resolve) => connection.once('close', () => resolve()))
    connection.on('error', () => undefined)
    connection.on('data', (chunk: Buffer) => this.#receive(chunk))
    connection.on('end', () => connection.destroy())
    connection.once('close', () => {
      this.#throttle.release()
      for (const stream of this.#streams.values()) stream.destroy()
    })
  }

  /** Sends what is left and ends the connection. */
  close(): void {
    if (this.#connection.writableEnded || this.#connection.destroyed) return
    this.#connection.end(goAway(this.#lastId))
    // The client has all; one that keeps its end open must not keep ours.
    setTimeout(() => this.#connection.destroy(), 500).unref()
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.read(chunk)) this.#take(frame)
    } catch {
      // Compression has a memory: after a damaged frame nothing can be understood any more.
      this.#connection.destroy()
    }
  }

  #take(frame: SpdyFrame): void {
    switch (frame.type) {
      case 'syn-stream':
        this.#accept(frame.id, this.#blocks.read(frame.block), frame.fin)
        return
      case 'data':
        this.#deliver(frame.id, frame.data, frame.fin)
        return
      case 'rst-stream':
        this.#streams.get(frame.id)?.destroy()
        return
      case 'ping':
        // Those with even numbers are answers to ours.
        if (frame.id % 2 === 1) this.#connection.write(ping(frame.id))
        return
      case 'goaway':
      case 'other':
    }
  }

  #accept(id: number, headers: SpdyHeaders, fin: boolean): void {
    const stream = new SpdyStream(
      id,
      headers,
      (bytes, sent) => this.#send(bytes, sent),
      () => this.#makeRoom(id),
    )
    this.#lastId = id
    this.#streams.set(id, stream)
    stream.once('close', () => {
      this.#streams.delete(id)
      this.#makeRoom(id)
    })
    this.#connection.write(synReply(id, this.#replies.write({})))
    this.#onStream(stream)
    if (fin) stream.push(null)
  }

  #deliver(id: number, data: Buffer, fin: boolean): void {
    const stream = this.#streams.get(id)
    if (stream === undefined) {
      if (!fin) this.#connection.write(rstStream(id, INVALID_STREAM))
      return
    }
    if (data.length > 0 && !stream.push(data)) {
      this.#full.add(id)
      this.#throttle.hold()
    }
    if (fin) stream.push(null)
  }

  #makeRoom(id: number): void {
    if (this.#full.delete(id) && this.#full.size === 0) this.#throttle.release()
  }

  #send(bytes: readonly Buffer[], sent: (error?: Error | null) => void): void {
    if (this.#connection.destroyed || this.#connection.writableEnded) {
      sent(new Error('the connection is closed'))
      return
    }
    this.#connection.cork()
    for (const [index, part] of bytes.entries()) {
      if (index === bytes.length - 1) this.#connection.write(part, sent)
      else this.#connection.write(part)
    }
    this.#connection.uncork()
  }
}
