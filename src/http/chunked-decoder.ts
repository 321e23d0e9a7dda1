import {ResponseHeadError} from './response-head.ts'

/** How long the line before a chunk may be: its size, and extensions nobody reads. As Go's. */
const MAX_SIZE_LINE_BYTES = 4096
/** Digits of a size that a number holds exactly. */
const MAX_SIZE_DIGITS = 13

const CR = 13
const LF = 10
const SEMICOLON = 59

/** What is expected next. */
type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'last'

/**
 * Takes the chunks of a body apart as they arrive, whatever pieces they arrive in (RFC 9112 §7.1).
 *
 * It ends behind the line of the last chunk: trailers are not its concern.
 */
export class ChunkedDecoder {
  #state: State = 'size'
  /** Bytes that are left of the chunk, or its size as far as it was read. */
  #left = 0
  #digits = 0
  #lineBytes = 0

  /** Whether the line of the last chunk was read. */
  get isLast(): boolean {
    return this.#state === 'last'
  }

  /**
   * Reads `bytes` from `start` to `end`, hands each piece of the body to `onData` as a range of
   * them, and returns where it stopped: at `end`, or behind the last chunk's line.
   *
   * @throws ResponseHeadError when they are no chunks.
   */
  read(
    bytes: Uint8Array,
    start: number,
    end: number,
    onData: (from: number, to: number) => void,
  ): number {
    let at = start
    while (at < end && this.#state !== 'last') {
      if (this.#state === 'data') {
        const to = Math.min(end, at + this.#left)
        this.#left -= to - at
        if (this.#left === 0) this.#state = 'data-cr'
        onData(at, to)
        at = to
      } else {
        this.#step(bytes[at] ?? 0)
        at++
      }
    }
    return at
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#readSize(byte)
        break
      case 'extension':
        this.#readExtension(byte)
        break
      case 'size-lf':
        if (byte !== LF) throw malformed('a size line without its end')
        this.#lineBytes = 0
        this.#digits = 0
        this.#state = this.#left === 0 ? 'last' : 'data'
        break
      case 'data-cr':
        if (byte !== CR) throw malformed('a chunk longer than its size')
        this.#state = 'data-lf'
        break
      case 'data-lf':
        if (byte !== LF) throw malformed('a chunk longer than its size')
        this.#state = 'size'
        break
      case 'data':
      case 'last':
        // Not read byte by byte.
        break
    }
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      this.#left = this.#left * 16 + digit
      if (++this.#digits > MAX_SIZE_DIGITS) throw malformed('a size that is too large')
      return
    }
    if (this.#digits === 0) throw malformed('no size')
    if (byte === CR) this.#state = 'size-lf'
    // Servers that reserved room for a larger size leave blanks behind a smaller one.
    else if (byte === SEMICOLON || byte === 32 || byte === 9) this.#state = 'extension'
    else throw malformed('a size that is no number')
  }

  #readExtension(byte: number): void {
    if (byte === CR) this.#state = 'size-lf'
    else if ((byte < 32 && byte !== 9) || byte === 127) throw malformed('control bytes')
    if (++this.#lineBytes > MAX_SIZE_LINE_BYTES) throw malformed('a line that is too long')
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

function malformed(what: string): ResponseHeadError {
  return new ResponseHeadError(`malformed chunked encoding: ${what}`)
}
