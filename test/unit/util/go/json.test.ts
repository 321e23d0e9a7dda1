import {expect, test} from 'vitest'
import {escapeJson, goJson, sortedJson} from '../../../../src/util/go/json.ts'

test('what could end a script in a web page is escaped, and nothing else', () => {
  const value = {html: '</a> & \u2028\u2029', other: 'ü"\\'}
  const escaped = escapeJson(JSON.stringify(value))
  expect(escaped).toBe('{"html":"\\u003c/a\\u003e \\u0026 \\u2028\\u2029","other":"ü\\"\\\\"}')
  expect(JSON.parse(escaped)).toEqual(value)
})

test('maps come with their fields in alphabetical order', () => {
  expect(goJson(sortedJson({b: [{d: 1, c: 2}], a: null}))).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
})
