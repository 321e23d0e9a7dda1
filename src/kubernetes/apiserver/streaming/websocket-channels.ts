import {Readable, Writable} from 'node:stream'
import type {WebSocket} from 'ws'
import {type CommandConnection, TerminalSizes, type WantedStreams} from './command-connection.ts'
import type {CommandProtocol} from './protocols.ts'
import {Throttle} from './throttle.ts'

const STDIN = 0
const STDOUT = 1
const STDERR = 2
const OUTCOME = 3
const RESIZE = 4
/** From version 5 on: the rest of the message is the number of a channel that the client closes. */
const CLOSE = 255

const NORMAL_CLOSURE = 1000

/** The channels of a WebSocket: the first byte (or digit) of every message says which. */
export class Channels {
  readonly #socket: WebSocket
  readonly #isBase64: boolean
  readonly #throttle: Throttle

  constructor(socket: WebSocket, {isBase64}: Pick<CommandProtocol, 'isBase64'>) {
    this.#socket = socket
    this.#isBase64 = isBase64
    this.#throttle = new Throttle({
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      ping: () => socket.ping(() => undefined),
    })
    socket.once('close', () => this.#throttle.release())
  }

  /** Calls `listener` with every message. */
  listen(listener: (channel: number, data: Buffer) => void): void {
    this.#socket.on('message', (message: Buffer) => {
      if (message.length === 0) return
      const [first = 0] = message
      const rest = message.subarray(1)
      if (this.#isBase64) listener(first - 0x30, Buffer.from(rest.toString('latin1'), 'base64'))
      else listener(first, rest)
    })
  }

  /** Resolves when the message is on its way; at once when the client is gone. */
  send(channel: number, data: Buffer): Promise<void> {
    return new Promise((resolve) => this.#post(channel, data, resolve))
  }

  #post(channel: number, data: Buffer, sent: () => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) {
      sent()
      return
    }
    const message = this.#isBase64
      ? `${channel}${data.toString('base64')}`
      : Buffer.concat([Buffer.of(channel), data])
    this.#socket.send(message, {binary: !this.#isBase64}, () => sent())
  }

  /** The bytes of a channel that the client sends; `receive` them, and `receive(null)` the end. */
  readable(): {readonly stream: Readable; receive(data: Buffer | null): void} {
    const stream = new Readable({read: () => this.#throttle.release()})
    stream.on('error', () => undefined)
    return {
      stream,
      receive: (data) => {
        if (stream.destroyed || stream.readableEnded) return
        if (!stream.push(data) && data !== null) this.#throttle.hold()
      },
    }
  }

  /** What is written goes to the client as messages of a channel, at the client's pace. */
  writable(channel: number): Writable {
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => this.#post(channel, chunk, () => done()),
    })
    return stream.on('error', () => undefined)
  }

  /** Ends the connection in good order. */
  close(): void {
    this.#socket.close(NORMAL_CLOSURE)
    // Held back, since the command did not read to its end, it would never see the farewell.
    this.#throttle.release()
  }
}

/** A client of a remote command on a WebSocket. */
export function commandOnWebSocket(
  socket: WebSocket,
  protocol: CommandProtocol,
  wanted: WantedStreams,
): CommandConnection {
  const channels = new Channels(socket, protocol)
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  const stdin = channels.readable()
  const sizes = new TerminalSizes()
  channels.listen((channel, data) => {
    if (channel === STDIN && wanted.stdin) stdin.receive(data)
    if (channel === RESIZE) sizes.receive(data.toString('utf8'))
    if (channel === CLOSE && protocol.isTranslated && data[0] === STDIN) stdin.receive(null)
  })
  // Tells a client that waits for its first message that the connection stands.
  const first = wanted.stdout ? STDOUT : wanted.stderr ? STDERR : OUTCOME
  void channels.send(first, Buffer.alloc(0))
  return {
    streams: {
      tty: wanted.tty,
      signal: gone.signal,
      onResize: (listener) => sizes.listen(listener),
      ...(wanted.stdin && {stdin: stdin.stream}),
      ...(wanted.stdout && {stdout: channels.writable(STDOUT)}),
      ...(wanted.stderr && {stderr: channels.writable(STDERR)}),
    },
    async finish(outcome) {
      if (outcome !== '') await channels.send(OUTCOME, Buffer.from(outcome))
      channels.close()
    },
  }
}
