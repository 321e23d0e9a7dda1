import {expect, test} from 'vitest'
import {waitUntil} from '../../../src/install/wait-until.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

/** When it is polled until `doneAtMs`, in milliseconds after the beginning. */
async function polls(doneAtMs: number, pollMs?: number): Promise<number[]> {
  const clock = new FakeClock()
  const startMs = clock.now()
  const times: number[] = []
  const waiting = waitUntil(
    async () => {
      times.push(clock.now() - startMs)
      return (times.at(-1) ?? 0) >= doneAtMs ? {done: true} : {done: false, waitingFor: 'it'}
    },
    {
      clock,
      signal: new AbortController().signal,
      timeoutMs: 600_000,
      ...(pollMs !== undefined && {pollMs}),
    },
  )
  await clock.advance(600_000)
  await waiting
  return times
}

test('what is there at once is not waited for', async () => {
  expect(await polls(0)).toEqual([0])
})

test.each([300, 2000, 7000])(
  'what comes after %i ms is seen within a tenth of that',
  async (ms) => {
    const last = (await polls(ms)).at(-1) ?? 0
    expect(last - ms).toBeLessThanOrEqual(Math.max(100, ms / 10))
  },
)

test('what takes long is asked for every second, what is far away less often', async () => {
  const [before = 0, last = 0] = (await polls(60_000)).slice(-2)
  expect(last - before).toBe(1000)
  const far = await polls(120_000, 5000)
  expect((far.at(-1) ?? 0) - (far.at(-2) ?? 0)).toBe(5000)
  expect(far.filter((time) => time < 1000)).toEqual([0, 500])
})

test('ends with what is missing once the time is up, and not later', async () => {
  const clock = new FakeClock()
  const waiting = waitUntil(
    async () => ({done: false, waitingFor: 'an address', warning: 'no subnet'}),
    {clock, signal: new AbortController().signal, timeoutMs: 2500, hint: 'kubectl get services'},
  )
  const ended = waiting.catch((error: unknown) => error)
  await clock.advance(2500)
  expect(await ended).toMatchObject({
    code: 'KN_TIMEOUT',
    message: 'Gave up after 2.5 s waiting for an address: no subnet.',
    hints: ['kubectl get services'],
  })
})
