/** What the webhook of knative-serving does with each kind. */
import {
  setPodAutoscalerDefaults,
  validateMetric,
  validatePodAutoscaler,
} from '../../api/autoscaling/kinds-validation.ts'
import type {Metric, PodAutoscaler} from '../../api/autoscaling/v1alpha1.ts'
import type {FieldErrors} from '../../api/field-error.ts'
import type {StructType} from '../../api/go-types/go-type.ts'
import {INTERNAL_KIND_TYPES} from '../../api/go-types/internal.ts'
import {KIND_TYPES} from '../../api/go-types/serving.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {
  setIngressDefaults,
  validateCertificate,
  validateIngress,
  validateServerlessService,
} from '../../api/networking/validation.ts'
import type {KCertificate, KIngress, ServerlessService} from '../../api/networking/v1alpha1.ts'
import type {AdmissionContext} from '../../api/serving/admission-context.ts'
import * as defaults from '../../api/serving/defaults.ts'
import type {Configuration, DomainMapping, Revision, Route, Service} from '../../api/serving/v1.ts'
import * as validation from '../../api/serving/validation.ts'

/** One kind, with its type erased: the webhook finds it by the name of its resource. */
export interface WebhookKind {
  readonly type: StructType
  setDefaults(object: KubeObject, context: AdmissionContext, old?: KubeObject): void
  validate(object: KubeObject, context: AdmissionContext, old?: KubeObject): FieldErrors
}

interface TypedKind<T extends KubeObject> {
  readonly type: StructType
  setDefaults?(object: T, context: AdmissionContext, old?: T): void
  validate(object: T, context: AdmissionContext, old?: T): FieldErrors
}

/** The cast is sound after decoding: that is where a wrong type is refused. */
function kind<T extends KubeObject>(typed: TypedKind<T>): WebhookKind {
  return {
    type: typed.type,
    setDefaults: (object, context, old) =>
      typed.setDefaults?.(object as T, context, old as T | undefined),
    validate: (object, context, old) => typed.validate(object as T, context, old as T | undefined),
  }
}

const SERVING_KINDS: Readonly<Record<string, WebhookKind>> = {
  services: kind<Service>({
    type: KIND_TYPES.Service,
    setDefaults: defaults.setServiceDefaults,
    validate: validation.validateService,
  }),
  configurations: kind<Configuration>({
    type: KIND_TYPES.Configuration,
    setDefaults: defaults.setConfigurationDefaults,
    validate: validation.validateConfiguration,
  }),
  revisions: kind<Revision>({
    type: KIND_TYPES.Revision,
    setDefaults: defaults.setRevisionDefaults,
    validate: validation.validateRevision,
  }),
  routes: kind<Route>({
    type: KIND_TYPES.Route,
    setDefaults: defaults.setRouteDefaults,
    validate: validation.validateRoute,
  }),
  domainmappings: kind<DomainMapping>({
    type: KIND_TYPES.DomainMapping,
    setDefaults: defaults.setDomainMappingDefaults,
    validate: validation.validateDomainMapping,
  }),
}

const NETWORKING_KINDS: Readonly<Record<string, WebhookKind>> = {
  ingresses: kind<KIngress>({
    type: INTERNAL_KIND_TYPES.Ingress,
    setDefaults: setIngressDefaults,
    validate: validateIngress,
  }),
  serverlessservices: kind<ServerlessService>({
    type: INTERNAL_KIND_TYPES.ServerlessService,
    validate: validateServerlessService,
  }),
  certificates: kind<KCertificate>({
    type: INTERNAL_KIND_TYPES.Certificate,
    validate: validateCertificate,
  }),
}

const AUTOSCALING_KINDS: Readonly<Record<string, WebhookKind>> = {
  podautoscalers: kind<PodAutoscaler>({
    type: INTERNAL_KIND_TYPES.PodAutoscaler,
    setDefaults: (podAutoscaler, {configs}) =>
      setPodAutoscalerDefaults(podAutoscaler, configs.autoscaler),
    validate: validatePodAutoscaler,
  }),
  metrics: kind<Metric>({type: INTERNAL_KIND_TYPES.Metric, validate: validateMetric}),
}

const GROUPS: ReadonlyMap<string, Readonly<Record<string, WebhookKind>>> = new Map([
  ['serving.knative.dev', SERVING_KINDS],
  ['networking.internal.knative.dev', NETWORKING_KINDS],
  ['autoscaling.internal.knative.dev', AUTOSCALING_KINDS],
])

/** What the webhook does with a resource; undefined where it is none of its business. */
export function webhookKindOf(resource: ResourceType): WebhookKind | undefined {
  return GROUPS.get(resource.group)?.[resource.plural]
}
