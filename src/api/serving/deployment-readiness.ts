/** Counterpart of knative.dev/serving `pkg/apis/serving/k8s_lifecycle.go`. */
import type {Deployment, DeploymentCondition} from '../apps/v1.ts'
import type {Condition} from '../conditions.ts'

/**
 * What a Deployment's conditions amount to, as one condition.
 *
 * | ReplicaFailure | Progressing     | result                                            |
 * | -------------- | --------------- | ------------------------------------------------- |
 * | True           | any             | False with ReplicaFailure's reason                |
 * | else           | False           | False with Progressing's reason                   |
 * | Unknown        | else            | Unknown with ReplicaFailure's reason              |
 * | absent, False  | Unknown, absent | Unknown with Progressing's reason, or `Deploying` |
 * | absent, False  | True            | True                                              |
 */
export function deploymentReadiness(status: Deployment['status']): Condition {
  const progressing = find(status, 'Progressing')
  const failure = find(status, 'ReplicaFailure')
  if (failure?.status === 'True') return judge('False', failure)
  if (progressing?.status === 'False') return judge('False', progressing)
  if (failure?.status === 'Unknown') return judge('Unknown', failure)
  if (progressing === undefined) return {type: 'Ready', status: 'Unknown', reason: 'Deploying'}
  return progressing.status === 'Unknown'
    ? judge('Unknown', progressing)
    : {type: 'Ready', status: 'True'}
}

function find(status: Deployment['status'], type: string): DeploymentCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

function judge(status: Condition['status'], {reason, message}: DeploymentCondition): Condition {
  return {
    type: 'Ready',
    status,
    ...(reason !== undefined && {reason}),
    ...(message !== undefined && {message}),
  }
}
