import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Deployment, ReplicaSet} from '../../../../../src/api/apps/v1.ts'
import {
  maxSurge,
  maxUnavailable,
} from '../../../../../src/kubernetes/controllers/deployment/fenceposts.ts'
import {
  decideNewReplicas,
  decideOldReplicas,
  decideProportions,
  findActiveOrLatest,
} from '../../../../../src/kubernetes/controllers/deployment/scaling.ts'
import {deployment} from '../../../../support/node-cluster.ts'

function rolling(
  replicas: number,
  surge: number | string,
  unavailable: number | string,
): Deployment {
  return deployment('web', {
    replicas,
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: {maxSurge: surge, maxUnavailable: unavailable},
    },
  })
}

function replicaSet(name: string, replicas: number, available = replicas, max = 0): ReplicaSet {
  const {spec} = deployment('web')
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      creationTimestamp: `2024-01-01T00:00:0${name.length}Z`,
      annotations: max === 0 ? {} : {'deployment.kubernetes.io/max-replicas': String(max)},
    },
    spec: {replicas, selector: spec.selector, template: spec.template},
    status: {replicas, availableReplicas: available},
  }
}

describe('the room a rollout has', () => {
  test.each([
    [1, '25%', 0, [1, 0]],
    [4, '25%', '25%', [1, 1]],
    [10, '25%', '25%', [3, 2]],
    [10, 0, '1%', [0, 1]],
    [10, 3, 0, [3, 0]],
    [2, 0, 5, [0, 2]],
    [0, '25%', '25%', [0, 0]],
  ])('%i pods, surge %s, unavailable %s', (replicas, surge, unavailable, expected) => {
    const subject = rolling(replicas, surge, unavailable)
    expect([maxSurge(subject), maxUnavailable(subject)]).toEqual(expected)
  })

  test('is nothing when all pods are replaced at once', () => {
    const subject = deployment('web', {replicas: 4, strategy: {type: 'Recreate'}})
    expect([maxSurge(subject), maxUnavailable(subject)]).toEqual([0, 0])
  })
})

describe('the ReplicaSet of the current template', () => {
  test('grows until the surge is used up', () => {
    const old = replicaSet('old', 10)
    expect(decideNewReplicas(rolling(10, 3, 0), [old], 0)).toBe(3)
  })

  test('stays while there is no room', () => {
    const all = [replicaSet('old', 10), replicaSet('new', 3)]
    expect(decideNewReplicas(rolling(10, 3, 0), all, 3)).toBe(3)
  })

  test('never grows beyond the wanted number', () => {
    expect(decideNewReplicas(rolling(2, 5, 0), [], 0)).toBe(2)
  })
})

describe('old ReplicaSets', () => {
  test('shrink by as many pods as the new one has available', () => {
    const changes = decideOldReplicas(rolling(10, 3, 0), replicaSet('new', 3, 3), [
      replicaSet('old', 10),
    ])
    expect(changes.map(({replicas}) => replicas)).toEqual([7])
  })

  test('keep their pods while those of the new one are not available', () => {
    expect(
      decideOldReplicas(rolling(10, 3, 0), replicaSet('new', 3, 0), [replicaSet('old', 10)]),
    ).toEqual([])
  })

  test('lose pods that do not work first', () => {
    const broken = replicaSet('ol', 4, 0)
    const working = replicaSet('older', 6)
    const changes = decideOldReplicas(rolling(10, 3, 4), replicaSet('new', 0), [working, broken])
    expect(changes.map(({replicaSet: {metadata}, replicas}) => [metadata.name, replicas])).toEqual([
      ['ol', 0],
    ])
  })

  test('never leave fewer pods than may be missing', () => {
    const arbitrary = fc.record({
      replicas: fc.integer({min: 1, max: 20}),
      surge: fc.integer({min: 0, max: 5}),
      unavailable: fc.integer({min: 0, max: 5}),
      old: fc.integer({min: 0, max: 20}),
      oldAvailable: fc.integer({min: 0, max: 20}),
      fresh: fc.integer({min: 0, max: 20}),
      freshAvailable: fc.integer({min: 0, max: 20}),
    })
    fc.assert(
      fc.property(arbitrary, (given) => {
        const subject = rolling(given.replicas, given.surge, given.unavailable)
        const oldAvailable = Math.min(given.old, given.oldAvailable)
        const freshAvailable = Math.min(given.fresh, given.freshAvailable)
        const changes = decideOldReplicas(subject, replicaSet('new', given.fresh, freshAvailable), [
          replicaSet('old', given.old, oldAvailable),
        ])
        const before = oldAvailable + freshAvailable
        const minimum = given.replicas - maxUnavailable(subject)
        const after = Math.min(changes[0]?.replicas ?? given.old, oldAvailable) + freshAvailable
        expect(after).toBeGreaterThanOrEqual(Math.min(before, minimum))
      }),
    )
  })
})

describe('a new size', () => {
  test('goes to the one ReplicaSet that has pods', () => {
    const active = replicaSet('old', 3)
    expect(findActiveOrLatest(replicaSet('new', 0), [active])).toBe(active)
  })

  test('goes to the newest when none has pods', () => {
    const newest = replicaSet('new', 0)
    expect(findActiveOrLatest(newest, [replicaSet('old', 0)])).toBe(newest)
  })

  test('belongs to nobody alone while several have pods', () => {
    expect(findActiveOrLatest(replicaSet('new', 1), [replicaSet('old', 3)])).toBeUndefined()
  })

  test('is spread in proportion, what rounding leaves goes to the largest', () => {
    const changes = decideProportions(rolling(20, 0, 5), [
      replicaSet('old', 7, 7, 10),
      replicaSet('newer', 3, 3, 10),
    ])
    expect(changes.map(({replicas}) => replicas)).toEqual([14, 6])
  })

  test('adds up to what is allowed', () => {
    const arbitrary = fc.record({
      wanted: fc.integer({min: 1, max: 50}),
      surge: fc.integer({min: 1, max: 5}),
      sizes: fc.array(fc.integer({min: 1, max: 30}), {minLength: 2, maxLength: 4}),
    })
    fc.assert(
      fc.property(arbitrary, ({wanted, surge, sizes}) => {
        const total = sizes.reduce((sum, size) => sum + size, 0)
        const sets = sizes.map((size, index) =>
          replicaSet('x'.repeat(index + 1), size, size, total),
        )
        const changes = decideProportions(rolling(wanted, surge, 0), sets)
        const after = changes.reduce((sum, {replicas}) => sum + replicas, 0)
        expect(changes.every(({replicas}) => replicas >= 0)).toBe(true)
        expect(after).toBe(wanted + surge)
      }),
    )
  })
})
