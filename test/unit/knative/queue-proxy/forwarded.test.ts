import {expect, test} from 'vitest'
import {HeaderFields} from '../../../../src/http/header-fields.ts'
import {addForwarded, makeForwarded} from '../../../../src/knative/queue-proxy/forwarded.ts'

test.each([
  ['10.0.0.1', '', '', 'for=10.0.0.1'],
  ['10.0.0.1, 10.0.0.2', '', '', 'for=10.0.0.1, for=10.0.0.2'],
  ['', 'http', '', 'proto=http'],
  ['', '', 'example.com', 'host=example.com'],
  [
    '10.0.0.1, 10.0.0.2',
    'http',
    'example.com',
    'for=10.0.0.1;host=example.com;proto=http, for=10.0.0.2',
  ],
  ['2001:db8::1', 'https', '', 'for="[2001:db8::1]";proto=https'],
])('x-forwarded-for %j, proto %j and host %j become %j', (nodes, proto, host, expected) => {
  expect(makeForwarded(nodes, proto, host)).toBe(expected)
})

test('a field that is there already is kept, and none is made from nothing', () => {
  const given = HeaderFields.from({forwarded: 'for=1', 'x-forwarded-for': '2'})
  addForwarded(given)
  expect(given.getAll('forwarded')).toEqual(['for=1'])
  const nothing = new HeaderFields()
  addForwarded(nothing)
  expect(nothing.flat).toEqual([])
})
