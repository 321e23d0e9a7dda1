import type {AdmissionPlugin, AdmissionRequest} from '../../api/admission.ts'
import {validateConfigMap} from '../../api/config/config-store.ts'
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {ConfigMap} from '../../api/core/v1.ts'
import {denial} from '../../api/admission-denial.ts'
import {messageOf} from '../../util/message-of.ts'

/**
 * Refuses ConfigMaps of knative-serving that the components could not read.
 *
 * Counterpart of knative.dev/pkg `webhook/configmaps`, for knative-serving and for net-istio.
 *
 * Differs from upstream: goes by the namespace, because upstream's label selector lets a ConfigMap
 * through as soon as somebody drops its labels.
 */
export const configMapAdmission: AdmissionPlugin = {
  name: 'config.webhook.serving.knative.dev',

  handles({operation, type, subresource, namespace}: AdmissionRequest): boolean {
    return (
      type.plural === 'configmaps' &&
      type.group === '' &&
      operation !== 'DELETE' &&
      subresource === undefined &&
      namespace === SYSTEM_NAMESPACE
    )
  },

  validate({object}: AdmissionRequest): void {
    if (object === undefined) return
    const configMap = object as ConfigMap
    try {
      validateConfigMap(configMap)
    } catch (error) {
      throw denial(webhookFor(configMap.metadata.name), `validation failed: ${messageOf(error)}`)
    }
  },
}

function webhookFor(configMap: string): string {
  return configMap === 'config-istio'
    ? 'config.webhook.istio.networking.internal.knative.dev'
    : 'config.webhook.serving.knative.dev'
}
