/** Counterpart of `validatePodSpec` in knative.dev/serving `pkg/webhook/podspec_dryrun.go`. */
import type {ConfigSnapshot} from '../../../api/config/config-store.ts'
import type {Pod} from '../../../api/core/v1.ts'
import {setRevisionDefaults} from '../../../api/serving/defaults.ts'
import type {Revision, RevisionTemplateSpec} from '../../../api/serving/v1.ts'
import {cloneJson} from '../../../util/json.ts'
import {makeUserPodSpec} from './pod-spec.ts'
import {makeUserContainers} from './user-containers.ts'

/**
 * A pod as a revision of this template would have it, for asking whether it would be taken. It has
 * the author's containers only: the queue-proxy's faults are not the author's.
 */
export function makeSamplePod(
  template: RevisionTemplateSpec,
  namespace: string,
  configs: Pick<ConfigSnapshot, 'autoscaler' | 'defaults' | 'features'>,
): Pod {
  const revision: Revision = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {name: '', namespace},
    spec: cloneJson(template.spec),
  }
  setRevisionDefaults(revision, {configs, operation: 'CREATE'})
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: '', generateName: 'dry-run-validation', namespace},
    spec: makeUserPodSpec(revision.spec, makeUserContainers(revision)),
  }
}
