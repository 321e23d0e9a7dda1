/**
 * How many pods each ReplicaSet of a Deployment gets. Pure arithmetic; nothing here does I/O.
 *
 * Counterpart of kubernetes `pkg/controller/deployment/util` and `rolling.go`.
 */
import type {Deployment, ReplicaSet} from '../../../api/apps/v1.ts'
import {isRollingUpdate, maxSurge, maxUnavailable} from './fenceposts.ts'
import {byCreation, maxReplicasAnnotation} from './replica-sets.ts'

/** A ReplicaSet and the number of pods it shall have. */
export interface ScaleTo {
  readonly replicaSet: ReplicaSet
  readonly replicas: number
}

/** Pods asked for by `replicaSets` together. */
export function sumReplicas(replicaSets: readonly ReplicaSet[]): number {
  return replicaSets.reduce((sum, {spec}) => sum + (spec.replicas ?? 0), 0)
}

/** Those that ask for pods. */
export function activeOnes(replicaSets: readonly ReplicaSet[]): ReplicaSet[] {
  return replicaSets.filter(({spec}) => (spec.replicas ?? 0) > 0)
}

/**
 * Pods for the ReplicaSet of the current template.
 *
 * While rolling it may grow until the Deployment has `replicas + maxSurge` pods in total.
 */
export function decideNewReplicas(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  current: number,
): number {
  const wanted = deployment.spec.replicas ?? 1
  if (!isRollingUpdate(deployment)) return wanted
  const room = wanted + maxSurge(deployment) - sumReplicas(all)
  if (room <= 0) return current
  return current + Math.min(room, wanted - current)
}

/**
 * Which old ReplicaSets shrink now, in two steps: first pods that do not work anyway, then as many
 * as can go while enough stay available.
 */
export function decideOldReplicas(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): ScaleTo[] {
  const active = activeOnes(old)
  if (active.length === 0) return []
  const wanted = deployment.spec.replicas ?? 1
  const minAvailable = wanted - maxUnavailable(deployment)
  const newUnavailable = (newest?.spec.replicas ?? 0) - (newest?.status?.availableReplicas ?? 0)
  const total = sumReplicas(active) + (newest?.spec.replicas ?? 0)
  const removable = total - minAvailable - newUnavailable
  if (removable <= 0) return []

  const replicas = new Map(active.map((replicaSet) => [replicaSet, replicaSet.spec.replicas ?? 0]))
  removeUnhealthy(replicas, removable)
  removeHealthy(replicas, newest, minAvailable)
  return [...replicas]
    .filter(([replicaSet, count]) => count !== replicaSet.spec.replicas)
    .map(([replicaSet, count]) => ({replicaSet, replicas: count}))
}

function removeUnhealthy(replicas: Map<ReplicaSet, number>, limit: number): void {
  let left = limit
  for (const [replicaSet, count] of [...replicas].toSorted(([a], [b]) => byCreation(a, b))) {
    if (left <= 0) return
    const unhealthy = Math.max(0, count - (replicaSet.status?.availableReplicas ?? 0))
    const removed = Math.min(left, unhealthy)
    replicas.set(replicaSet, count - removed)
    left -= removed
  }
}

function removeHealthy(
  replicas: Map<ReplicaSet, number>,
  newest: ReplicaSet | undefined,
  minAvailable: number,
): void {
  let available = newest?.status?.availableReplicas ?? 0
  for (const [replicaSet] of replicas) available += replicaSet.status?.availableReplicas ?? 0
  let left = available - minAvailable
  for (const [replicaSet, count] of [...replicas].toSorted(([a], [b]) => byCreation(a, b))) {
    if (left <= 0) return
    const removed = Math.min(left, count)
    replicas.set(replicaSet, count - removed)
    left -= removed
  }
}

/** The one ReplicaSet that follows the Deployment's size, or undefined while several have pods. */
export function findActiveOrLatest(
  newest: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): ReplicaSet | undefined {
  const active = activeOnes(newest === undefined ? old : [...old, newest])
  if (active.length > 1) return undefined
  return active[0] ?? newest ?? old.toSorted(byCreation).at(-1)
}

/**
 * Spreads a change of the Deployment's size over all ReplicaSets that have pods, in proportion to
 * their size, so that a rollout under way does not shift.
 */
export function decideProportions(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ScaleTo[] {
  const active = activeOnes(replicaSets)
  const wanted = deployment.spec.replicas ?? 1
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0
  const toAdd = allowed - sumReplicas(active)
  const sorted = active.toSorted(
    (left, right) =>
      (right.spec.replicas ?? 0) - (left.spec.replicas ?? 0) ||
      (toAdd > 0 ? byCreation(right, left) : byCreation(left, right)),
  )
  let added = 0
  const result = sorted.map((replicaSet) => {
    const share = toAdd === 0 ? 0 : proportion(replicaSet, allowed, toAdd, added)
    added += share
    return {replicaSet, replicas: (replicaSet.spec.replicas ?? 0) + share}
  })
  const [largest, ...others] = result
  if (largest === undefined) return []
  // What rounding left over goes to the largest.
  return [{...largest, replicas: Math.max(0, largest.replicas + toAdd - added)}, ...others]
}

function proportion(replicaSet: ReplicaSet, allowed: number, toAdd: number, added: number): number {
  const current = replicaSet.spec.replicas ?? 0
  const previousTotal = maxReplicasAnnotation(replicaSet) || allowed
  const fraction = Math.round((current * allowed) / previousTotal) - current
  const left = toAdd - added
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left)
}
