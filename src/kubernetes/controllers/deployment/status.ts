/**
 * What a Deployment says about itself. Pure; the reconciler hands in the time.
 *
 * Counterpart of kubernetes `pkg/controller/deployment/progress.go` and `sync.go`.
 */
import type {Deployment, DeploymentCondition, ReplicaSet} from '../../../api/apps/v1.ts'
import {formatTime} from '../../../api/condition-set.ts'
import {maxUnavailable} from './fenceposts.ts'
import {sumReplicas} from './scaling.ts'

type DeploymentStatus = NonNullable<Deployment['status']>

/** Upstream's word for "no deadline": the largest 32-bit number. */
const NO_DEADLINE = 2_147_483_647

/** Whether the Deployment's rollouts are timed at all. */
export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds
  return seconds !== undefined && seconds !== NO_DEADLINE
}

/** Finds a condition. */
export function getDeploymentCondition(
  status: {conditions?: DeploymentCondition[]} | undefined,
  type: string,
): DeploymentCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

/**
 * Sets a condition unless status and reason are as before; then the old one stays, message and all.
 * A condition that changes moves to the end, as upstream leaves it.
 */
export function setDeploymentCondition(
  status: DeploymentStatus,
  condition: Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>,
  nowMs: number,
  transitionTime?: string,
): void {
  const before = getDeploymentCondition(status, condition.type)
  if (before?.status === condition.status && before.reason === condition.reason) return
  const now = formatTime(nowMs)
  const kept = before?.status === condition.status ? before.lastTransitionTime : undefined
  removeDeploymentCondition(status, condition.type)
  status.conditions = [
    ...(status.conditions ?? []),
    {...condition, lastUpdateTime: now, lastTransitionTime: kept ?? transitionTime ?? now},
  ]
}

/** Removes a condition. */
function removeDeploymentCondition(status: DeploymentStatus, type: string): void {
  status.conditions = (status.conditions ?? []).filter((condition) => condition.type !== type)
}

/** Counts the pods of all ReplicaSets and says whether enough of them are available. */
export function calculateStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number =>
    all.reduce((total, {status}) => total + (status?.[field] ?? 0), 0)
  const available = sum('availableReplicas')
  const status: DeploymentStatus = {
    ...(deployment.metadata.generation !== undefined && {
      observedGeneration: deployment.metadata.generation,
    }),
    ...positive('replicas', sum('replicas')),
    ...positive('updatedReplicas', newest?.status?.replicas ?? 0),
    ...positive('readyReplicas', sum('readyReplicas')),
    ...positive('availableReplicas', available),
    ...positive('unavailableReplicas', Math.max(0, sumReplicas(all) - available)),
    ...(deployment.status?.collisionCount !== undefined && {
      collisionCount: deployment.status.collisionCount,
    }),
    conditions: [...(deployment.status?.conditions ?? [])],
  }
  const enough = available >= (deployment.spec.replicas ?? 1) - maxUnavailable(deployment)
  setDeploymentCondition(
    status,
    enough
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    nowMs,
  )
  return status
}

/** Whether everything the spec asks for is there and nothing else. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = deployment.spec.replicas ?? 1
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

/** Whether `after` is nearer to the goal than the Deployment's stored status. */
function isProgressing(deployment: Deployment, after: DeploymentStatus): boolean {
  const before = deployment.status ?? {}
  const old = (status: DeploymentStatus): number =>
    (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

/** Whether nothing has progressed for longer than the deadline. */
function hasTimedOut(deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean {
  if (!hasProgressDeadline(deployment)) return false
  const condition = getDeploymentCondition(status, 'Progressing')
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return deadlineMs(deployment, condition) < nowMs
}

/** When a Deployment that does not move must be looked at again, if at all. */
export function recheckAfterMs(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | undefined {
  const condition = getDeploymentCondition(status, 'Progressing')
  if (!hasProgressDeadline(deployment) || condition === undefined) return undefined
  if (isComplete(deployment, status) || condition.reason === 'ProgressDeadlineExceeded') {
    return undefined
  }
  // A second later, because times are stored in whole seconds.
  return Math.max(0, deadlineMs(deployment, condition) - nowMs) + 1000
}

/**
 * The status after a round of rolling out: counts, availability and how the rollout goes.
 *
 * | complete | moved | over the deadline | Progressing                    |
 * | -------- | ----- | ----------------- | ------------------------------ |
 * | yes      | any   | any               | True NewReplicaSetAvailable    |
 * | no       | yes   | any               | True ReplicaSetUpdated         |
 * | no       | no    | yes               | False ProgressDeadlineExceeded |
 * | no       | no    | no                | as it was                      |
 */
export function makeRolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const status = calculateStatus(deployment, all, newest, nowMs)
  const current = getDeploymentCondition(deployment.status, 'Progressing')
  const wasComplete =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) &&
    current?.reason === 'NewReplicaSetAvailable'
  const subject =
    newest === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${newest.metadata.name}"`
  if (!hasProgressDeadline(deployment)) {
    removeDeploymentCondition(status, 'Progressing')
  } else if (!wasComplete) {
    if (isComplete(deployment, status)) {
      setDeploymentCondition(
        status,
        {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `${subject} has successfully progressed.`,
        },
        nowMs,
      )
    } else if (isProgressing(deployment, status)) {
      // Removed first, so that each step counts as an update: the deadline starts anew.
      removeDeploymentCondition(status, 'Progressing')
      setDeploymentCondition(
        status,
        {
          type: 'Progressing',
          status: 'True',
          reason: 'ReplicaSetUpdated',
          message: `${subject} is progressing.`,
        },
        nowMs,
        current?.status === 'True' ? current.lastTransitionTime : undefined,
      )
    } else if (hasTimedOut(deployment, status, nowMs)) {
      setDeploymentCondition(
        status,
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          message: `${subject} has timed out progressing.`,
        },
        nowMs,
      )
    }
  }
  propagateReplicaFailure(status, all, newest, nowMs)
  return status
}

/** A ReplicaSet that cannot create its pods makes the Deployment say so. */
function propagateReplicaFailure(
  status: DeploymentStatus,
  all: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  nowMs: number,
): void {
  const failure = [...(newest === undefined ? [] : [newest]), ...all]
    .map((replicaSet) => getDeploymentCondition(replicaSet.status, 'ReplicaFailure'))
    .find((condition) => condition !== undefined)
  if (failure === undefined) {
    removeDeploymentCondition(status, 'ReplicaFailure')
    return
  }
  setDeploymentCondition(
    status,
    {
      type: 'ReplicaFailure',
      status: failure.status,
      ...(failure.reason !== undefined && {reason: failure.reason}),
      ...(failure.message !== undefined && {message: failure.message}),
    },
    nowMs,
    failure.lastTransitionTime,
  )
}

function deadlineMs(deployment: Deployment, condition: DeploymentCondition): number {
  const fromMs = Date.parse(condition.lastUpdateTime ?? condition.lastTransitionTime ?? '')
  return fromMs + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000
}

function positive<K extends string>(key: K, value: number): {[P in K]?: number} {
  // The genuine status leaves zero counts out (`omitempty`).
  return value === 0 ? {} : ({[key]: value} as {[P in K]?: number})
}
