import {expect, test} from 'vitest'
import {RequestStats} from '../../../src/http/request-stats.ts'

test('averages concurrency over time', () => {
  const stats = new RequestStats(0)
  stats.in(0, false)
  stats.out(500, false)
  stats.in(500, false)
  stats.out(1000, false)
  expect(stats.report(1000)).toEqual({
    averageConcurrency: 1,
    averageProxiedConcurrency: 0,
    requestCount: 2,
    proxiedRequestCount: 0,
    elapsedMs: 1000,
  })
})

test('counts proxied requests in both, and keeps those under way for the next report', () => {
  const stats = new RequestStats(0)
  stats.in(0, true)
  stats.in(250, false)
  expect(stats.report(1000)).toMatchObject({
    averageConcurrency: 1.75,
    averageProxiedConcurrency: 1,
    requestCount: 2,
    proxiedRequestCount: 1,
  })
  stats.out(1500, true)
  expect(stats.report(2000)).toMatchObject({
    averageConcurrency: 1.5,
    averageProxiedConcurrency: 0.5,
    requestCount: 0,
  })
  expect(stats.concurrency).toBe(1)
})

test('reports nothing for no time, and ignores a clock that steps back', () => {
  const stats = new RequestStats(1000)
  stats.in(1000, false)
  expect(stats.report(1000)).toMatchObject({averageConcurrency: 0, requestCount: 1})
  stats.out(500, false)
  expect(stats.report(2000)).toMatchObject({averageConcurrency: 0})
})
