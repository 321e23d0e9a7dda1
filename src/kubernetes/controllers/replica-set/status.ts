import type {DeploymentCondition, ReplicaSet} from '../../../api/apps/v1.ts'
import type {Pod} from '../../../api/core/v1.ts'
import {formatTime} from '../../../api/condition-set.ts'
import {matchesLabels} from '../../../api/meta/label-selector.ts'
import {isPodReady} from '../pod-conditions.ts'
import {isPodAvailable} from './pods.ts'

/** Why pods could not be brought to the wanted number. */
export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete'
  readonly message: string
}

/** What the ReplicaSet says about itself when it sees `pods`. */
export function makeReplicaSetStatus(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  failure: ReplicaFailure | undefined,
  nowMs: number,
): NonNullable<ReplicaSet['status']> {
  const templateLabels = replicaSet.spec.template.metadata?.labels ?? {}
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0
  const labeled = pods.filter((pod) => matchesLabels(pod.metadata.labels, templateLabels)).length
  const ready = pods.filter(isPodReady)
  const available = ready.filter((pod) => isPodAvailable(pod, minReadySeconds, nowMs)).length
  const conditions = failureConditions(replicaSet, failure, nowMs)
  return {
    replicas: pods.length,
    ...(labeled > 0 && {fullyLabeledReplicas: labeled}),
    ...(ready.length > 0 && {readyReplicas: ready.length}),
    ...(available > 0 && {availableReplicas: available}),
    ...(replicaSet.metadata.generation !== undefined && {
      observedGeneration: replicaSet.metadata.generation,
    }),
    ...(conditions.length > 0 && {conditions}),
  }
}

/** A failure that is known already keeps its first message, as upstream leaves it. */
function failureConditions(
  replicaSet: ReplicaSet,
  failure: ReplicaFailure | undefined,
  nowMs: number,
): DeploymentCondition[] {
  const before = replicaSet.status?.conditions ?? []
  if (failure === undefined) return before.filter(({type}) => type !== 'ReplicaFailure')
  if (before.some(({type}) => type === 'ReplicaFailure')) return before
  return [
    ...before,
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: failure.reason,
      message: failure.message,
      lastTransitionTime: formatTime(nowMs),
    },
  ]
}
