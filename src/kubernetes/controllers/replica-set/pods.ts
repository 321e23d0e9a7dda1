/**
 * The pods of a ReplicaSet: what one looks like, which count, which go first. Nothing here does
 * I/O.
 *
 * Counterpart of kubernetes `pkg/controller/controller_utils.go`.
 */
import {REPLICA_SETS, type ReplicaSet} from '../../../api/apps/v1.ts'
import type {Pod} from '../../../api/core/v1.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {isPodReady, podCondition} from '../pod-conditions.ts'

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'

/** A new pod of the ReplicaSet; the server chooses the end of its name. */
export function makePod(replicaSet: ReplicaSet): Pod {
  const {metadata, spec} = replicaSet.spec.template
  const {namespace, name} = replicaSet.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${name}-`,
      ...(namespace !== undefined && {namespace}),
      ...(metadata?.labels && {labels: metadata.labels}),
      ...(metadata?.annotations && {annotations: metadata.annotations}),
      ...(metadata?.finalizers && {finalizers: metadata.finalizers}),
      ownerReferences: [controllerReference(replicaSet, REPLICA_SETS)],
    },
    spec,
  }
}

/** Whether the pod counts: it has neither ended nor been told to. */
export function isPodActive(pod: Pod): boolean {
  return (
    pod.status?.phase !== 'Succeeded' &&
    pod.status?.phase !== 'Failed' &&
    pod.metadata.deletionTimestamp === undefined
  )
}

/** Whether the pod has been Ready for `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  if (!isPodReady(pod)) return false
  return minReadySeconds === 0 || readySinceMs(pod) + minReadySeconds * 1000 <= nowMs
}

/** When the pod that is Ready but not yet available becomes so. */
export function availableAtMs(pod: Pod, minReadySeconds: number): number {
  return readySinceMs(pod) + minReadySeconds * 1000
}

/**
 * `count` pods to delete, the least useful first. In order, a pod goes before another when it
 *
 * 1. runs nowhere yet,
 * 2. is Pending, then Unknown, then Running,
 * 3. is not Ready,
 * 4. has the lower `pod-deletion-cost`,
 * 5. became Ready later,
 * 6. restarted more often,
 * 7. was created later.
 */
export function choosePodsToDelete(pods: readonly Pod[], count: number): Pod[] {
  return pods.toSorted(compareForDeletion).slice(0, count)
}

const PHASE_RANK: Readonly<Record<string, number>> = {Pending: 0, Unknown: 1, Running: 2}

function compareForDeletion(left: Pod, right: Pod): number {
  return (
    Number(Boolean(left.spec.nodeName)) - Number(Boolean(right.spec.nodeName)) ||
    (PHASE_RANK[left.status?.phase ?? 'Pending'] ?? 0) -
      (PHASE_RANK[right.status?.phase ?? 'Pending'] ?? 0) ||
    Number(isPodReady(left)) - Number(isPodReady(right)) ||
    deletionCost(left) - deletionCost(right) ||
    (isPodReady(left) ? readySinceMs(right) - readySinceMs(left) : 0) ||
    restarts(right) - restarts(left) ||
    createdMs(right) - createdMs(left)
  )
}

function deletionCost(pod: Pod): number {
  return Number.parseInt(pod.metadata.annotations?.[DELETION_COST] ?? '0', 10) || 0
}

function readySinceMs(pod: Pod): number {
  return Date.parse(podCondition(pod, 'Ready')?.lastTransitionTime ?? '') || 0
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount))
}

function createdMs(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || 0
}
