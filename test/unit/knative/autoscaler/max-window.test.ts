import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {MaxWindow} from '../../../../src/knative/autoscaler/max-window.ts'

describe('the largest value of a window', () => {
  test.for([
    {name: 'one value', values: [1], largest: [1]},
    {name: 'rising', values: [1, 2], largest: [1, 2]},
    {name: 'falling', values: [2, 1], largest: [2, 2]},
    {
      name: 'a value falls out of the window',
      values: [6, 5, 4, 3, 2, 1],
      largest: [6, 6, 6, 6, 6, 5],
    },
  ])('$name', ({values, largest}) => {
    const window = new MaxWindow(5_000, 1_000)
    const seen = values.map((value, second) => {
      window.record(second * 1_000, value)
      return window.current()
    })
    expect(seen).toEqual(largest)
  })

  test('the larger of two values within one step stands', () => {
    const window = new MaxWindow(5_000, 1_000)
    window.record(0, 6)
    window.record(500, 5)
    expect(window.current()).toBe(6)
  })

  test('it equals the largest of all values of the last steps', () => {
    const gapsAndValues = fc.array(fc.tuple(fc.nat(5), fc.nat(9)), {minLength: 1})
    fc.assert(
      fc.property(gapsAndValues, (records) => {
        const window = new MaxWindow(5_000, 1_000)
        const seen: {second: number; value: number}[] = []
        let second = 0
        for (const [gap, value] of records) {
          second += gap
          seen.push({second, value})
          window.record(second * 1_000, value)
          const recent = seen.filter((record) => second - record.second < 5)
          expect(window.current()).toBe(Math.max(...recent.map((record) => record.value)))
        }
      }),
    )
  })

  test('before the first value there is none', () => {
    expect(new MaxWindow(5_000, 1_000).current()).toBeUndefined()
  })
})
