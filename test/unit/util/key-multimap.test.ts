import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {KeyMultimap} from '../../../src/util/key-multimap.ts'

describe('a multimap of keys', () => {
  test('answers the keys of a value in the order they were added', () => {
    const multimap = new KeyMultimap()
    for (const key of ['b', 'a', 'b', 'c']) multimap.add('v', key)
    expect([...multimap.get('v')]).toEqual(['b', 'a', 'c'])
    expect([...multimap.get('other')]).toEqual([])
  })

  test('forgets a value with all its keys', () => {
    const multimap = new KeyMultimap()
    multimap.add('v', 'a')
    multimap.add('v', 'b')
    multimap.deleteAll('v')
    expect(multimap.has('v')).toBe(false)
  })

  test('holds what a Map of Sets holds, whatever is added and deleted', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const step = fc.record({isAdd: fc.boolean(), value: name, key: name})
    fc.assert(
      fc.property(fc.array(step, {maxLength: 60}), (steps) => {
        const multimap = new KeyMultimap()
        const model = new Map<string, Set<string>>()
        for (const {isAdd, value, key} of steps) {
          const keys = model.get(value) ?? new Set()
          if (isAdd) {
            multimap.add(value, key)
            model.set(value, keys.add(key))
          } else {
            multimap.delete(value, key)
            keys.delete(key)
          }
        }
        for (const value of ['a', 'b', 'c']) {
          const keys = [...(model.get(value) ?? [])]
          expect([...multimap.get(value)]).toEqual(keys)
          expect(multimap.has(value)).toBe(keys.length > 0)
        }
      }),
    )
  })
})
