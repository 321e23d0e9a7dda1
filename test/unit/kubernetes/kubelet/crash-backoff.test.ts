import {describe, expect, test} from 'vitest'
import {CrashBackoff, pullBackoffMs} from '../../../../src/kubernetes/kubelet/crash-backoff.ts'

describe('the back-off of a container that keeps ending', () => {
  test('doubles from ten seconds to five minutes', () => {
    const backoff = new CrashBackoff()
    let nowMs = 0
    const delays = Array.from({length: 9}, () => {
      const delayMs = backoff.next(nowMs)
      nowMs += delayMs + 100
      return delayMs / 1000
    })
    expect(delays).toEqual([0, 10, 20, 40, 80, 160, 300, 300, 300])
  })

  test('begins anew after ten minutes without an end', () => {
    const backoff = new CrashBackoff()
    backoff.next(0)
    const delayMs = backoff.next(1000)
    expect(backoff.next(1000 + delayMs + 10 * 60_000)).toBe(20_000)
    expect(backoff.next(2_000_000)).toBe(0)
  })

  test('for images doubles likewise', () => {
    expect([1, 2, 3, 9].map((failures) => pullBackoffMs(failures) / 1000)).toEqual([
      10, 20, 40, 300,
    ])
  })
})
