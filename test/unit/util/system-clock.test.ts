import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {SystemClock} from '../../../src/util/clock.ts'

/** A moment that is on none of the common twentieths of a second. */
const START_MS = Date.UTC(2024, 3, 22) + 13

describe('the time of the machine', () => {
  const clock = new SystemClock()
  let calls: [name: string, afterMs: number][] = []
  const call = (name: string, delayMs: number): void => {
    const setAtMs = clock.now()
    clock.after(delayMs, () => calls.push([name, clock.now() - setAtMs]))
  }

  beforeEach(() => {
    calls = []
    vi.useFakeTimers({now: START_MS})
  })
  afterEach(() => vi.useRealTimers())

  test('short delays are kept to the millisecond', () => {
    call('short', 499)
    vi.advanceTimersByTime(498)
    expect(calls).toEqual([])
    vi.advanceTimersByTime(1)
    expect(calls).toEqual([['short', 499]])
  })

  test('long delays that end close to each other end together', () => {
    call('first', 1000)
    vi.advanceTimersByTime(20)
    call('second', 1000)
    vi.advanceTimersByTime(1016)
    expect(calls).toEqual([])
    vi.advanceTimersByTime(1)
    expect(calls).toEqual([
      ['first', 1037],
      ['second', 1017],
    ])
  })

  test('long delays are never cut short, and stretched by less than 50 ms', () => {
    for (let delayMs = 500; delayMs < 700; delayMs++) call(String(delayMs), delayMs)
    vi.advanceTimersByTime(800)
    const stretched = calls.map(([delayMs, afterMs]) => afterMs - Number(delayMs))
    expect(stretched).toHaveLength(200)
    expect(Math.min(...stretched)).toBe(0)
    expect(Math.max(...stretched)).toBe(49)
  })

  test('a cancelled call does not happen', () => {
    const timer = clock.after(1000, () => calls.push(['cancelled', 0]))
    timer.cancel()
    vi.advanceTimersByTime(2000)
    expect(calls).toEqual([])
  })
})
