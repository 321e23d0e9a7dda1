/** Counterpart of `pkg/reconciler/revision/resources/deploy.go`. */
import type {Deployment} from '../../../api/apps/v1.ts'
import {findAnnotation, INITIAL_SCALE_ANNOTATION} from '../../../api/autoscaling/annotations.ts'
import {
  PROGRESS_DEADLINE_ANNOTATION,
  REVISION_UID_LABEL,
} from '../../../api/serving/metadata-keys.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {parseDuration} from '../../../util/duration.ts'
import {parseInteger} from '../../../util/strconv.ts'
import type {RevisionConfig} from './config.ts'
import {makeAnnotations, makeLabels, makeOwnedMeta} from './metadata.ts'
import {deploymentName} from './names.ts'
import {makePodSpec} from './pod-spec.ts'

/** The Deployment of a revision, at its initial scale. */
export function makeDeployment(revision: Revision, config: RevisionConfig): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: makeOwnedMeta(revision, deploymentName(revision)),
    spec: {
      replicas: initialScale(revision, config),
      selector: {matchLabels: {[REVISION_UID_LABEL]: revision.metadata.uid ?? ''}},
      progressDeadlineSeconds: progressDeadlineSeconds(revision, config),
      // A pod goes only when its successor is there.
      strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0}},
      template: {
        metadata: {labels: makeLabels(revision), ...makeAnnotations(revision)},
        spec: makePodSpec(revision, config),
      },
    },
  }
}

function initialScale(revision: Revision, {autoscaler}: RevisionConfig): number {
  const wish = findAnnotation(revision.metadata.annotations, INITIAL_SCALE_ANNOTATION)
  if (wish === undefined) return autoscaler.initialScale
  try {
    return parseInteger(wish.value, 32)
  } catch {
    // The webhook has refused it; upstream too goes on with the zero value.
    return 0
  }
}

function progressDeadlineSeconds(revision: Revision, {deployment}: RevisionConfig): number {
  const wish = findAnnotation(revision.metadata.annotations, PROGRESS_DEADLINE_ANNOTATION)
  if (wish === undefined) return Math.trunc(deployment.progressDeadlineMs / 1000)
  try {
    return Math.trunc(parseDuration(wish.value) / 1000)
  } catch {
    return 0
  }
}
