import {describe, expect, test} from 'vitest'
import type {Pod} from '../../../../../src/api/core/v1.ts'
import {choosePodsToDelete} from '../../../../../src/kubernetes/controllers/replica-set/pods.ts'
import {pod} from '../../../../support/node-cluster.ts'

interface Traits {
  readonly node?: string
  readonly phase?: 'Pending' | 'Running' | 'Unknown'
  readonly readySince?: string
  readonly cost?: string
  readonly restarts?: number
  readonly created?: string
}

function podWith(name: string, traits: Traits): Pod {
  const made = pod(name, {nodeName: traits.node ?? 'node'})
  return {
    ...made,
    metadata: {
      ...made.metadata,
      creationTimestamp: traits.created ?? '2024-01-01T00:00:00Z',
      ...(traits.cost !== undefined && {
        annotations: {'controller.kubernetes.io/pod-deletion-cost': traits.cost},
      }),
    },
    status: {
      phase: traits.phase ?? 'Running',
      ...(traits.readySince !== undefined && {
        conditions: [{type: 'Ready', status: 'True', lastTransitionTime: traits.readySince}],
      }),
      containerStatuses: [
        {name: 'main', image: '', imageID: '', ready: true, restartCount: traits.restarts ?? 0},
      ],
    },
  }
}

const READY = '2024-01-01T00:01:00Z'

describe('the first pod to go is', () => {
  test.each<[string, Traits, Traits]>([
    ['one that is on no node yet', {node: ''}, {}],
    ['one that is pending', {phase: 'Pending'}, {phase: 'Running'}],
    ['one in an unknown phase', {phase: 'Unknown'}, {phase: 'Running'}],
    ['one that is not ready', {}, {readySince: READY}],
    ['the cheaper one', {readySince: READY, cost: '-1'}, {readySince: READY}],
    [
      'the one that became ready later',
      {readySince: '2024-01-01T00:02:00Z'},
      {readySince: READY, restarts: 9},
    ],
    ['the one that restarted more', {readySince: READY, restarts: 2}, {readySince: READY}],
    ['the younger one', {readySince: READY, created: '2024-01-01T00:00:30Z'}, {readySince: READY}],
  ])('%s', (_title, goes, stays) => {
    const one = podWith('goes', goes)
    const other = podWith('stays', stays)
    expect(choosePodsToDelete([other, one], 1)).toEqual([one])
    expect(choosePodsToDelete([one, other], 1)).toEqual([one])
  })
})
