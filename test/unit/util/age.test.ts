import {expect, test} from 'vitest'
import {ageSince, formatAge} from '../../../src/util/age.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each([
  [0, '0s'],
  [-500, '0s'],
  [-5 * SECOND, '<invalid>'],
  [119 * SECOND, '119s'],
  [2 * MINUTE, '2m'],
  [2 * MINUTE + 5 * SECOND, '2m5s'],
  [10 * MINUTE + 59 * SECOND, '10m'],
  [179 * MINUTE, '179m'],
  [3 * HOUR, '3h'],
  [3 * HOUR + 20 * MINUTE, '3h20m'],
  [8 * HOUR + 59 * MINUTE, '8h'],
  [47 * HOUR, '47h'],
  [2 * DAY, '2d'],
  [2 * DAY + 3 * HOUR, '2d3h'],
  [8 * DAY + 3 * HOUR, '8d'],
  [729 * DAY, '729d'],
  [730 * DAY, '2y'],
  [765 * DAY, '2y35d'],
  [3650 * DAY, '10y'],
])('%i ms are %s', (spanMs, text) => {
  expect(formatAge(spanMs)).toBe(text)
})

test('what has no time has no age', () => {
  expect(ageSince(undefined, 0)).toBe('<unknown>')
})
