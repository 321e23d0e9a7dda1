import {describe, expect, test} from 'vitest'
import type {Pod} from '../../../../../src/api/core/v1.ts'
import type {PodDisruptionBudget} from '../../../../../src/api/policy/v1.ts'
import {makeBudgetStatus} from '../../../../../src/kubernetes/controllers/disruption/status.ts'

const NOW = Date.parse('2024-01-01T00:10:00Z')

function budget(
  spec: PodDisruptionBudget['spec'],
  status?: Partial<NonNullable<PodDisruptionBudget['status']>>,
): PodDisruptionBudget {
  const counts = {disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0}
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {name: 'b', namespace: 'default', generation: 2},
    spec,
    ...(status && {status: {...counts, ...status}}),
  }
}

function pods(ready: number, unready = 0): Pod[] {
  return Array.from({length: ready + unready}, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: `p${index}`, namespace: 'default'},
    spec: {containers: []},
    status: {conditions: [{type: 'Ready', status: index < ready ? 'True' : 'False'}]},
  }))
}

describe('the status of a disruption budget', () => {
  type Counted = [string, PodDisruptionBudget['spec'], Pod[], scale: number, counts: number[]]
  const counted: Counted[] = [
    ['minAvailable 1 of 2', {minAvailable: 1}, pods(2), 2, [1, 2, 1, 2]],
    ['minAvailable 2 of 2', {minAvailable: 2}, pods(2), 2, [0, 2, 2, 2]],
    ['minAvailable 50% of 5 rounds up', {minAvailable: '50%'}, pods(5), 5, [2, 5, 3, 5]],
    ['maxUnavailable 1 of 3', {maxUnavailable: 1}, pods(3), 3, [1, 3, 2, 3]],
    ['maxUnavailable 30% of 5 rounds up', {maxUnavailable: '30%'}, pods(5), 5, [2, 5, 3, 5]],
    ['maxUnavailable above the scale', {maxUnavailable: 9}, pods(3), 3, [3, 3, 0, 3]],
    ['pods that are not ready', {maxUnavailable: 1}, pods(2, 1), 3, [0, 2, 2, 3]],
    ['no pods at all', {maxUnavailable: 1}, pods(0), 0, [0, 0, 0, 0]],
  ]
  test.each(counted)('counts %s', (...[, spec, selected, expectedScale, expected]) => {
    const status = makeBudgetStatus({
      budget: budget(spec),
      pods: selected,
      expectedScale,
      nowMs: NOW,
    })
    const {disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods} = status
    expect([disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods]).toEqual(expected)
  })

  test('says since when pods may be evicted', () => {
    const first = makeBudgetStatus({
      budget: budget({minAvailable: 1}),
      pods: pods(2),
      expectedScale: 2,
      nowMs: NOW,
    })
    expect(first.conditions).toEqual([
      {
        type: 'DisruptionAllowed',
        status: 'True',
        observedGeneration: 2,
        lastTransitionTime: '2024-01-01T00:10:00Z',
        reason: 'SufficientPods',
        message: '',
      },
    ])
    const later = {pods: pods(2), expectedScale: 2, nowMs: NOW + 60_000}
    expect(makeBudgetStatus({...later, budget: budget({minAvailable: 1}, first)})).toEqual(first)
    expect(makeBudgetStatus({...later, budget: budget({minAvailable: 2}, first)})).toMatchObject({
      conditions: [
        {status: 'False', reason: 'InsufficientPods', lastTransitionTime: '2024-01-01T00:11:00Z'},
      ],
    })
  })

  test('counts an allowed eviction against the budget until it is seen or forgotten', () => {
    const facts = {pods: pods(3), expectedScale: 3}
    const status = {disruptedPods: {p0: '2024-01-01T00:09:00Z', gone: '2024-01-01T00:09:00Z'}}
    const protectedOne = budget({minAvailable: 1}, status)
    expect(makeBudgetStatus({...facts, budget: protectedOne, nowMs: NOW})).toMatchObject({
      disruptionsAllowed: 1,
      currentHealthy: 2,
      disruptedPods: {p0: '2024-01-01T00:09:00Z'},
    })
    const later = makeBudgetStatus({...facts, budget: protectedOne, nowMs: NOW + 120_000})
    expect(later.disruptedPods).toBeUndefined()
    expect(later.currentHealthy).toBe(3)
  })
})
