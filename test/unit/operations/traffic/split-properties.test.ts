import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Revision, Service, TrafficTarget} from '../../../../src/api/serving/v1.ts'
import type {TrafficShare} from '../../../../src/operations/traffic/share.ts'
import {
  completeShares,
  makeSplit,
  resolveShares,
} from '../../../../src/operations/traffic/split-traffic.ts'

const NAMES = ['web-00001', 'web-00002', 'web-00003', 'web-00004']
const REVISIONS = NAMES.map((name, index): Revision => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Revision',
  metadata: {
    name,
    labels: {'serving.knative.dev/configurationGeneration': String(index + 1)},
  },
  spec: {containers: []},
  status: {conditions: [{type: 'Ready', status: 'True'}]},
}))

/** Targets of a Service: some revisions, some of them with tags, that share 100 percent. */
const services = fc
  .record({
    names: fc.subarray(NAMES, {minLength: 1}),
    first: fc.integer({min: 0, max: 100}),
    tagged: fc.subarray(NAMES),
    follows: fc.boolean(),
  })
  .map(({names, first, tagged, follows}): Service => {
    const traffic = names.map((revisionName, index): TrafficTarget => {
      const rest = names.length === 1 ? 100 : 100 - first
      const percent = index === 0 && names.length > 1 ? first : index < 2 ? rest : 0
      const latestRevision = follows && revisionName === 'web-00004'
      const tag = tagged.includes(revisionName) ? `tag-${revisionName}` : undefined
      return {revisionName, latestRevision, percent, ...(tag !== undefined && {tag})}
    })
    return {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'web'},
      spec: {template: {spec: {containers: []}}, traffic},
      status: {latestReadyRevisionName: 'web-00004', traffic},
    }
  })

const shares = fc
  .uniqueArray(fc.constantFrom(...NAMES, '@latest'), {minLength: 1, maxLength: 3})
  .chain((references) =>
    fc
      .array(fc.integer({min: 0, max: 100}), {
        minLength: references.length,
        maxLength: references.length,
      })
      .map((percents) =>
        references.map((reference, at) => ({reference, percent: percents[at] ?? 0})),
      ),
  )

function split(service: Service, wanted: readonly TrafficShare[]): TrafficTarget[] | undefined {
  try {
    return makeSplit(service, completeShares(service, resolveShares(service, REVISIONS, wanted)))
  } catch {
    return undefined
  }
}

const sumOf = (wanted: readonly {percent: number}[]): number =>
  wanted.reduce((total, {percent}) => total + percent, 0)

test('a split is refused above 100, and possible at 100', () => {
  fc.assert(
    fc.property(services, shares, (service, wanted) => {
      const sum = sumOf(wanted)
      fc.pre(sum >= 100)
      expect(split(service, wanted) !== undefined).toBe(sum === 100)
    }),
  )
})

test('a split adds up to 100, keeps every tag and gives what was asked for', () => {
  fc.assert(
    fc.property(services, shares, (service, wanted) => {
      const traffic = split(service, wanted)
      fc.pre(traffic !== undefined)
      expect(traffic.reduce((total, {percent = 0}) => total + percent, 0)).toBe(100)
      const tags = (targets: readonly TrafficTarget[] = []) => targets.flatMap(({tag}) => tag ?? [])
      expect(tags(traffic)).toEqual(tags(service.spec.traffic))
      for (const {reference, percent} of wanted) {
        const own = traffic.filter(({latestRevision, revisionName}) =>
          reference === '@latest' ? latestRevision : !latestRevision && revisionName === reference,
        )
        expect(own.reduce((total, target) => total + (target.percent ?? 0), 0)).toBe(percent)
      }
    }),
  )
})
