/** `policy/v1` kinds of the embedded cluster. */
import type {LabelSelector} from '../apps/v1.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** A condition of a PodDisruptionBudget: a `metav1.Condition`. */
export interface DisruptionBudgetCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  observedGeneration?: number
  lastTransitionTime: string
  reason: string
  message: string
}

/** What the disruption controller found out. */
export interface DisruptionBudgetStatus {
  observedGeneration?: number
  /** Pods whose eviction is allowed but not seen yet, with the time it was. */
  disruptedPods?: Record<string, string>
  disruptionsAllowed: number
  currentHealthy: number
  desiredHealthy: number
  expectedPods: number
  conditions?: DisruptionBudgetCondition[]
}

/** `policy/v1` PodDisruptionBudget. */
export interface PodDisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: number | string
    maxUnavailable?: number | string
    /** Without one, no pod is meant; an empty one means every pod of the namespace. */
    selector?: LabelSelector
    unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow'
  }
  status?: DisruptionBudgetStatus
}

/** The type of PodDisruptionBudgets. */
export const POD_DISRUPTION_BUDGETS = resourceType<PodDisruptionBudget>(
  'policy/v1',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
)

/** The condition that says whether a pod may be evicted now, kept from `before` where it is equal. */
export function disruptionAllowed(
  status: Pick<DisruptionBudgetStatus, 'disruptionsAllowed' | 'observedGeneration' | 'conditions'>,
  now: string,
): DisruptionBudgetCondition {
  const before = status.conditions?.find(({type}) => type === 'DisruptionAllowed')
  const isAllowed = status.disruptionsAllowed > 0
  const wanted = isAllowed ? 'True' : 'False'
  return {
    type: 'DisruptionAllowed',
    status: wanted,
    ...(status.observedGeneration !== undefined && {
      observedGeneration: status.observedGeneration,
    }),
    lastTransitionTime: before?.status === wanted ? before.lastTransitionTime : now,
    reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  }
}
