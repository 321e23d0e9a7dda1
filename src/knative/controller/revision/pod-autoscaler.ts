/** Counterpart of `pkg/reconciler/revision/resources/pa.go`. */
import type {Deployment} from '../../../api/apps/v1.ts'
import type {PodAutoscaler} from '../../../api/autoscaling/v1alpha1.ts'
import {isFalse} from '../../../api/condition-set.ts'
import {ROUTING_STATE_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {makeOwnedMeta} from './metadata.ts'
import {deploymentName, podAutoscalerName} from './names.ts'
import {protocolOf} from '../serving-container.ts'

/** The PodAutoscaler of a revision. */
export function makePodAutoscaler(
  revision: Revision,
  deployment: Deployment | undefined,
): PodAutoscaler {
  const {containerConcurrency = 0} = revision.spec
  const reachable = reachability(revision, deployment)
  return {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'PodAutoscaler',
    metadata: makeOwnedMeta(revision, podAutoscalerName(revision)),
    spec: {
      ...(containerConcurrency !== 0 && {containerConcurrency}),
      scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: deploymentName(revision)},
      protocolType: protocolOf(revision),
      ...(reachable !== '' && {reachability: reachable}),
    },
  }
}

/**
 * Whether anybody can reach the revision, so that its minimum scale counts.
 *
 * | failed without a ready pod | routing state | reachability |
 * | -------------------------- | ------------- | ------------ |
 * | yes                        | any           | Unreachable  |
 * | no                         | active        | Reachable    |
 * | no                         | reserve       | Unreachable  |
 * | no                         | pending, none | unknown      |
 */
function reachability(
  revision: Revision,
  deployment: Deployment | undefined,
): 'Reachable' | 'Unreachable' | '' {
  const failed =
    isFalse(revision.status, 'ResourcesAvailable') || isFalse(revision.status, 'ContainerHealthy')
  const wantsPods = (deployment?.spec.replicas ?? 0) > 0
  if (failed && wantsPods && (deployment?.status?.readyReplicas ?? 0) === 0) return 'Unreachable'
  const state = revision.metadata.labels?.[ROUTING_STATE_LABEL]
  if (state === 'active') return 'Reachable'
  return state === 'reserve' ? 'Unreachable' : ''
}
