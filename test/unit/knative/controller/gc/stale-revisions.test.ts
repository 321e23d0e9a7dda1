import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type GcConfig, parseGcConfig} from '../../../../../src/api/config/gc.ts'
import type {Revision} from '../../../../../src/api/serving/v1.ts'
import {chooseStaleRevisions} from '../../../../../src/knative/controller/gc/stale-revisions.ts'
import {aConfiguration, aRevision} from '../../../../support/builders.ts'

const NOW_MS = Date.UTC(2024, 3, 22)
const HOUR_MS = 3_600_000

/** A revision in reserve that was created and used last so many hours ago. */
function reserve(generation: number, ageHours: number, idleHours = ageHours): Revision {
  const at = (hours: number): string => new Date(NOW_MS - hours * HOUR_MS).toISOString()
  return aRevision(`hello-${String(generation).padStart(5, '0')}`, {
    creationTimestamp: at(ageHours),
    labels: {'serving.knative.dev/routingState': 'reserve'},
    annotations: {'serving.knative.dev/routingStateModified': at(idleHours)},
  })
}

function choose(revisions: Revision[], config: Partial<GcConfig>, latestReady = ''): string[] {
  const configuration = {
    ...aConfiguration(),
    status: {latestReadyRevisionName: latestReady},
  }
  const settings = {...parseGcConfig({}), minNonActiveRevisions: 0, ...config}
  return chooseStaleRevisions(revisions, configuration, settings, NOW_MS).map(({metadata}) =>
    metadata.name.slice(-1),
  )
}

describe('collecting revisions', () => {
  test('takes those that are old and idle, the longest idle first', () => {
    expect(choose([reserve(1, 100, 20), reserve(2, 90, 50), reserve(3, 80, 30)], {})).toEqual([
      '2',
      '3',
      '1',
    ])
  })

  test.each([
    ['was created a short time ago', reserve(1, 47)],
    ['was used a short time ago', reserve(1, 100, 14)],
  ])('leaves one that %s', (_name, revision) => {
    expect(choose([revision], {})).toEqual([])
  })

  test('goes by one time where the other is switched off', () => {
    const fresh = [reserve(1, 1)]
    expect(choose(fresh, {retainSinceCreateTimeMs: undefined})).toEqual([])
    const idle = [reserve(1, 100, 1)]
    expect(choose(idle, {retainSinceLastActiveTimeMs: undefined})).toEqual(['1'])
  })

  test.each([
    ['is active', {'serving.knative.dev/routingState': 'active'}, {}],
    ['waits for the labeler', {'serving.knative.dev/routingState': 'pending'}, {}],
    ['is marked', {}, {'serving.knative.dev/no-gc': 'True'}],
  ])('never takes one that %s', (_name, labels, annotations) => {
    const revision = reserve(1, 1000)
    Object.assign(revision.metadata.labels ?? {}, labels)
    Object.assign(revision.metadata.annotations ?? {}, annotations)
    expect(choose([revision], {maxNonActiveRevisions: 0})).toEqual([])
  })

  test('never takes the latest ready one', () => {
    expect(choose([reserve(1, 1000), reserve(2, 1000)], {}, 'hello-00001')).toEqual(['2'])
  })

  test('leaves the minimum', () => {
    const revisions = [reserve(1, 300), reserve(2, 200), reserve(3, 100)]
    expect(choose(revisions, {minNonActiveRevisions: 2})).toEqual(['1'])
    expect(choose(revisions, {minNonActiveRevisions: 3})).toEqual([])
  })

  test('cuts to the maximum, whatever the age', () => {
    const revisions = [reserve(1, 3), reserve(2, 2), reserve(3, 1)]
    expect(choose(revisions, {maxNonActiveRevisions: 1})).toEqual(['1', '2'])
  })

  test('takes stale ones first, then cuts to the maximum', () => {
    const revisions = [reserve(1, 3), reserve(2, 2), reserve(3, 1), reserve(4, 100, 16)]
    expect(choose(revisions, {maxNonActiveRevisions: 2})).toEqual(['4', '1'])
  })

  test('takes nothing where every rule is switched off', () => {
    const off = {
      retainSinceCreateTimeMs: undefined,
      retainSinceLastActiveTimeMs: undefined,
      maxNonActiveRevisions: undefined,
    }
    expect(choose([reserve(1, 10_000)], off)).toEqual([])
  })

  test('leaves between minimum and maximum, always', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(200), fc.nat(200)), {maxLength: 12}),
        fc.nat(5),
        fc.nat(5),
        (ages, min, extra) => {
          const revisions = ages.map(([age, idle], index) =>
            reserve(index, age, Math.min(idle, age)),
          )
          const limits = {minNonActiveRevisions: min, maxNonActiveRevisions: min + extra}
          const left = revisions.length - choose(revisions, limits).length
          expect(left).toBeGreaterThanOrEqual(Math.min(min, revisions.length))
          expect(left).toBeLessThanOrEqual(Math.max(min + extra, 0))
        },
      ),
    )
  })
})
