import type {Pod, PodCondition} from '../../api/core/v1.ts'

/** Finds a condition of a pod. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)
}

/** Whether the pod says that it serves requests. */
export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True'
}
