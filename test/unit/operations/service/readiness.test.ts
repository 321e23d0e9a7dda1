import {expect, test} from 'vitest'
import type {Condition} from '../../../../src/api/conditions.ts'
import {judgeReadiness} from '../../../../src/operations/service/readiness.ts'

function service(
  generation: number,
  observedGeneration: number | undefined,
  ready?: Condition['status'],
) {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web', generation},
    status: {
      ...(observedGeneration !== undefined && {observedGeneration}),
      conditions: ready === undefined ? [] : [{type: 'Ready', status: ready, reason: 'R'}],
    },
  }
}

test.each([
  ['a status from before the write', service(1, 1, 'True'), 2, 'stale'],
  ['a status nobody has written', service(2, undefined), 2, 'stale'],
  ['a status the controller has not caught up with', service(2, 1, 'True'), 2, 'stale'],
  ['a status of a later write', service(3, 3, 'True'), 2, 'ready'],
  ['True', service(2, 2, 'True'), 2, 'ready'],
  ['False', service(2, 2, 'False'), 2, 'failed'],
  ['Unknown', service(2, 2, 'Unknown'), 2, 'pending'],
  ['no Ready at all', service(2, 2), 2, 'pending'],
])('judges %s', (_, object, written, kind) => {
  expect(judgeReadiness(object, written).kind).toBe(kind)
})
