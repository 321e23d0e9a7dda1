/** Counterpart of knative.dev/serving `pkg/webhook` (validate_unstructured.go, podspec_dryrun.go). */
import {semanticEqual} from '../../util/semantic-equal.ts'
import type {FeaturesConfig} from '../../api/config/features.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {SERVICE_LABEL} from '../../api/serving/metadata-keys.ts'
import type {RevisionTemplateSpec} from '../../api/serving/v1.ts'

/** Asks the API server whether it would take the pod of a revision. */
export interface PodSpecDryRun {
  /** Resolves to what it said against it; undefined when it would take it. */
  (template: RevisionTemplateSpec, namespace: string): Promise<string | undefined>
}

const DRY_RUN_ANNOTATION = 'features.knative.dev/podspec-dryrun'

/** Whether the pod of an object's template is to be tried: by config-features, and by annotation. */
export function wantsDryRun(object: KubeObject, features: FeaturesConfig): boolean {
  if (object.kind !== 'Service' && object.kind !== 'Configuration') return false
  // The Service was asked already.
  if (object.kind === 'Configuration' && object.metadata.labels?.[SERVICE_LABEL]) return false
  if (features.podSpecDryRun === 'Enabled') return true
  const mode = object.metadata.annotations?.[DRY_RUN_ANNOTATION]
  return features.podSpecDryRun === 'Allowed' && (mode === 'enabled' || mode === 'strict')
}

/** The template to try; undefined when an update did not change it. */
export function templateToTry(
  object: KubeObject,
  old: KubeObject | undefined,
): RevisionTemplateSpec | undefined {
  const template = templateOf(object)
  return old !== undefined && semanticEqual(template, templateOf(old)) ? undefined : template
}

function templateOf(object: KubeObject): RevisionTemplateSpec {
  return (object as KubeObject & {spec: {template: RevisionTemplateSpec}}).spec.template
}
