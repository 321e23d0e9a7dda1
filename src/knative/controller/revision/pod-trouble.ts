/** Why a revision has no pod that is available, as far as its pods tell. */
import type {Deployment} from '../../../api/apps/v1.ts'
import type {ContainerStatus, Pod, PodCondition} from '../../../api/core/v1.ts'
import {REVISION_LABEL, REVISION_UID_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {RevisionLifecycle} from '../../../api/serving/revision-lifecycle.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {servingContainer} from '../serving-container.ts'

/** Index of pods by the uid of their revision. */
export const PODS_BY_REVISION = 'revisionUID'

/** The values of {@link PODS_BY_REVISION}. */
export function revisionUidOf(pod: Pod): string[] {
  const uid = pod.metadata.labels?.[REVISION_UID_LABEL]
  return uid === undefined ? [] : [uid]
}

/**
 * The revision that should look at a pod: the one whose container ended, or that has no place to run.
 *
 * Differs from upstream, which looks at pods only when something else changed: a certain failure
 * shows at once.
 */
export function revisionsInTrouble(pod: Pod): string[] {
  const {namespace, labels} = pod.metadata
  const revision = labels?.[REVISION_LABEL]
  if (revision === undefined || namespace === undefined) return []
  const ended = (pod.status?.containerStatuses ?? []).some(
    ({lastState}) => lastState?.terminated !== undefined,
  )
  return ended || unschedulable(pod) !== undefined ? [`${namespace}/${revision}`] : []
}

/**
 * Says in the revision's conditions what keeps its pods down. The first pod speaks for all: they run
 * the same program.
 *
 * | pod                                        | condition                                  |
 * | ------------------------------------------ | ------------------------------------------ |
 * | cannot be scheduled                        | ResourcesAvailable False, scheduler's words |
 * | user container ended                       | ContainerHealthy False, `ExitCode<n>`      |
 * | user container waits, deadline is over     | ResourcesAvailable False, kubelet's words  |
 */
export function diagnosePods(
  conditions: RevisionLifecycle,
  pods: readonly Pod[],
  revision: Revision,
  deployment: Deployment,
): void {
  const [pod] = pods.toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
  if (pod === undefined) return
  const homeless = unschedulable(pod)
  if (homeless !== undefined) {
    conditions.markResourcesUnavailable(homeless.reason ?? '', homeless.message ?? '')
  }
  const {name} = servingContainer(revision)
  const status = pod.status?.containerStatuses?.find((container) => container.name === name)
  if (status !== undefined) diagnoseContainer(conditions, status, deployment)
}

function diagnoseContainer(
  conditions: RevisionLifecycle,
  {state, lastState}: ContainerStatus,
  deployment: Deployment,
): void {
  const ended = lastState?.terminated
  if (ended !== undefined) {
    conditions.markContainerExited(ended.exitCode, ended.message ?? '')
  } else if (state?.waiting !== undefined && deadlineExceeded(deployment)) {
    const {reason = '', message = ''} = state.waiting
    conditions.markResourcesUnavailable(reason, message)
  }
}

function unschedulable(pod: Pod): PodCondition | undefined {
  return pod.status?.conditions?.find(
    ({type, status}) => type === 'PodScheduled' && status === 'False',
  )
}

function deadlineExceeded({status}: Deployment): boolean {
  return (status?.conditions ?? []).some(
    (condition) =>
      condition.type === 'Progressing' &&
      condition.status === 'False' &&
      condition.reason === 'ProgressDeadlineExceeded',
  )
}
