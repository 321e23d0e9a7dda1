import {constants, deflateRawSync, inflateRawSync} from 'node:zlib'
import {SPDY_DICTIONARY, SPDY_DICTIONARY_ID} from './dictionary.ts'

/** Headers of a stream; names are in lower case. */
export type SpdyHeaders = Readonly<Record<string, string>>

/** More than this in one block is an attack: stream headers are a few short words. */
const MAX_BLOCK_BYTES = 64 * 1024
/** How far back a compressed block may refer. */
const WINDOW_BYTES = 32 * 1024
/** Two bytes of zlib and four that name the dictionary. */
const ZLIB_HEADER_BYTES = 6
const ZLIB_HEADER = zlibHeader()

/**
 * Reads the header blocks of one direction of a connection, in order.
 *
 * They are pieces of one zlib stream, each flushed to a byte boundary. What a piece can refer to is
 * the text before it; given as a dictionary, each piece can be read by itself and at once.
 */
export class HeaderBlockReader {
  #history: Buffer = SPDY_DICTIONARY
  #isFirst = true

  /** Throws an Error when the block is damaged or too large. */
  read(block: Buffer): SpdyHeaders {
    const piece = this.#isFirst ? block.subarray(ZLIB_HEADER_BYTES) : block
    this.#isFirst = false
    const plain = inflateRawSync(piece, {
      dictionary: this.#history,
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_BLOCK_BYTES,
    })
    this.#history = Buffer.concat([this.#history, plain]).subarray(-WINDOW_BYTES)
    return decodePairs(plain)
  }
}

/** Writes the header blocks of one direction of a connection, in order. */
export class HeaderBlockWriter {
  #isFirst = true

  write(headers: SpdyHeaders): Buffer {
    // Pieces that refer to nothing before them need no memory of it.
    const piece = deflateRawSync(encodePairs(headers), {finishFlush: constants.Z_SYNC_FLUSH})
    if (!this.#isFirst) return piece
    this.#isFirst = false
    return Buffer.concat([ZLIB_HEADER, piece])
  }
}

function zlibHeader(): Buffer {
  const header = Buffer.alloc(ZLIB_HEADER_BYTES)
  // Deflate with a window of 32 KiB, default level, with a dictionary; the check bits fit.
  header.writeUInt16BE(0x78bb)
  header.writeUInt32BE(SPDY_DICTIONARY_ID, 2)
  return header
}

function decodePairs(plain: Buffer): SpdyHeaders {
  const headers: Record<string, string> = {}
  let at = 4
  const text = (): string => {
    const length = plain.readUInt32BE(at)
    const start = at + 4
    at = start + length
    if (at > plain.length) throw new RangeError('a header block ends in the middle of a name')
    return plain.toString('utf8', start, at)
  }
  for (let count = plain.readUInt32BE(0); count > 0; count -= 1) {
    const name = text().toLowerCase()
    headers[name] = text()
  }
  return headers
}

function encodePairs(headers: SpdyHeaders): Buffer {
  const pairs = Object.entries(headers)
  const texts = pairs.flatMap(([name, value]) => [withLength(name), withLength(value)])
  return Buffer.concat([uint32(pairs.length), ...texts])
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
