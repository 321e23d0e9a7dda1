import {expect, test} from 'vitest'
import {normalizePath} from '../../../../src/istio/gateway/path-normalization.ts'

test.each([
  ['/', '/'],
  ['/a/b?c=d', '/a/b?c=d'],
  ['/a/./b', '/a/b'],
  ['/a/../b', '/b'],
  ['/a/b/../../../../c', '/c'],
  ['/a/b/..', '/a/'],
  ['/a/.', '/a/'],
  ['/a/..\\c', '/c'],
  ['/a/b/%2E%2e/c', '/a/c'],
  ['//a//b', '//a//b'],
  ['/..a/.well-known/a.b', '/..a/.well-known/a.b'],
  ['/%41%5f%7e', '/A_~'],
  ['/%2f%5C%20%25', '/%2f%5C%20%25'],
  ['/%c0%af', '/%c0%af'],
  ['/%%300', '/%%300'],
  ['/{x}|caf\u00e9', '/%7Bx%7D%7Ccaf%E9'],
  ['/a#fragment', '/a'],
  ['/a?b=/../c#fragment', '/a?b=/../c'],
  ['*', '*'],
])('%s becomes %s', (path, normal) => {
  expect(normalizePath(path)).toBe(normal)
})

test('a path with a NUL is none', () => {
  expect(normalizePath('/a/%00')).toBeUndefined()
  expect(normalizePath('/a?b=%00')).toBe('/a?b=%00')
})
