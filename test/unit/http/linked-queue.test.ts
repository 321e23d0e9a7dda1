import fc from 'fast-check'
import {expect, test} from 'vitest'
import {LinkedQueue, type Place} from '../../../src/http/linked-queue.ts'

test('keeps the order of those who stay, whoever leaves', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20)), {maxLength: 60}), (steps) => {
      const queue = new LinkedQueue<number>()
      const places: Place<number>[] = []
      let expected: number[] = []
      for (const [at, leaving] of steps.entries()) {
        if (leaving === null) {
          places.push(queue.add(at))
          expected.push(at)
          continue
        }
        const place = places[leaving % Math.max(1, places.length)]
        if (place === undefined) continue
        queue.remove(place)
        expected = expected.filter((item) => item !== place.item)
      }
      expect(queue.size).toBe(expected.length)
      const items: number[] = []
      for (let first = queue.first; first !== undefined; first = queue.first) {
        items.push(first.item)
        queue.remove(first)
      }
      expect(items).toEqual(expected)
    }),
  )
})

test('a place that was left points to nothing', () => {
  const queue = new LinkedQueue<number>()
  const [, middle] = [queue.add(1), queue.add(2), queue.add(3)]
  queue.remove(middle)
  queue.remove(middle)
  expect(middle).toEqual({item: 2, previous: undefined, next: undefined})
  expect(queue.size).toBe(2)
})
