/** The frames of SPDY/3.1, as bytes and as values. */

const VERSION = 3
const HEAD_BYTES = 8
const CONTROL_BIT = 0x80_00_00_00
const STREAM_ID_BITS = 0x7f_ff_ff_ff
/** `moby/spdystream` and Node both send far less in a frame. */
const MAX_FRAME_BYTES = 1024 * 1024

/** Flag: the sender will send nothing more on the stream. */
export const FLAG_FIN = 1

const SYN_STREAM = 1
const SYN_REPLY = 2
const RST_STREAM = 3
const PING = 6
const GOAWAY = 7

/** A frame that means something to us; settings, windows and late headers do not. */
export type SpdyFrame =
  | {
      readonly type: 'syn-stream'
      readonly id: number
      readonly fin: boolean
      readonly block: Buffer
    }
  | {readonly type: 'data'; readonly id: number; readonly fin: boolean; readonly data: Buffer}
  | {readonly type: 'rst-stream'; readonly id: number}
  | {readonly type: 'ping'; readonly id: number}
  | {readonly type: 'goaway'}
  | {readonly type: 'other'}

/** Cuts a connection's bytes into frames. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0)

  /** The frames that are complete now. Throws an Error at what is no frame of SPDY/3. */
  read(chunk: Buffer): SpdyFrame[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const frames: SpdyFrame[] = []
    while (this.#pending.length >= HEAD_BYTES) {
      const length = this.#pending.readUInt32BE(4) & 0xff_ff_ff
      if (length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`)
      if (this.#pending.length < HEAD_BYTES + length) break
      frames.push(decode(this.#pending.subarray(0, HEAD_BYTES + length)))
      this.#pending = this.#pending.subarray(HEAD_BYTES + length)
    }
    return frames
  }
}

function decode(frame: Buffer): SpdyFrame {
  const word = frame.readUInt32BE(0)
  const fin = ((frame[4] ?? 0) & FLAG_FIN) !== 0
  const body = frame.subarray(HEAD_BYTES)
  if ((word & CONTROL_BIT) === 0) return {type: 'data', id: word, fin, data: body}
  const version = (word >>> 16) & 0x7f_ff
  if (version !== VERSION) throw new RangeError(`SPDY version ${version} is not spoken here`)
  switch (word & 0xff_ff) {
    case SYN_STREAM:
      return {type: 'syn-stream', id: streamId(body), fin, block: body.subarray(10)}
    case RST_STREAM:
      return {type: 'rst-stream', id: streamId(body)}
    case PING:
      return {type: 'ping', id: body.readUInt32BE(0)}
    case GOAWAY:
      return {type: 'goaway'}
    default:
      return {type: 'other'}
  }
}

function streamId(body: Buffer): number {
  return body.readUInt32BE(0) & STREAM_ID_BITS
}

/** The head of a data frame with `length` bytes; the data follow. */
export function dataHead(id: number, length: number, flags = 0): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE(id)
  head.writeUInt32BE(((flags << 24) | length) >>> 0, 4)
  return head
}

/** Accepts a stream; `block` is its compressed headers. */
export function synReply(id: number, block: Buffer): Buffer {
  return control(SYN_REPLY, uint32s(id), block)
}

/** Breaks a stream off. */
export function rstStream(id: number, status: number): Buffer {
  return control(RST_STREAM, uint32s(id, status))
}

/** Answers a ping. */
export function ping(id: number): Buffer {
  return control(PING, uint32s(id))
}

/** Says that nothing after stream `lastId` is looked at. */
export function goAway(lastId: number): Buffer {
  return control(GOAWAY, uint32s(lastId, 0))
}

function control(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE((CONTROL_BIT | (VERSION << 16) | type) >>> 0)
  head.writeUInt32BE(body.length, 4)
  return Buffer.concat([head, body])
}

function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}
