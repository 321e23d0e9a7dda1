import {expect, test} from 'vitest'
import type {DeploymentCondition} from '../../../../src/api/apps/v1.ts'
import {deploymentReadiness} from '../../../../src/api/serving/deployment-readiness.ts'

type Status = DeploymentCondition['status'] | undefined

test.each<[failure: Status, progressing: Status, result: string]>([
  [undefined, undefined, 'Unknown Deploying'],
  [undefined, 'Unknown', 'Unknown Progressing'],
  [undefined, 'True', 'True'],
  [undefined, 'False', 'False Progressing'],
  ['False', 'True', 'True'],
  ['False', 'False', 'False Progressing'],
  ['Unknown', 'True', 'Unknown ReplicaFailure'],
  ['Unknown', 'False', 'False Progressing'],
  ['True', 'True', 'False ReplicaFailure'],
  ['True', 'False', 'False ReplicaFailure'],
  ['True', undefined, 'False ReplicaFailure'],
])(
  'a Deployment with ReplicaFailure %s and Progressing %s is %s',
  (failure, progressing, result) => {
    const conditions = (
      [
        ['ReplicaFailure', failure],
        ['Progressing', progressing],
      ] as const
    ).flatMap(([type, status]) => (status === undefined ? [] : [{type, status, reason: type}]))

    const {status, reason} = deploymentReadiness({conditions})

    expect([status, reason].filter((word) => word !== undefined).join(' ')).toBe(result)
  },
)
