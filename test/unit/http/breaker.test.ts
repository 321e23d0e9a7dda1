import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {Breaker, QueueFullError} from '../../../src/http/breaker.ts'
import type {Abortable} from '../../../src/http/exchange.ts'
import {settle} from '../../../src/util/fake-clock.ts'

class Waiting implements Abortable {
  aborted = false
  #run: ((reason: Error) => void) | undefined

  onAbort(run: (reason: Error) => void): () => void {
    this.#run = run
    return () => (this.#run = undefined)
  }

  abort(): void {
    this.aborted = true
    this.#run?.(new Error('gone'))
  }
}

function breaker(capacity: number, queueDepth = 10): Breaker {
  return new Breaker({queueDepth, maxConcurrency: capacity, initialCapacity: capacity})
}

describe('a breaker', () => {
  test('lets in as many as it has room for, and the next when one is done', async () => {
    const limit = breaker(1)
    const order: string[] = []
    await limit.acquire(new Waiting())
    const second = limit.acquire(new Waiting()).then(() => order.push('second'))
    const third = limit.acquire(new Waiting()).then(() => order.push('third'))
    await settle()
    expect(order).toEqual([])
    limit.release()
    await second
    expect(order).toEqual(['second'])
    limit.release()
    await third
    expect(limit.inFlight).toBe(1)
  })

  test('refuses whoever finds the line full', async () => {
    const limit = breaker(1, 1)
    await limit.acquire(new Waiting())
    void limit.acquire(new Waiting())
    await expect(limit.acquire(new Waiting())).rejects.toThrow(new QueueFullError())
    expect(new QueueFullError().message).toBe('pending request queue full')
  })

  test('forgets one that is aborted while it waits', async () => {
    const limit = breaker(1, 1)
    await limit.acquire(new Waiting())
    const waiting = new Waiting()
    const gone = limit.acquire(waiting)
    waiting.abort()
    await expect(gone).rejects.toThrow('gone')
    const next = limit.acquire(new Waiting())
    limit.release()
    await next
    expect(limit.inFlight).toBe(1)
  })

  test('lets more in at once when its capacity grows, and none while it is too small', async () => {
    const limit = new Breaker({queueDepth: 10, maxConcurrency: 10, initialCapacity: 0})
    let running = 0
    for (let at = 0; at < 5; at++) void limit.acquire(new Waiting()).then(() => running++)
    limit.updateCapacity(3)
    await settle()
    expect(running).toBe(3)
    limit.updateCapacity(1)
    limit.release()
    limit.release()
    await settle()
    expect(running).toBe(3)
    limit.release()
    await settle()
    expect(running).toBe(4)
  })

  test('admits exactly as many as fit, whatever happens', async () => {
    const step = fc.oneof(
      fc.constantFrom('enter' as const, 'leave' as const, 'abort' as const),
      fc.integer({min: 0, max: 4}),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, {maxLength: 60}), async (steps) => {
        const limit = new Breaker({queueDepth: 5, maxConcurrency: 4, initialCapacity: 2})
        const waiting = new Set<Waiting>()
        let running = 0
        let room = 2
        for (const what of steps) {
          const before = running
          if (what === 'enter') {
            const one = new Waiting()
            waiting.add(one)
            const settled = (admitted: boolean): void => {
              waiting.delete(one)
              if (admitted) running++
            }
            void limit.acquire(one).then(
              () => settled(true),
              () => settled(false),
            )
          } else if (what === 'leave' && running > 0) {
            running--
            limit.release()
          } else if (what === 'abort') {
            const [one] = waiting
            one?.abort()
          } else if (typeof what === 'number') {
            room = what
            limit.updateCapacity(what)
          }
          await settle(1)
          // Nobody new runs beyond the capacity, and nobody waits while there is room.
          const overfull = running > room && running > before
          const idle = waiting.size > 0 && running < room
          expect({overfull, idle, inFlight: limit.inFlight}).toEqual({
            overfull: false,
            idle: false,
            inFlight: running + waiting.size,
          })
        }
      }),
    )
  })
})
