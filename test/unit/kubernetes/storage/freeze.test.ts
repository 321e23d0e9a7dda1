import {expect, test} from 'vitest'
import {freezeDeep} from '../../../../src/kubernetes/storage/freeze.ts'

test('everything in a value is frozen', () => {
  const value = {list: [{name: 'a'}, 1, null], map: {deep: {deeper: {}}}, empty: []}
  freezeDeep(value)
  for (const part of [value, value.list, value.list[0], value.map.deep.deeper, value.empty]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

test('the size grows with the content and leaves out what was frozen before', () => {
  const small = freezeDeep({text: 'x'})
  expect(freezeDeep({text: 'x'.repeat(1_000)})).toBe(small + 999)
  const shared = {text: 'x'.repeat(1_000)}
  freezeDeep(shared)
  expect(freezeDeep({shared})).toBeLessThan(100)
})

test('what is no object is left alone', () => {
  expect(freezeDeep(undefined)).toBe(0)
  expect(freezeDeep(null)).toBe(0)
  expect(freezeDeep(5)).toBe(0)
})
