import type {Deployment} from '../../../api/apps/v1.ts'
import {scaledValue} from '../int-or-percent.ts'

/** Whether old pods are replaced step by step, which is the default. */
export function isRollingUpdate(deployment: Deployment): boolean {
  return (deployment.spec.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate'
}

/** How many pods a rollout may have beyond the wanted number. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0
}

/** How many of the wanted pods may be missing during a rollout. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = deployment.spec.replicas ?? 1
  if (!isRollingUpdate(deployment) || replicas === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, replicas)
}

function fenceposts(deployment: Deployment): {surge: number; unavailable: number} {
  const replicas = deployment.spec.replicas ?? 1
  const {maxSurge: surge = '25%', maxUnavailable: unavailable = '25%'} =
    deployment.spec.strategy?.rollingUpdate ?? {}
  const resolved = {
    surge: scaledValue(surge, replicas, Math.ceil),
    unavailable: scaledValue(unavailable, replicas, Math.floor),
  }
  // Both may round to zero, for instance 1 % of one pod; then nothing could ever move.
  return resolved.surge === 0 && resolved.unavailable === 0 ? {surge: 0, unavailable: 1} : resolved
}
