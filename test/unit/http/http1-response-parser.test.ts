import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Http1Head} from '../../../src/http/http1-head-parser.ts'
import {Http1ResponseParser} from '../../../src/http/http1-response-parser.ts'

interface Parsed {
  readonly heads: Http1Head[]
  readonly body: string
  readonly trailers: readonly string[] | undefined
  readonly isComplete: boolean
  /** How many bytes were left over behind the response. */
  readonly left: number
  readonly error: string | undefined
}

/** Feeds the text in pieces that end at `cuts`, then closes where `closes` says so. */
function parse(text: string, {cuts = [] as number[], method = 'GET', closes = false} = {}): Parsed {
  const heads: Http1Head[] = []
  let body = ''
  let trailers: readonly string[] | undefined
  let isComplete = false
  let left = 0
  let error: string | undefined
  const parser = new Http1ResponseParser(method, {
    onHead: (head) => heads.push(head),
    onData: (chunk) => (body += chunk.toString('latin1')),
    onEnd: (fields) => {
      isComplete = true
      trailers = fields?.flat
    },
  })
  try {
    const ends = [...new Set(cuts.filter((cut) => cut > 0 && cut < text.length))].sort(
      (a, b) => a - b,
    )
    let start = 0
    for (const end of [...ends, text.length]) {
      const piece = Buffer.from(text.slice(start, end), 'latin1')
      // Bytes of an earlier read stay behind the end of a shorter one.
      const buffer = Buffer.concat([piece, Buffer.from('x\r\n\r\nHTTP/1.1 500 stale\r\n\r\n')])
      left += piece.length - parser.read(buffer, piece.length)
      start = end
    }
    if (closes) parser.close()
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown)
  }
  return {heads, body, trailers, isComplete, left, error}
}

const HEAD = 'HTTP/1.1 200 OK\r\n'

describe('a response', () => {
  test.each([
    ['with a length', `${HEAD}content-length: 5\r\n\r\nhello`],
    ['in chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n`],
    ['with padded sizes', `${HEAD}Transfer-Encoding: Chunked\r\n\r\n5  \r\nhello\r\n0\r\n\r\n`],
    [
      'after 100 and 103',
      `HTTP/1.1 100 x\r\n\r\nHTTP/1.1 103 x\r\nlink: x\r\n\r\n${HEAD}content-length: 5\r\n\r\nhello`,
    ],
    ['without a reason', 'HTTP/1.1 200\r\ncontent-length: 5\r\n\r\nhello'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello'],
    ['with the same length twice', `${HEAD}content-length: 5\r\ncontent-length: 5\r\n\r\nhello`],
  ])('%s is read in whatever pieces it comes', (_what, text) => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), {maxLength: 20}), (cuts) => {
        expect(parse(text, {cuts})).toMatchObject({body: 'hello', isComplete: true, left: 0})
      }),
    )
    const everyByte = Array.from(text, (_character, at) => at)
    expect(parse(text, {cuts: everyByte})).toMatchObject({body: 'hello', isComplete: true})
  })

  test('ends with the connection where nothing else says its end', () => {
    const text = `${HEAD}\r\nhello`
    expect(parse(text)).toMatchObject({body: 'hello', isComplete: false})
    expect(parse(text, {closes: true})).toMatchObject({body: 'hello', isComplete: true})
  })

  test('has trailers behind its chunks', () => {
    const text = `${HEAD}transfer-encoding: chunked\r\n\r\n0\r\nX-Sum: 7\r\n\r\n`
    const everyByte = Array.from(text, (_character, at) => at)
    expect(parse(text).trailers).toEqual(['x-sum', '7'])
    expect(parse(text, {cuts: everyByte}).trailers).toEqual(['x-sum', '7'])
  })

  test.each([
    ['to HEAD', 'HEAD', `${HEAD}content-length: 5\r\n\r\n`],
    ['of status 204', 'GET', 'HTTP/1.1 204 x\r\ncontent-length: 5\r\n\r\n'],
    ['of status 304', 'GET', 'HTTP/1.1 304 x\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['of length 0', 'GET', `${HEAD}content-length: 0\r\n\r\n`],
  ])('%s has no content, and what follows is not its', (_what, method, text) => {
    expect(parse(text, {method})).toMatchObject({isComplete: true, body: '', left: 0})
    expect(parse(`${text}body`, {method})).toMatchObject({isComplete: true, body: '', left: 4})
  })

  test('leaves what comes behind it', () => {
    const text = `${HEAD}content-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n`
    expect(parse(text)).toMatchObject({body: 'ok', isComplete: true, left: 19})
  })

  test.each([
    ['no length', 'HTTP/1.1 200 OK\r\n\r\n', false],
    ['a length', `${HEAD}content-length: 2\r\n\r\n`, true],
    ['close', `${HEAD}connection: x, Close\r\ncontent-length: 2\r\n\r\n`, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n', false],
    [
      'HTTP/1.0 kept',
      'HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 2\r\n\r\n',
      true,
    ],
    ['204 and a length', 'HTTP/1.1 204 x\r\ncontent-length: 2\r\n\r\n', false],
    ['two framings', `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n`, false],
  ])('with %s leaves its connection usable: %s', (_what, text, isReusable) => {
    expect(parse(text).heads[0]?.isReusable).toBe(isReusable)
  })

  test('goes by its chunks where it says a length, too', () => {
    const text = `${HEAD}content-length: 99\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`
    const parsed = parse(text)
    expect(parsed).toMatchObject({body: 'ok', isComplete: true})
    expect(parsed.heads[0]?.headers.has('content-length')).toBe(false)
  })
})

describe('what is no response', () => {
  const chunked = `${HEAD}transfer-encoding: chunked\r\n\r\n`
  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 1000 x\r\n\r\n'],
    ['a status of letters', 'HTTP/1.1 2x0 x\r\n\r\n'],
    ['a line end of its own', 'HTTP/1.1 200 OK\n\n'],
    ['a CR alone', 'HTTP/1.1 200 OK\rx: y\r\n\r\n'],
    ['a folded line', `${HEAD}x: y\r\n z\r\n\r\n`],
    ['a space before the colon', `${HEAD}content-length : 5\r\n\r\nhello`],
    ['an empty name', `${HEAD}: x\r\n\r\n`],
    ['a line without a colon', `${HEAD}x\r\n\r\n`],
    ['two lengths', `${HEAD}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`],
    ['a length in hexadecimal', `${HEAD}content-length: 0x5\r\n\r\nhello`],
    ['a negative length', `${HEAD}content-length: -5\r\n\r\nhello`],
    ['another coding', `${HEAD}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['a coding twice', `${HEAD}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a size that overflows', `${chunked}10000000000000005\r\nhello\r\n0\r\n\r\n`],
    ['a negative size', `${chunked}-5\r\nhello\r\n0\r\n\r\n`],
    ['no size', `${chunked}\r\nhello`],
    ['a chunk longer than its size', `${chunked}2\r\nhello\r\n0\r\n\r\n`],
    ['an endless extension', `${chunked}5;${'x'.repeat(5000)}\r\nhello`],
    ['a size line that ends in LF', `${chunked}5\nhello\r\n0\r\n\r\n`],
    ['a head without end', `${HEAD}x: ${'y'.repeat(70_000)}`],
    ['early heads without end', 'HTTP/1.1 103 x\r\nlink: y\r\n\r\n'.repeat(3000)],
    ['trailers without end', `${chunked}0\r\n${'x: y\r\n'.repeat(20_000)}`],
    ['trailers that are none', `${chunked}0\r\nxxx\r\n\r\n`],
  ])('is refused: %s', (_what, text) => {
    const whole = parse(text)
    expect(whole.error).toBeDefined()
    expect(whole.isComplete).toBe(false)
    const pieces = parse(text, {cuts: Array.from({length: 200}, (_none, at) => at * 7)})
    expect(pieces.error).toBeDefined()
    expect(pieces.isComplete).toBe(false)
  })

  test('is a response that is cut, wherever it is cut', () => {
    const text = `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n`
    for (let end = 0; end < text.length; end++) {
      const {error, isComplete} = parse(text.slice(0, end), {closes: true})
      expect({end, error, isComplete}).toEqual({
        end,
        error: end === 0 ? 'EOF' : 'unexpected EOF',
        isComplete: false,
      })
    }
  })

  test('throws nothing but its own error, whatever bytes come', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'binary', maxLength: 300}),
        fc.array(fc.nat(300)),
        (text, cuts) => {
          const bytes = Buffer.from(text).toString('latin1')
          for (const start of ['', HEAD, chunked]) {
            const {error, left} = parse(start + bytes, {cuts, closes: true})
            expect(left).toBeGreaterThanOrEqual(0)
            expect(error ?? 'EOF').toMatch(/EOF|malformed|length|encoding|larger|status/)
          }
        },
      ),
    )
  })
})
