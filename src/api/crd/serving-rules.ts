/**
 * What the schemas of Knative's kinds show of the Go types. Counterpart of knative.dev/serving
 * `hack/schemapatch-config.yaml`.
 */
import {featureKey, type FeaturesConfig} from '../config/features.ts'
import {
  CONTAINER_FIELDS,
  CONTAINER_PORT_FIELDS,
  ENV_SOURCE_FIELDS,
  OBJECT_REFERENCE_FIELDS,
  POD_FIELDS,
  POD_FIELDS_BY_FEATURE,
  PROBE_FIELDS,
  SECURITY_CONTEXT_FIELDS,
  VOLUME_FIELDS,
  VOLUME_MOUNT_FIELDS,
} from '../serving/field-masks.ts'
import {CORE_DESCRIPTIONS} from './descriptions/core.ts'
import {INTERNAL_DESCRIPTIONS} from './descriptions/internal.ts'
import {SERVING_DESCRIPTIONS} from './descriptions/serving.ts'
import type {Descriptions, FieldRule, SchemaRules, StructRule} from './from-go-type.ts'

const descriptions: Descriptions = {
  ...CORE_DESCRIPTIONS,
  ...SERVING_DESCRIPTIONS,
  ...INTERNAL_DESCRIPTIONS,
}

/** Behind a feature: what stands in it is the webhook's to judge. */
function gated(feature: keyof FeaturesConfig): FieldRule {
  return {opaque: true, feature: featureKey(feature)}
}

/** Every field that a feature may let in, also where it is off. The first feature speaks for it. */
const GATED_POD_FIELDS: Readonly<Record<string, FieldRule>> = Object.fromEntries(
  POD_FIELDS_BY_FEATURE.toReversed().map(([field, feature]) => [field, gated(feature)]),
)

const ATOMIC: StructRule = {atomic: true}

/** Structs that Kubernetes merges in the same way wherever they are. */
const REFERENCES: Readonly<Record<string, StructRule>> = {
  'v1.LocalObjectReference': ATOMIC,
  'v1.ObjectReference': ATOMIC,
  'v1.ObjectFieldSelector': ATOMIC,
  'v1.ResourceFieldSelector': ATOMIC,
}

/** The rules for kinds of `knative.dev/serving`. */
export const SERVING_RULES: SchemaRules = {
  descriptions,
  structs: {
    ...REFERENCES,
    'v1.ObjectReference': {...ATOMIC, fields: OBJECT_REFERENCE_FIELDS},
    'v1.ObjectMeta': {
      fields: new Set(['annotations', 'finalizers', 'labels', 'name', 'namespace']),
      open: true,
    },
    'v1.ConfigurationSpec': {rules: {template: {optional: true}}},
    'v1.PodSpec': {
      fields: new Set([...POD_FIELDS, ...Object.keys(GATED_POD_FIELDS)]),
      rules: {
        ...GATED_POD_FIELDS,
        nodeSelector: {...GATED_POD_FIELDS['nodeSelector'], atomic: true},
        dnsPolicy: {feature: featureKey('podSpecDnsPolicy')},
      },
    },
    'v1.Container': {
      fields: CONTAINER_FIELDS,
      rules: {name: {optional: true}, ports: {mergeKeys: ['containerPort', 'protocol']}},
    },
    'v1.ContainerPort': {fields: CONTAINER_PORT_FIELDS, rules: {protocol: {default: 'TCP'}}},
    'v1.ResourceRequirements': {rules: {claims: {mergeKeys: ['name']}}},
    'v1.VolumeMount': {fields: VOLUME_MOUNT_FIELDS},
    'v1.Probe': {fields: PROBE_FIELDS},
    'v1.HTTPGetAction': {rules: {port: {optional: true}}},
    'v1.TCPSocketAction': {rules: {port: {optional: true}}},
    'v1.GRPCAction': {rules: {service: {optional: true}}},
    'v1.SecurityContext': {fields: SECURITY_CONTEXT_FIELDS},
    'v1.Capabilities': {
      rules: {add: {feature: featureKey('containerSpecAddCapabilities')}},
    },
    'v1.EnvVarSource': {
      fields: new Set([...ENV_SOURCE_FIELDS, 'fieldRef', 'resourceFieldRef']),
      rules: {
        fieldRef: {...gated('podSpecFieldRef'), atomic: true},
        resourceFieldRef: {...gated('podSpecFieldRef'), atomic: true},
      },
    },
    'v1.VolumeSource': {
      fields: new Set([...VOLUME_FIELDS, 'emptyDir', 'persistentVolumeClaim']),
      rules: {
        emptyDir: gated('podSpecVolumesEmptyDir'),
        persistentVolumeClaim: gated('podSpecPersistentVolumeClaim'),
      },
    },
    'v1.ProjectedVolumeSource': {rules: {sources: {optional: true}}},
  },
}

/** The rules for kinds of `knative.dev/networking` and `knative.dev/caching`. */
export const NETWORKING_RULES: SchemaRules = {descriptions, structs: REFERENCES}
