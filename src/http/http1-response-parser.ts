import {ChunkedDecoder} from './chunked-decoder.ts'
import type {HeaderFields} from './header-fields.ts'
import {
  type Framing,
  type Http1Head,
  parseHttp1Head,
  parseHttp1Trailers,
} from './http1-head-parser.ts'
import {MAX_HEAD_BYTES, ResponseHeadError} from './response-head.ts'

/** Who is told what a {@link Http1ResponseParser} finds, in order and synchronously. */
export interface ResponseListener {
  /** A head. Those below 200 are followed by another one; 101 ends the parser's work. */
  onHead(head: Http1Head): void
  /** A piece of the content, a copy. */
  onData(chunk: Buffer): void
  /** The response is complete. */
  onEnd(trailers: HeaderFields | undefined): void
}

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const CR = 13
const LF = 10
const LONE_LINE_END = /[^\r]\n|\r(?!\n|$)/

type State = 'head' | 'content' | 'trailers' | 'done' | 'switched'

/**
 * Takes one response apart as its bytes arrive, whatever pieces they arrive in.
 *
 * It keeps nothing but the beginning of a head that is not complete, and reads nothing behind the
 * end of the response: what is there belongs to nobody.
 */
export class Http1ResponseParser {
  readonly #method: string
  readonly #listener: ResponseListener
  #state: State = 'head'
  /** What came of a head or of trailers that are not complete. */
  #partial: Buffer | undefined
  /** Of all heads so far: a server may not go on for ever with early ones. */
  #headBytes = 0
  #framing: Framing = {kind: 'none'}
  #left = 0
  #chunks: ChunkedDecoder | undefined

  /** For the response to a request of this method. */
  constructor(method: string, listener: ResponseListener) {
    this.#method = method
    this.#listener = listener
  }

  /**
   * Reads `bytes` up to `end`, and returns where it stopped: at `end`, or behind the response. The
   * bytes may be overwritten afterwards.
   *
   * @throws ResponseHeadError when they are no response; what the listener throws.
   */
  read(bytes: Buffer, end: number): number {
    let at = 0
    while (at < end) {
      switch (this.#state) {
        case 'head':
          at = this.#readHead(bytes, at, end)
          break
        case 'content':
          at = this.#readContent(bytes, at, end)
          break
        case 'trailers':
          at = this.#readTrailers(bytes, at, end)
          break
        case 'done':
        case 'switched':
          return at
      }
    }
    return at
  }

  /**
   * The server closed the connection. Completes a response that ends that way.
   *
   * @throws ResponseHeadError when the response is cut.
   */
  close(): void {
    if (this.#state === 'done') return
    if (this.#state !== 'content' || this.#framing.kind !== 'until-close') {
      const isEmpty = this.#state === 'head' && this.#partial === undefined && this.#headBytes === 0
      throw new ResponseHeadError(isEmpty ? 'EOF' : 'unexpected EOF')
    }
    this.#finish(undefined)
  }

  #readHead(bytes: Buffer, start: number, end: number): number {
    const text = this.#takeUntil(END_OF_HEAD, bytes, start, end)
    if (text === undefined) return end
    const [head, next] = text
    const parsed = parseHttp1Head(head, this.#method)
    if (parsed.status === 101) this.#state = 'switched'
    else if (parsed.status >= 200) this.#begin(parsed.framing)
    this.#listener.onHead(parsed)
    if (this.#framing.kind === 'none' && this.#state === 'content') this.#finish(undefined)
    return next
  }

  #begin(framing: Framing): void {
    this.#framing = framing
    this.#state = 'content'
    if (framing.kind === 'chunked') this.#chunks = new ChunkedDecoder()
    if (framing.kind !== 'length') return
    this.#left = framing.bytes
    if (framing.bytes === 0) this.#framing = {kind: 'none'}
  }

  #readContent(bytes: Buffer, start: number, end: number): number {
    if (this.#chunks !== undefined) return this.#readChunks(this.#chunks, bytes, start, end)
    const isCounted = this.#framing.kind === 'length'
    const to = isCounted ? Math.min(end, start + this.#left) : end
    this.#listener.onData(copy(bytes, start, to))
    if (!isCounted) return to
    this.#left -= to - start
    if (this.#left === 0) this.#finish(undefined)
    return to
  }

  #readChunks(chunks: ChunkedDecoder, bytes: Buffer, start: number, end: number): number {
    const at = chunks.read(bytes, start, end, (from, to) => {
      this.#listener.onData(copy(bytes, from, to))
    })
    if (chunks.isLast) {
      this.#state = 'trailers'
      this.#headBytes = 0
    }
    return at
  }

  /** Almost always there are none, and the empty line follows at once. */
  #readTrailers(bytes: Buffer, start: number, end: number): number {
    if (this.#partial === undefined && end - start >= 2 && bytes[start] === CR) {
      if (bytes[start + 1] !== LF) throw new ResponseHeadError('malformed trailers')
      this.#finish(undefined)
      return start + 2
    }
    // The end of the last chunk's line is part of what ends the trailers.
    this.#partial ??= Buffer.from('\r\n')
    const text = this.#takeUntil(END_OF_HEAD, bytes, start, end)
    if (text === undefined) return end
    const [lines, next] = text
    this.#finish(lines.length > 2 ? parseHttp1Trailers(lines.slice(2)) : undefined)
    return next
  }

  /** The text up to and with the first CRLF of `mark`, and where the bytes go on behind it. */
  #takeUntil(
    mark: Buffer,
    bytes: Buffer,
    start: number,
    end: number,
  ): [string, number] | undefined {
    const before = this.#partial
    if (before === undefined) {
      // Behind `end` there are bytes of an earlier read; a mark among them is none.
      const found = bytes.indexOf(mark, start)
      if (found >= 0 && found + mark.length <= end) {
        this.#count(found - start)
        return [bytes.toString('latin1', start, found + 2), found + 4]
      }
    }
    const all =
      before === undefined
        ? copy(bytes, start, end)
        : Buffer.concat([before, bytes.subarray(start, end)])
    const from = before === undefined ? 0 : Math.max(0, before.length - 3)
    const found = all.indexOf(mark, from)
    if (found < 0) {
      // A server that ends lines in its own way would be waited for until it gives up.
      if (LONE_LINE_END.test(all.toString('latin1', Math.max(0, from - 1)))) {
        throw new ResponseHeadError('malformed HTTP response: a line without CRLF')
      }
      if (all.length + this.#headBytes > MAX_HEAD_BYTES) throw tooLarge()
      this.#partial = all
      return undefined
    }
    this.#partial = undefined
    this.#count(found)
    return [all.toString('latin1', 0, found + 2), start + found + 4 - (before?.length ?? 0)]
  }

  #count(bytes: number): void {
    this.#headBytes += bytes
    if (this.#headBytes > MAX_HEAD_BYTES) throw tooLarge()
  }

  #finish(trailers: HeaderFields | undefined): void {
    this.#state = 'done'
    this.#listener.onEnd(trailers)
  }
}

function copy(bytes: Buffer, from: number, to: number): Buffer {
  const chunk = Buffer.allocUnsafe(to - from)
  bytes.copy(chunk, 0, from, to)
  return chunk
}

function tooLarge(): ResponseHeadError {
  return new ResponseHeadError(`the header fields are larger than ${MAX_HEAD_BYTES} bytes`)
}
