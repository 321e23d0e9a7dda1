import {beforeEach, describe, expect, test} from 'vitest'
import {Workqueue} from '../../../src/controller/workqueue.ts'
import {FakeClock, settle} from '../../../src/util/fake-clock.ts'

let clock: FakeClock
let queue: Workqueue

beforeEach(() => {
  clock = new FakeClock()
  queue = new Workqueue(clock, {baseMs: 10, maxMs: 1000})
})

describe('a work queue', () => {
  test('hands out a key once that was added many times while it waited', async () => {
    queue.add('a')
    queue.add('a')
    queue.add('b')
    expect(await queue.take()).toBe('a')
    expect(await queue.take()).toBe('b')
    expect(queue.length).toBe(0)
  })

  test('gives a key that was added while being handled once more, and not before', async () => {
    queue.add('a')
    await queue.take()
    queue.add('a')
    const next = queue.take()
    await settle()
    expect(queue.length).toBe(0)
    queue.done('a')
    expect(await next).toBe('a')
  })

  test('collects what is added in one turn before a waiting worker gets it', async () => {
    const taken: (string | undefined)[] = []
    void queue.take().then((key) => taken.push(key))
    queue.add('a')
    queue.add('a')
    await Promise.resolve()
    expect(taken).toEqual([])
    await settle()
    expect(taken).toEqual(['a'])
    expect(queue.idle).toBe(false)
    queue.done('a')
    expect(queue.idle).toBe(true)
  })

  test('keeps the earliest of several dates for a key', async () => {
    queue.addAfter('a', 500)
    queue.addAfter('a', 100)
    queue.addAfter('a', 900)
    await clock.advance(99)
    expect(queue.length).toBe(0)
    await clock.advance(1)
    expect(queue.length).toBe(1)
    await queue.take()
    queue.done('a')
    await clock.advance(1000)
    expect(queue.length).toBe(0)
  })

  test('doubles the wait of a failing key up to the limit, and starts again after forget', async () => {
    const waits: number[] = []
    for (let round = 0; round < 9; round++) {
      queue.addRateLimited('a')
      waits.push(clock.untilNextMs() ?? -1)
      await clock.advance(1000)
      queue.done((await queue.take()) ?? '')
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1000, 1000])
    queue.forget('a')
    queue.addRateLimited('a')
    expect(clock.untilNextMs()).toBe(10)
  })

  test('sends waiting workers home when it is closed, and takes nothing more', async () => {
    const waiting = queue.take()
    queue.addAfter('later', 10)
    queue.close()
    expect(await waiting).toBeUndefined()
    queue.add('a')
    expect(await queue.take()).toBeUndefined()
    expect(clock.untilNextMs()).toBeUndefined()
  })
})
