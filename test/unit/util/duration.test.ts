import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {formatDuration, isWholeSeconds, parseDuration} from '../../../src/util/duration.ts'

describe('durations', () => {
  test.each([
    ['0', 0, '0s'],
    ['1h', 3_600_000, '1h0m0s'],
    ['90s', 90_000, '1m30s'],
    ['1m30s', 90_000, '1m30s'],
    ['80s', 80_000, '1m20s'],
    ['1.5h', 5_400_000, '1h30m0s'],
    ['-1s', -1000, '-1s'],
    ['300ms', 300, '300ms'],
    ['10us', 0.01, '10µs'],
    ['15ns', 0.000015, '15ns'],
    ['.5s', 500, '500ms'],
    ['2h45m10.25s', 9_910_250, '2h45m10.25s'],
    ['100h', 360_000_000, '100h0m0s'],
  ])('%s is %d ms and prints as %s', (text, durationMs, printed) => {
    expect(parseDuration(text)).toBe(durationMs)
    expect(formatDuration(durationMs)).toBe(printed)
  })

  test.each([
    ['', 'time: invalid duration ""'],
    ['30', 'time: missing unit in duration "30"'],
    ['x', 'time: invalid duration "x"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['-', 'time: invalid duration "-"'],
    ['.s', 'time: invalid duration ".s"'],
    ['1s ', 'time: unknown unit "s " in duration "1s "'],
    ['9999999h', 'time: invalid duration "9999999h"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseDuration(text)).toThrow(new Error(message))
  })

  test('what is printed is read as the same', () => {
    fc.assert(
      fc.property(fc.integer({min: -86_400_000_000, max: 86_400_000_000}), (durationMs) => {
        expect(parseDuration(formatDuration(durationMs))).toBe(durationMs)
      }),
    )
  })

  test('whole seconds are told from fractions', () => {
    expect(isWholeSeconds(parseDuration('1m'))).toBe(true)
    expect(isWholeSeconds(parseDuration('1500ms'))).toBe(false)
    expect(isWholeSeconds(parseDuration('1s1ns'))).toBe(false)
  })
})
