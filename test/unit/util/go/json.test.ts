import {expect, test} from 'vitest'
import {escapeJson} from '../../../../src/util/go/json.ts'

test('what could end a script in a web page is escaped, and nothing else', () => {
  const value = {html: '</a> & \u2028\u2029', other: 'ü"\\'}
  const escaped = escapeJson(JSON.stringify(value))
  expect(escaped).toBe('{"html":"\\u003c/a\\u003e \\u0026 \\u2028\\u2029","other":"ü\\"\\\\"}')
  expect(JSON.parse(escaped)).toEqual(value)
})
