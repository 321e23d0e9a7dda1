import {expect, test} from 'vitest'
import {freezeDeep} from '../../../../src/kubernetes/storage/freeze.ts'
import {StringPool} from '../../../../src/kubernetes/storage/string-pool.ts'

test('what comes out of the pool equals what went in, for more texts than it remembers', () => {
  const pool = new StringPool()
  for (let index = 0; index < 120_000; index++) {
    const text = `text-${index}`
    expect(pool.take(text) === text).toBe(true)
  }
  const long = 'x'.repeat(1000)
  expect(pool.take(long)).toBe(long)
})

test('freezing with a pool changes no value', () => {
  const make = (): object => ({
    name: ['a', 'b'].join('-'),
    labels: {app: 'a-b', empty: ''},
    list: ['a-b', 1, null, {deep: ['a-b']}],
  })
  const pooled = make()
  freezeDeep(pooled, new StringPool())
  expect(pooled).toEqual(make())
  expect(Object.isFrozen(pooled)).toBe(true)
})
