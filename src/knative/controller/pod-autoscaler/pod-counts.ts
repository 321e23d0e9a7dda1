import type {Pod} from '../../../api/core/v1.ts'

/** Pods of a revision by what they are doing. Finished and failed ones do not count. */
export interface PodCounts {
  readonly ready: number
  readonly notReady: number
  readonly pending: number
  readonly terminating: number
}

/** Counts pods. Counterpart of knative.dev/serving `pkg/resources.PodAccessor`. */
export function countPods(pods: readonly Pod[]): PodCounts {
  const counts = {ready: 0, notReady: 0, pending: 0, terminating: 0}
  for (const pod of pods) {
    if (pod.status?.phase === 'Pending') {
      counts.pending += 1
      counts.notReady += 1
    } else if (pod.status?.phase === 'Running') {
      if (pod.metadata.deletionTimestamp !== undefined) counts.terminating += 1
      if (isReady(pod)) counts.ready += 1
      else counts.notReady += 1
    }
  }
  return counts
}

function isReady(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return pod.status?.conditions?.find(({type}) => type === 'Ready')?.status === 'True'
}
