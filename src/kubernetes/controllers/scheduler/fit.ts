import type {Node, Pod} from '../../../api/core/v1.ts'
import {matchesLabels} from '../../../api/meta/label-selector.ts'

/** The scheduler this cluster has; pods of other schedulers wait for theirs. */
export const DEFAULT_SCHEDULER = 'default-scheduler'

/** Whether the pod is to be scheduled here and now. */
export function isPending(pod: Pod): boolean {
  return (
    (pod.spec.nodeName ?? '') === '' &&
    pod.metadata.deletionTimestamp === undefined &&
    (pod.spec.schedulerName ?? DEFAULT_SCHEDULER) === DEFAULT_SCHEDULER &&
    pod.status?.phase !== 'Failed' &&
    pod.status?.phase !== 'Succeeded'
  )
}

/**
 * The node the pod goes to, or why it goes nowhere, in the words of the genuine scheduler.
 *
 * Differs from upstream: resources, affinity and taints are not looked at. There is one node, it is
 * the user's own machine, and refusing a pod there for a request nobody enforces helps nobody.
 */
export function chooseNode(pod: Pod, nodes: readonly Node[]): Node | string {
  if (nodes.length === 0) return 'no nodes available to schedule pods'
  const schedulable = nodes.filter(({spec}) => spec?.['unschedulable'] !== true)
  const fitting = schedulable.find(({metadata}) =>
    matchesLabels(metadata.labels, pod.spec.nodeSelector ?? {}),
  )
  if (fitting !== undefined) return fitting
  const cordoned = nodes.length - schedulable.length
  const reasons = [
    ...(schedulable.length > 0
      ? [`${schedulable.length} node(s) didn't match Pod's node affinity/selector`]
      : []),
    ...(cordoned > 0 ? [`${cordoned} node(s) were unschedulable`] : []),
  ]
  return `0/${nodes.length} nodes are available: ${reasons.join(', ')}.`
}
