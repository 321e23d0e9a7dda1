/** Specs of knative.dev/serving `pkg/apis/serving`. */
import {POD_SPEC} from './core-pod.ts'
import {
  BOOLEAN,
  INT64,
  STRING,
  TIME,
  always,
  embedded,
  list,
  map,
  pointer,
  struct,
  text,
} from './go-type.ts'

const OWNER_REFERENCE = struct('v1.OwnerReference', {
  apiVersion: always(STRING),
  kind: always(STRING),
  name: always(STRING),
  uid: always(text('types.UID')),
  controller: pointer(BOOLEAN),
  blockOwnerDeletion: pointer(BOOLEAN),
})

/** The metadata of every object. */
export const OBJECT_META = struct('v1.ObjectMeta', {
  name: STRING,
  generateName: STRING,
  namespace: STRING,
  selfLink: STRING,
  uid: text('types.UID'),
  resourceVersion: STRING,
  generation: INT64,
  creationTimestamp: TIME,
  deletionTimestamp: pointer(TIME),
  deletionGracePeriodSeconds: pointer(INT64),
  labels: map(STRING),
  annotations: map(STRING),
  ownerReferences: list(OWNER_REFERENCE),
  finalizers: list(STRING),
  managedFields: list({kind: 'opaque'}),
})

const REVISION_SPEC = struct('v1.RevisionSpec', {
  pod: embedded(POD_SPEC),
  containerConcurrency: pointer(INT64),
  timeoutSeconds: pointer(INT64),
  responseStartTimeoutSeconds: pointer(INT64),
  idleTimeoutSeconds: pointer(INT64),
})

const REVISION_TEMPLATE_SPEC = struct('v1.RevisionTemplateSpec', {
  metadata: OBJECT_META,
  spec: REVISION_SPEC,
})

export const TRAFFIC_TARGET = struct('v1.TrafficTarget', {
  tag: STRING,
  revisionName: STRING,
  configurationName: STRING,
  latestRevision: pointer(BOOLEAN),
  percent: pointer(INT64),
  url: pointer(STRING),
})

const CONFIGURATION_SPEC = struct('v1.ConfigurationSpec', {
  template: always(REVISION_TEMPLATE_SPEC),
})

const ROUTE_SPEC = struct('v1.RouteSpec', {traffic: list(TRAFFIC_TARGET)})

const SERVICE_SPEC = struct('v1.ServiceSpec', {
  configuration: embedded(CONFIGURATION_SPEC),
  route: embedded(ROUTE_SPEC),
})

const DOMAIN_MAPPING_SPEC = struct('v1beta1.DomainMappingSpec', {
  ref: always(
    struct('v1.KReference', {
      kind: always(STRING),
      namespace: STRING,
      name: always(STRING),
      apiVersion: STRING,
      group: STRING,
      address: pointer(STRING),
    }),
  ),
  tls: pointer(struct('v1beta1.SecretTLS', {secretName: always(STRING)})),
})

/**
 * The kinds people write, as far as a round trip changes them: metadata and status are the API
 * server's business.
 */
export const KIND_TYPES = {
  Service: struct('v1.Service', {spec: SERVICE_SPEC}),
  Configuration: struct('v1.Configuration', {spec: CONFIGURATION_SPEC}),
  Revision: struct('v1.Revision', {spec: REVISION_SPEC}),
  Route: struct('v1.Route', {spec: ROUTE_SPEC}),
  DomainMapping: struct('v1beta1.DomainMapping', {spec: DOMAIN_MAPPING_SPEC}),
} as const
