import fc from 'fast-check'
import {expect, test} from 'vitest'
import {threeWayMergePatch} from '../../../../src/operations/service/three-way-merge.ts'

test.each<[string, object, object, object, object]>([
  ['adds what is new', {}, {a: 1}, {}, {a: 1}],
  ['changes what differs', {a: 1}, {a: 2}, {a: 1}, {a: 2}],
  ['takes away what was applied and is no longer', {a: 1, b: 1}, {a: 1}, {a: 1, b: 1}, {b: null}],
  ['leaves alone what others set', {a: 1}, {a: 1}, {a: 1, other: 2}, {}],
  ['replaces lists', {}, {l: [1, 2]}, {l: [1]}, {l: [1, 2]}],
  ['works below', {m: {x: 1, y: 1}}, {m: {x: 2}}, {m: {x: 1, y: 1, z: 1}}, {m: {x: 2, y: null}}],
  ['puts right what others changed', {a: 1}, {a: 1}, {a: 5}, {a: 1}],
])('%s', (...[, last, wanted, current, patch]) => {
  expect(threeWayMergePatch(last, wanted, current)).toEqual(patch)
})

test('changes nothing where everything is as wanted', () => {
  const object = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(fc.integer(), fc.dictionary(fc.constantFrom('x', 'y'), fc.integer())),
    {noNullPrototype: true},
  )
  fc.assert(
    fc.property(object, object, (wanted, others) => {
      expect(threeWayMergePatch(wanted, wanted, {...others, ...wanted})).toEqual({})
    }),
  )
})
