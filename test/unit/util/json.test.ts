import {isDeepStrictEqual} from 'node:util'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {
  isJsonObject,
  jsonEqual,
  ownField,
  setField,
  type JsonObject,
} from '../../../src/util/json.ts'

test('values are equal exactly when they say the same', () => {
  const value = fc.jsonValue({maxDepth: 3})
  fc.assert(
    fc.property(value, value, (left, right) => {
      const [a, b] = [left, right].map((each): unknown => JSON.parse(JSON.stringify(each)))
      expect(jsonEqual(a, b)).toBe(isDeepStrictEqual(a, b))
      expect(jsonEqual(a, structuredClone(a))).toBe(true)
    }),
  )
})

test.each([
  [{a: 1, b: 2}, {b: 2, a: 1}, true],
  [{a: 1, b: undefined}, {a: 1}, true],
  [{a: 1}, {a: 1, b: undefined}, true],
  [{a: null}, {}, false],
  [[], {}, false],
  [{length: 0}, [], false],
  [{}, null, false],
  [{constructor: Object}, {}, false],
])('%j and %j: %j', (left, right, expected) => {
  expect(jsonEqual(left, right)).toBe(expected)
})

test('a field is what was stored, never what is inherited', () => {
  const object: JsonObject = {}
  expect(ownField(object, 'constructor')).toBeUndefined()
  expect(ownField(object, '__proto__')).toBeUndefined()
  setField(object, '__proto__', {polluted: true})
  expect(ownField(object, '__proto__')).toEqual({polluted: true})
  expect(object['polluted']).toBeUndefined()
})

test('lists and null are no objects', () => {
  expect([{}, [], null, 'x'].map(isJsonObject)).toEqual([true, false, false, false])
})
