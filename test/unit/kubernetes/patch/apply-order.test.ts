import {describe, expect, test} from 'vitest'
import {apply, specOf, update} from './widgets.ts'

describe('the order of a keyed list after an apply', () => {
  const live = update(undefined, {parts: ['s1', 'a', 's2', 'b', 's3'].map((name) => ({name}))})
  test.each([
    [
      ['a', 'b'],
      ['s1', 'a', 's2', 'b', 's3'],
    ],
    [
      ['b', 'a'],
      ['s1', 's2', 'b', 's3', 'a'],
    ],
    [
      ['n', 'a'],
      ['s1', 'n', 'a', 's2', 'b', 's3'],
    ],
    [
      ['a', 'n', 'b'],
      ['s1', 'a', 's2', 'n', 'b', 's3'],
    ],
    [['n'], ['s1', 'a', 's2', 'b', 's3', 'n']],
  ])('is %j merged in as %j', (names, expected) => {
    const applied = apply(live, {parts: names.map((name) => ({name}))})
    expect((specOf(applied)['parts'] as {name: string}[]).map(({name}) => name)).toEqual(expected)
  })
})
