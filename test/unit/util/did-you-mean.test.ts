import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {didYouMean, editDistance} from '../../../src/util/did-you-mean.ts'

describe('didYouMean', () => {
  const words = ['create', 'delete', 'describe', 'list', 'update', 'wait']

  test.each([
    ['creat', ['create']],
    ['crate', ['create']],
    ['udpate', ['update']],
    ['lst', ['list']],
    ['desc', ['describe']],
    ['frobnicate', []],
    ['x', []],
  ])('knows what %s may mean', (given, similar) => {
    expect(didYouMean(given, words)).toEqual(similar)
  })
})

describe('editDistance', () => {
  test('is a distance', () => {
    fc.assert(
      fc.property(fc.string({maxLength: 8}), fc.string({maxLength: 8}), (left, right) => {
        const distance = editDistance(left, right)
        expect(distance).toBe(editDistance(right, left))
        expect(distance === 0).toBe(left === right)
        expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length))
      }),
    )
  })
})
