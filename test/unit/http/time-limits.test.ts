import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import type {Exchange, HttpHandler} from '../../../src/http/exchange.ts'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {callHandler} from '../../../src/http/in-process.ts'
import {TimeLimiter, type TimeLimits} from '../../../src/http/time-limits.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

function limited(clock: FakeClock, limits: Partial<TimeLimits>, next: HttpHandler): HttpHandler {
  const all = {totalMs: 0, responseStartMs: 0, idleMs: 0, ...limits}
  const limiter = new TimeLimiter(all, {clock, text: 'request timeout'})
  return async (exchange) => {
    const end = limiter.watch(exchange)
    await next(exchange)
    end()
  }
}

function untilAborted(exchange: Exchange): Promise<void> {
  return new Promise((resolve) => exchange.onAbort(() => resolve()))
}

describe('time limits', () => {
  test.each([
    ['the total', {totalMs: 5000}],
    ['the start', {totalMs: 300_000, responseStartMs: 5000}],
    ['the idle limit before there is a response', {totalMs: 300_000, idleMs: 5000}],
  ])('answer 504 after %s, and stop the work', async (_what, limits) => {
    const clock = new FakeClock()
    let stopped = false
    const answer = callHandler(
      limited(clock, limits, async (exchange) => {
        await untilAborted(exchange)
        stopped = true
      }),
      {},
    )
    await clock.advance(4999)
    expect(stopped).toBe(false)
    await clock.advance(1)
    const response = await answer
    expect(response.status).toBe(504)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await text(response.body)).toBe('request timeout')
    expect(stopped).toBe(true)
  })

  test('let a response that has begun take as long as it likes', async () => {
    const clock = new FakeClock()
    const response = await callHandler(
      limited(clock, {totalMs: 1000, responseStartMs: 1000}, async (exchange) => {
        exchange.start(200, new HeaderFields())
        clock.after(60_000, () => exchange.end())
        await clock.advance(60_000)
      }),
      {},
    )
    expect(response.status).toBe(200)
    expect(await text(response.body)).toBe('')
  })

  test('end a response that pauses, counting from its last piece', async () => {
    const clock = new FakeClock()
    const response = await callHandler(
      limited(clock, {idleMs: 1000}, async (exchange) => {
        exchange.start(200, new HeaderFields())
        for (let at = 0; at < 3; at++) {
          await clock.advance(900)
          exchange.write(Buffer.from('piece '))
        }
        await clock.advance(999)
        expect(exchange.finished).toBe(false)
        await clock.advance(1)
        expect(exchange.finished).toBe(true)
      }),
      {},
    )
    expect(await text(response.body)).toBe('piece piece piece request timeout')
  })

  test('break a response with a length off when it pauses', async () => {
    const clock = new FakeClock()
    const response = await callHandler(
      limited(clock, {idleMs: 1000}, async (exchange) => {
        exchange.start(200, HeaderFields.from({'content-length': '10'}))
        await clock.advance(1000)
      }),
      {},
    )
    await expect(text(response.body)).rejects.toThrow('broken off')
  })

  test('leave nothing behind when the work is done in time', async () => {
    const clock = new FakeClock()
    const handler = limited(clock, {totalMs: 1000, idleMs: 1000}, async (exchange) => {
      exchange.respond(200)
    })
    await callHandler(handler, {})
    await clock.advance(1000)
    expect(clock.untilNextMs()).toBeUndefined()
  })

  test('time each request from when it came', async () => {
    const clock = new FakeClock()
    const timedOut: string[] = []
    const handler = limited(clock, {totalMs: 1000}, untilAborted)
    const send = (name: string): void =>
      void callHandler(handler, {}).then(() => timedOut.push(name))
    send('first')
    await clock.advance(600)
    send('second')
    await clock.advance(400)
    expect(timedOut).toEqual(['first'])
    await clock.advance(599)
    expect(timedOut).toEqual(['first'])
    await clock.advance(1)
    expect(timedOut).toEqual(['first', 'second'])
  })
})
