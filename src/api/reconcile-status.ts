/**
 * What every Knative reconciler does with a status before and after its own work.
 *
 * Counterpart of knative.dev/pkg `reconciler.PreProcessReconcile` and `PostProcessReconcile`.
 */
import {
  ConditionManager,
  type ConditionSet,
  formatTime,
  getCondition,
  isTrue,
} from './condition-set.ts'
import type {KnativeObject, KnativeStatus} from './serving/v1.ts'

const UNOBSERVED = 'NewObservedGenFailure'

/** The status of an object, added when it has none yet. */
export function statusOf<T extends {status?: KnativeStatus}>(
  object: T,
): NonNullable<T['status']> & KnativeStatus {
  object.status ??= {}
  return object.status as NonNullable<T['status']> & KnativeStatus
}

/**
 * Adds the conditions that are missing. For a generation nobody has looked at, the happy condition
 * falls back to Unknown: whoever reconciles must say it again.
 */
export function prepareStatus(draft: KnativeObject, set: ConditionSet, nowMs: number): void {
  const status = statusOf(draft)
  const conditions = new ConditionManager(set, status, nowMs)
  conditions.initialize()
  if (status.observedGeneration !== draft.metadata.generation) {
    conditions.markUnknown(set.happy, UNOBSERVED, 'unsuccessfully observed a new generation')
  }
}

/**
 * Records the generation that was reconciled, whether it went well or not, and lets only those
 * conditions carry a new time that differ from what they were before.
 */
export function completeStatus(draft: KnativeObject, before: KnativeObject, nowMs: number): void {
  const status = statusOf(draft)
  const {generation} = draft.metadata
  if (generation !== undefined) status.observedGeneration = generation
  const now = formatTime(nowMs)
  for (const condition of status.conditions ?? []) {
    const old = getCondition(before.status, condition.type)
    const same =
      old !== undefined &&
      old.status === condition.status &&
      (old.reason ?? '') === (condition.reason ?? '') &&
      (old.message ?? '') === (condition.message ?? '') &&
      (old.severity ?? '') === (condition.severity ?? '')
    const time = same ? old.lastTransitionTime : now
    if (time !== undefined) condition.lastTransitionTime = time
  }
}

/** Whether the object is Ready and its status speaks about the newest generation. */
export function isReady(object: KnativeObject): boolean {
  return (
    object.status?.observedGeneration === object.metadata.generation &&
    isTrue(object.status, 'Ready')
  )
}
