import {describe, expect, test} from 'vitest'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {readRequestHead} from '../../../src/http/request-head.ts'

describe('header fields', () => {
  test('keep order and duplicates, set one, delete all', () => {
    const fields = new HeaderFields(['a', '1', 'b', '2', 'a', '3'])
    expect(fields.getAll('a')).toEqual(['1', '3'])
    fields.set('a', '4')
    expect(fields.flat).toEqual(['a', '4', 'b', '2'])
    fields.add('a', '5')
    fields.delete('a')
    expect([...fields]).toEqual([['b', '2']])
  })

  test('append to a list, or begin it', () => {
    const fields = new HeaderFields()
    fields.addToList('x-forwarded-for', '10.0.0.1')
    fields.addToList('x-forwarded-for', '10.0.0.2')
    expect(fields.get('x-forwarded-for')).toBe('10.0.0.1, 10.0.0.2')
  })

  test('become a record whose repeated fields are arrays', () => {
    expect(new HeaderFields(['a', '1', 'b', '2', 'a', '3']).toRecord()).toEqual({
      a: ['1', '3'],
      b: '2',
    })
  })
})

describe('the head of a request', () => {
  test('is sorted into what travels on and what concerns the connection', () => {
    const head = readRequestHead(
      [
        ['Host', 'a.example:80', 'Connection', 'close, X-Hop', 'X-Hop', '1'],
        ['Transfer-Encoding', 'chunked', 'Expect', '100-Continue', 'Upgrade', 'WebSocket'],
        ['TE', 'gzip', 'Trailer', 'x-sum', 'Proxy-Authorization', 'secret', 'X-End', '2'],
      ].flat(),
    )
    expect(head).toMatchObject({
      host: 'a.example:80',
      hasBody: true,
      expectsContinue: true,
      upgrade: 'websocket',
    })
    expect(head.headers.flat).toEqual(['trailer', 'x-sum', 'x-end', '2'])
  })

  test.each([
    [[], false],
    [['Content-Length', '0'], false],
    [['Content-Length', '7'], true],
    [['Transfer-Encoding', 'chunked'], true],
  ])('with %j has a body: %s', (raw, hasBody) => {
    expect(readRequestHead(raw).hasBody).toBe(hasBody)
  })
})
