import type {AdmissionPlugin} from '../../../api/admission.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import {asJson, type JsonObject, objectAt, stringAt} from '../json-value.ts'

/**
 * Kinds that are stored as everywhere, but which nothing on this cluster acts upon, by group and
 * plural: what a person may expect of them in vain. Kinds that the releases of Knative and Istio
 * bring along are not here: they are there for larger clusters, and nobody waits for them.
 */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  '/resourcequotas': 'nothing is counted against it',
  '/limitranges': 'it neither limits nor completes what pods ask for',
  '/persistentvolumeclaims': 'there is no storage to bind; use emptyDir or hostPath volumes',
  '/persistentvolumes': 'there is no storage to bind; use emptyDir or hostPath volumes',
  '/replicationcontrollers': 'it makes no pods; use a Deployment',
  'apps/daemonsets': 'it makes no pods; use a Deployment',
  'apps/statefulsets': 'it makes no pods; use a Deployment',
  'batch/cronjobs': 'it starts no jobs',
  'batch/jobs': 'it is not run; use a Pod with restartPolicy Never',
  'networking.k8s.io/ingresses': 'no ingress controller serves it; use a Knative Service or Route',
  'networking.k8s.io/networkpolicies': 'all pods reach one another',
  'admissionregistration.k8s.io/validatingadmissionpolicies': 'it is not evaluated; use a webhook',
  'admissionregistration.k8s.io/mutatingadmissionpolicies': 'it is not evaluated; use a webhook',
}

/** Says to whoever creates an object of such a kind that it has no effect here. */
export const withoutEffect: AdmissionPlugin = {
  name: 'WithoutEffect',
  handles: ({operation, type, subresource}) =>
    operation === 'CREATE' &&
    subresource === undefined &&
    (WITHOUT_EFFECT[keyOf(type)] !== undefined || keyOf(type) === DEFINITIONS),
  validate({type, object}) {
    if (keyOf(type) === DEFINITIONS) {
      return object !== undefined && wantsConversionWebhook(asJson(object))
        ? {warnings: [NOT_CONVERTED]}
        : undefined
    }
    const why = WITHOUT_EFFECT[keyOf(type)]
    return {warnings: [`${type.kind} has no effect on this cluster: ${why}`]}
  },
}

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions'
const NOT_CONVERTED =
  'spec.conversion: webhooks that convert have no effect on this cluster: ' +
  'objects of all versions are taken to have the same fields'

function wantsConversionWebhook(definition: JsonObject): boolean {
  const conversion = objectAt(objectAt(definition, 'spec'), 'conversion')
  return stringAt(conversion, 'strategy') === 'Webhook'
}

function keyOf({group, plural}: ResourceType): string {
  return `${group}/${plural}`
}
