import {expect, test} from 'vitest'
import {PhasedTicker} from '../../../../src/knative/autoscaler/phased-ticker.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'

test('it ticks at whole intervals since its creation', async () => {
  const clock = new FakeClock(0)
  const ticks: number[] = []
  const ticker = new PhasedTicker(clock, 1_000, () => {
    ticks.push(clock.now())
    return 'again'
  })
  await clock.advance(3_500)
  expect(ticks).toEqual([1_000, 2_000, 3_000])
  ticker.stop()
  await clock.advance(3_000)
  expect(ticks).toHaveLength(3)
  ticker.wake()
  expect(clock.untilNextMs()).toBeUndefined()
})

test('parked, it has no timer; woken, it keeps its phase', async () => {
  const clock = new FakeClock(0)
  const ticks: number[] = []
  const ticker = new PhasedTicker(clock, 1_000, () => {
    ticks.push(clock.now())
    return 'park'
  })
  await clock.advance(1_000)
  expect(ticker.parked).toBe(true)
  expect(clock.untilNextMs()).toBeUndefined()
  await clock.advance(2_500)
  ticker.wake()
  ticker.wake()
  await clock.advance(5_000)
  expect(ticks).toEqual([1_000, 4_000])
})

test('a timer that fires early makes no second tick', async () => {
  let earlyMs = 1
  const clock = new FakeClock(0)
  const early = {
    now: () => clock.now(),
    after: (delayMs: number, run: () => void) => clock.after(delayMs - earlyMs, run),
  }
  const ticks: number[] = []
  const ticker = new PhasedTicker(early, 1_000, () => {
    earlyMs = 0
    ticks.push(clock.now())
    return 'again'
  })
  await clock.advance(2_500)
  expect(ticks).toEqual([999, 2_000])
  ticker.stop()
})
