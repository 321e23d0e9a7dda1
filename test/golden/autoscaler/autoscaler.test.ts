import {existsSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {
  replay,
  type DeciderRecord,
  type TraceRecord,
} from '../../../src/knative/autoscaler/replay.ts'
import {
  TimeBuckets,
  WeightedTimeBuckets,
  type WindowAverager,
} from '../../../src/knative/autoscaler/time-buckets.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

/** Go's power of two floats and ours differ in the last bit now and then. */
const POWER_TOLERANCE = 1e-12

const GOLDEN = new URL('../../../../shared/golden/', import.meta.url)

interface BucketRecord {
  algorithm: string
  name: string
  baseUnixSeconds: number
  windowSeconds: number
  records: {T: number; V: number}[]
  queries: {T: number; Avg: number; Empty: boolean}[]
}

/** Lines of a recording; an empty list where the recordings are not there. */
function recorded<T>(name: string): T[] {
  const file = new URL(name, GOLDEN)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

const traces = recorded<TraceRecord & {name: string}>('autoscaler-traces.jsonl')
const deciders = recorded<DeciderRecord>('autoscaler-decider.jsonl')
const buckets = recorded<BucketRecord>('autoscaler-buckets.jsonl')

describe('decisions of the genuine autoscaler', needs(RECORDINGS), () => {
  test.for(traces)('$name', (record) => {
    const undecided = {
      ...record,
      ticks: record.ticks.map((tick) => ({...tick, desiredPodCount: -9, excessBurstCapacity: -9})),
    }
    const ours = replay(undecided) as TraceRecord
    for (const [index, tick] of record.ticks.entries()) {
      expect(ours.ticks[index], `tick ${tick.t}`).toEqual(tick)
    }
  })
})

describe('deciders of the genuine reconciler', needs(RECORDINGS), () => {
  test('every combination of ConfigMap, annotations and spec comes to the same decider', () => {
    for (const record of deciders) {
      const {annotations, configmap, containerConcurrency, reachability} = record
      const settings = {annotations, configmap, containerConcurrency, reachability}
      expect(replay(settings)).toEqual(record)
    }
  })
})

describe('window averages of the genuine aggregation', needs(RECORDINGS), () => {
  test.for(buckets)('$name', (record) => {
    const windowMs = record.windowSeconds * 1_000
    const window: WindowAverager =
      record.algorithm === 'linear' ? new TimeBuckets(windowMs) : new WeightedTimeBuckets(windowMs)
    const at = (seconds: number): number =>
      Math.round((record.baseUnixSeconds + seconds) * 1e6) / 1e3
    for (const [index, {T, V}] of record.records.entries()) {
      window.record(at(T), V)
      const query = record.queries[index]
      if (query === undefined) throw new Error('a record without a query')
      const average = window.average(at(query.T))
      const isClose = Math.abs(average - query.Avg) <= Math.abs(query.Avg) * POWER_TOLERANCE
      expect({
        index,
        average: isClose ? query.Avg : average,
        empty: window.isEmpty(at(query.T)),
      }).toEqual({index, average: query.Avg, empty: query.Empty})
    }
  })
})
