import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import type {TrafficTarget} from '../../../../../src/api/serving/v1.ts'
import type {Lister} from '../../../../../src/controller/informer.ts'
import {resolveTraffic, type Traffic} from '../../../../../src/knative/controller/route/traffic.ts'
import {aConfiguration, aRevision, aRoute, notReady, ready} from '../../../../support/builders.ts'

function listerOf<T extends KubeObject>(objects: readonly T[]): Lister<T> {
  const byName = new Map(objects.map((object) => [object.metadata.name, object]))
  return {get: (_namespace, name) => byName.get(name), list: () => [...objects], byIndex: () => []}
}

const h2c = aRevision('hello-00003')
const [h2cContainer] = h2c.spec.containers
if (h2cContainer !== undefined) h2cContainer.ports = [{name: 'h2c', containerPort: 8080}]
const revisions = listerOf([
  {...aRevision('hello-00001'), status: ready()},
  {...aRevision('hello-00002'), status: ready()},
  {...h2c, status: ready()},
  {...aRevision('slow-00001'), status: notReady('Unknown', 'Deploying')},
  {...aRevision('bad-00001'), status: notReady('False', 'ExitCode1')},
  {...aRevision('lost-00001'), status: ready()},
])
const configurations = listerOf([
  {...aConfiguration('hello'), status: ready({latestReadyRevisionName: 'hello-00002'})},
  {...aConfiguration('slow'), status: notReady('Unknown', '')},
  {...aConfiguration('bad'), status: notReady('False', 'RevisionFailed')},
])

function resolve(...traffic: TrafficTarget[]): Traffic {
  return resolveTraffic(aRoute(traffic), configurations, revisions)
}

function splits(traffic: Traffic): Record<string, string> {
  return Object.fromEntries(
    [...traffic.targets].map(([tag, targets]) => [
      tag,
      targets.map(({revisionName, percent}) => `${revisionName}=${percent}`).join(' '),
    ]),
  )
}

const pinned = (revisionName: string, percent: number, tag?: string): TrafficTarget => ({
  revisionName,
  percent,
  latestRevision: false,
  ...(tag !== undefined && {tag}),
})
const latest = (percent: number, tag?: string, configurationName = 'hello'): TrafficTarget => ({
  configurationName,
  percent,
  latestRevision: true,
  ...(tag !== undefined && {tag}),
})

describe('the traffic of a Route', () => {
  test('to a Configuration goes to its latest ready revision', () => {
    expect(splits(resolve(latest(100)))).toEqual({'': 'hello-00002=100'})
  })

  test('is split by percent and repeated whole under each tag', () => {
    const traffic = resolve(pinned('hello-00001', 10, 'old'), latest(90, 'new'))
    expect(splits(traffic)).toEqual({
      '': 'hello-00001=10 hello-00002=90',
      old: 'hello-00001=100',
      new: 'hello-00002=100',
    })
  })

  test('of two shares for one revision is one share', () => {
    const traffic = resolve(pinned('hello-00002', 40), latest(60))
    expect(splits(traffic)).toEqual({'': 'hello-00002=100'})
    // The status tells both: only one of them follows the latest revision.
    expect(traffic.revisionTargets.map(({percent}) => percent)).toEqual([40, 60])
  })

  test('merges in the status what is equal in all but percent', () => {
    const traffic = resolve(pinned('hello-00001', 40), pinned('hello-00001', 10), latest(50))
    expect(traffic.revisionTargets.map(({percent}) => percent)).toEqual([50, 50])
  })

  test('knows the protocol of each revision', () => {
    const [target] = resolve(pinned('hello-00003', 100)).targets.get('') ?? []
    expect(target?.protocol).toBe('h2c')
  })

  test.each([
    [latest(100, undefined, 'nosuch'), {why: 'missing', kind: 'Configuration', name: 'nosuch'}],
    [pinned('nosuch', 100), {why: 'missing', kind: 'Revision', name: 'nosuch'}],
    [
      latest(100, undefined, 'slow'),
      {why: 'not ready', kind: 'Configuration', name: 'slow', failed: false},
    ],
    [
      latest(100, undefined, 'bad'),
      {why: 'not ready', kind: 'Configuration', name: 'bad', failed: true},
    ],
    [
      pinned('slow-00001', 100),
      {why: 'not ready', kind: 'Revision', name: 'slow-00001', failed: false},
    ],
    [
      pinned('bad-00001', 100),
      {why: 'not ready', kind: 'Revision', name: 'bad-00001', failed: true},
    ],
    // The Configuration of the revision is gone.
    [pinned('lost-00001', 100), {why: 'missing', kind: 'Configuration', name: 'lost'}],
  ])('%o has a problem', (target, problem) => {
    const traffic = resolve(target)
    expect(traffic.problem).toEqual(problem)
    expect(traffic.targets.size).toBe(0)
  })

  test('tells a failure before what only takes time, and mentions everything', () => {
    const traffic = resolve(pinned('slow-00001', 50), pinned('nosuch', 50), latest(0, 'new'))
    expect(traffic.problem).toEqual({why: 'missing', kind: 'Revision', name: 'nosuch'})
    expect([...traffic.revisions]).toEqual(['slow-00001', 'nosuch', 'hello-00002'])
    expect([...traffic.configurations]).toEqual(['hello'])
  })

  test('sums to 100 under the Route and under every tag', () => {
    const share = fc.record({
      revision: fc.constantFrom('hello-00001', 'hello-00002', 'hello-00003'),
      weight: fc.integer({min: 1, max: 50}),
      tag: fc.constantFrom(undefined, 'a', 'b', 'c'),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(share, {minLength: 1, maxLength: 5, selector: ({tag}) => tag}),
        (given) => {
          const total = given.reduce((sum, {weight}) => sum + weight, 0)
          const traffic = resolve(
            ...given.map(({revision, weight, tag}) =>
              pinned(revision, (100 * weight) / total, tag),
            ),
          )
          for (const targets of traffic.targets.values()) {
            const sum = targets.reduce((percent, target) => percent + target.percent, 0)
            expect(sum).toBeCloseTo(100)
          }
        },
      ),
    )
  })
})
