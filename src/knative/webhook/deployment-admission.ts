import type {AdmissionPlugin, AdmissionRequest} from '../../api/admission.ts'
import type {Deployment} from '../../api/apps/v1.ts'
import {
  CONFIGURATION_LABEL,
  REVISION_LABEL,
  SERVICE_LABEL,
} from '../../api/serving/metadata-keys.ts'

/** Istio: what a workload is called in telemetry. */
const CANONICAL_NAME_LABEL = 'service.istio.io/canonical-name'
const CANONICAL_REVISION_LABEL = 'service.istio.io/canonical-revision'

/**
 * Tells Istio which Service and Revision the Deployment of a Revision is.
 *
 * Counterpart of net-istio `pkg/defaults`.
 */
export const deploymentAdmission: AdmissionPlugin = {
  name: 'webhook.istio.networking.internal.knative.dev',

  handles({operation, type, subresource, object}: AdmissionRequest): boolean {
    return (
      type.plural === 'deployments' &&
      type.group === 'apps' &&
      operation !== 'DELETE' &&
      subresource === undefined &&
      object?.metadata.labels?.[CONFIGURATION_LABEL] !== undefined
    )
  },

  mutate({object}: AdmissionRequest): void {
    const {metadata, spec} = object as Deployment
    const labels = (metadata.labels ??= {})
    const revision = labels[REVISION_LABEL] ?? ''
    const name = labels[SERVICE_LABEL] ?? labels[CONFIGURATION_LABEL] ?? ''
    const canonical = {
      ...(revision !== '' && {[CANONICAL_REVISION_LABEL]: revision}),
      ...(name !== '' && {[CANONICAL_NAME_LABEL]: name}),
    }
    const template = (spec.template.metadata ??= {})
    Object.assign(labels, canonical)
    template.labels = {...template.labels, ...canonical}
  },
}
