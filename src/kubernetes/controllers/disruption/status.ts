import type {Pod} from '../../../api/core/v1.ts'
import {
  disruptionAllowed,
  type DisruptionBudgetStatus,
  type PodDisruptionBudget,
} from '../../../api/policy/v1.ts'
import {formatTime} from '../../../api/condition-set.ts'
import {isPodReady} from '../pod-conditions.ts'
import {scaledValue} from '../int-or-percent.ts'

/** How long an eviction that was allowed counts before it is seen. */
export const DELETION_TIMEOUT_MS = 2 * 60_000

/** What a budget's status follows from. */
export interface BudgetFacts {
  readonly budget: PodDisruptionBudget
  /** Those the budget selects. */
  readonly pods: readonly Pod[]
  /** How many pods their controllers want, together. */
  readonly expectedScale: number
  readonly nowMs: number
}

/**
 * The status of a budget.
 *
 * | the budget says      | expected pods         | desired healthy                 |
 * | -------------------- | --------------------- | ------------------------------- |
 * | maxUnavailable       | what controllers want | expected minus it, at least 0   |
 * | minAvailable, number | those that are there  | it                              |
 * | minAvailable, share  | what controllers want | that share of it, rounded up    |
 *
 * Counterpart of kubernetes `pkg/controller/disruption`.
 */
export function makeBudgetStatus(facts: BudgetFacts): DisruptionBudgetStatus {
  const {budget, pods, nowMs} = facts
  const {expectedPods, desiredHealthy} = expectations(facts)
  const disruptedPods = disruptedStill(budget, pods, nowMs)
  const currentHealthy = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      disruptedPods[pod.metadata.name] === undefined &&
      isPodReady(pod),
  ).length
  const spare = currentHealthy - desiredHealthy
  const status: DisruptionBudgetStatus = {
    ...(budget.metadata.generation !== undefined && {
      observedGeneration: budget.metadata.generation,
    }),
    ...(Object.keys(disruptedPods).length > 0 && {disruptedPods}),
    disruptionsAllowed: expectedPods <= 0 || spare <= 0 ? 0 : spare,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: budget.status?.conditions ?? [],
  }
  const others = (budget.status?.conditions ?? []).filter(({type}) => type !== 'DisruptionAllowed')
  return {...status, conditions: [...others, disruptionAllowed(status, formatTime(nowMs))]}
}

function expectations({budget, pods, expectedScale}: BudgetFacts): {
  expectedPods: number
  desiredHealthy: number
} {
  const {minAvailable, maxUnavailable} = budget.spec
  if (maxUnavailable !== undefined) {
    const desired = expectedScale - scaledValue(maxUnavailable, expectedScale, Math.ceil)
    return {expectedPods: expectedScale, desiredHealthy: Math.max(0, desired)}
  }
  if (typeof minAvailable === 'string') {
    return {
      expectedPods: expectedScale,
      desiredHealthy: scaledValue(minAvailable, expectedScale, Math.ceil),
    }
  }
  return {expectedPods: pods.length, desiredHealthy: minAvailable ?? 0}
}

/** Evictions that were allowed, and whose pods are neither gone nor going nor forgotten. */
function disruptedStill(
  {status}: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): Record<string, string> {
  const waiting = new Set(
    pods
      .filter(({metadata}) => metadata.deletionTimestamp === undefined)
      .map(({metadata}) => metadata.name),
  )
  const all = Object.entries(status?.disruptedPods ?? {})
  return Object.fromEntries(
    all.filter(
      ([name, time]) => waiting.has(name) && Date.parse(time) + DELETION_TIMEOUT_MS > nowMs,
    ),
  )
}
