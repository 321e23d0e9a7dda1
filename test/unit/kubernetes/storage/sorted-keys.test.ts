import fc from 'fast-check'
import {expect, test} from 'vitest'
import {inRange, keyRange, prefixesOf} from '../../../../src/kubernetes/storage/key-range.ts'
import {SortedKeys} from '../../../../src/kubernetes/storage/sorted-keys.ts'

const key = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'a-b', 'a0', 'z.z'), {minLength: 1, maxLength: 3})
  .map((parts) => `/${parts.join('/')}`)

const prefix = fc.oneof(
  fc.constant('/'),
  fc.constant(''),
  key,
  key.map((text) => `${text}/`),
)

test('a range holds exactly the keys of its prefix after the start', () => {
  fc.assert(
    fc.property(key, prefix, fc.option(key, {nil: undefined}), (name, wanted, startAfter) => {
      const has = wanted.endsWith('/') || wanted === '' ? name.startsWith(wanted) : name === wanted
      const expected = has && (startAfter === undefined || name > startAfter)
      expect(inRange(keyRange(wanted, startAfter), name)).toBe(expected)
    }),
  )
})

test('the prefixes of a key are those whose range has it', () => {
  fc.assert(
    fc.property(key, prefix, (name, candidate) => {
      expect(prefixesOf(name).includes(candidate)).toBe(inRange(keyRange(candidate), name))
    }),
  )
})

test('sorted keys behave as a sorted set', () => {
  const change = fc.record({
    add: fc.boolean(),
    key: fc.integer({min: 0, max: 4_000}).map((number) => `/k/${number % 10}/${number}`),
  })
  fc.assert(
    fc.property(fc.array(change, {maxLength: 2_000}), prefix, (changes, wanted) => {
      // Begins with enough keys for several chunks.
      const initial = Array.from({length: 1_500}, (_, index) => `/k/${index % 10}/i${index}`)
      const model = new Set(initial)
      const keys = SortedKeys.from(initial.toSorted())
      for (const {add, key: name} of changes) {
        if (add) {
          model.add(name)
          keys.add(name)
        } else {
          model.delete(name)
          keys.delete(name)
        }
      }
      expect(keys.size).toBe(model.size)
      for (const range of [keyRange(''), keyRange('/k/3/'), keyRange(wanted), keyRange('/x/')]) {
        const expected = [...model].filter((name) => inRange(range, name)).toSorted()
        expect([...keys.range(range)]).toEqual(expected)
        expect(keys.count(range)).toBe(expected.length)
      }
    }),
    {numRuns: 30},
  )
})

test('keys can all leave and come back', () => {
  const keys = new SortedKeys()
  const names = Array.from({length: 3_000}, (_, index) => `/k/${index}`)
  for (const name of names) keys.add(name)
  for (const name of names) keys.delete(name)
  expect([...keys.range(keyRange(''))]).toEqual([])
  keys.add('/k/1')
  expect(keys.count(keyRange('/k/'))).toBe(1)
})
