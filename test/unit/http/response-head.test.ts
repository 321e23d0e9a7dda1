import {describe, expect, test} from 'vitest'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {
  judgeInformation,
  judgeResponseHead,
  judgeTrailers,
  MAX_HEAD_BYTES,
} from '../../../src/http/response-head.ts'

const GET = {method: 'GET', protocol: 'http/1.1'} as const

function judged(
  flat: string[],
  status = 200,
  request: Parameters<typeof judgeResponseHead>[2] = GET,
) {
  const headers = new HeaderFields(flat)
  judgeResponseHead(status, headers, request)
  return headers.flat
}

describe('the head of a response', () => {
  test('loses what concerns the connection, and what connection lists', () => {
    const flat = judged([
      'connection',
      'keep-alive, x-hop',
      'keep-alive',
      'timeout=5',
      'x-hop',
      '1',
      'transfer-encoding',
      'chunked',
      'upgrade',
      'h2c',
      'http2-settings',
      'x',
      'set-cookie',
      'a',
      'set-cookie',
      'b',
      'trailer',
      'x-sum',
    ])
    expect(flat).toEqual(['set-cookie', 'a', 'set-cookie', 'b', 'trailer', 'x-sum'])
  })

  test('cannot be made to lose its length', () => {
    expect(judged(['connection', 'content-length', 'content-length', '2'])).toEqual([
      'content-length',
      '2',
    ])
  })

  test.each(['__proto__', 'constructor', 'tostring', 'hasownproperty'])(
    'keeps a field of the name %s',
    (name) => {
      expect(judged([name, 'x'])).toEqual([name, 'x'])
      expect({...new HeaderFields([name, 'x']).toRecord()}).toHaveProperty([name], 'x')
    },
  )

  test('keeps bytes beyond ASCII', () => {
    expect(judged(['x', 'caf\u00e9\u0080\u00ff'])).toEqual(['x', 'caf\u00e9\u0080\u00ff'])
  })

  test.each([
    [
      ['content-length', '2', 'content-length', '2'],
      ['content-length', '2'],
    ],
    [
      ['content-length', '2, 2'],
      ['content-length', '2'],
    ],
  ])('says the same length once: %j', (flat, kept) => {
    expect(judged(flat)).toEqual(kept)
  })

  test.each([
    {flat: ['trailer', 'x', 'content-length', '2']},
    {flat: ['trailer', 'x'], status: 204},
    {flat: ['trailer', 'x'], request: {...GET, method: 'HEAD'}},
    {flat: ['trailer', 'x'], request: {...GET, protocol: 'http/1.0' as const}},
  ])('announces no trailers where none can follow: %j', ({flat, status, request}) => {
    expect(judged(flat, status, request)).not.toContain('trailer')
  })

  test('says no length where there is no content, and one where there could be', () => {
    expect(judged(['content-length', '5'], 204)).toEqual([])
    expect(judged(['content-length', '5'], 304)).toEqual(['content-length', '5'])
  })

  test.each([
    ['a name with a space', ['x y', '1']],
    ['an empty name', ['', '1']],
    ['a line end in a value', ['x', 'a\r\nset-cookie: b']],
    ['a NUL in a value', ['x', 'a\0b']],
    ['a character beyond a byte', ['x', '\u010a']],
    ['control bytes in a field that would be dropped', ['keep-alive', 'a\nb']],
    ['two lengths', ['content-length', '2', 'content-length', '3']],
    ['a length with a sign', ['content-length', '+2']],
    ['no length', ['content-length', '']],
    ['a length that no number holds', ['content-length', '99999999999999999999']],
    ['more than 60 KiB', ['x', 'a'.repeat(MAX_HEAD_BYTES)]],
  ])('is refused for %s', (_what, flat) => {
    expect(() => judged(flat)).toThrow(/invalid|length|larger/)
  })

  test.each([0, 99, 100, 101, 199, 1000, -1, Number.NaN])('is refused for status %d', (status) => {
    expect(() => judged([], status)).toThrow('invalid response status')
  })

  test('may have any status above 199 on HTTP/1, and those of today on HTTP/2', () => {
    expect(judged([], 999)).toEqual([])
    expect(judged([], 599, {method: 'GET', protocol: 'h2'})).toEqual([])
    expect(() => judged([], 600, {method: 'GET', protocol: 'h2'})).toThrow('600')
  })
})

test('what comes before the response is passed on or dropped, but never an error', () => {
  expect(judgeInformation(103, new HeaderFields(['link', 'anything']))).toBe(true)
  expect(judgeInformation(103, new HeaderFields(['link', 'a\0']))).toBe(false)
  expect(judgeInformation(101, new HeaderFields())).toBe(false)
  expect(judgeInformation(99, new HeaderFields())).toBe(false)
})

test('trailers lose what would change the message they follow', () => {
  const trailers = new HeaderFields(['x-sum', '7', 'content-length', '3', 'transfer-encoding', 'x'])
  judgeTrailers(trailers)
  expect(trailers.flat).toEqual(['x-sum', '7'])
})
