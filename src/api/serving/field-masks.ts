/**
 * Which fields of Kubernetes' types a revision may set. Counterpart of
 * `pkg/apis/serving/fieldmask.go`.
 */
import type {FeaturesConfig, Flag} from '../config/features.ts'
import {disallowedFields, type FieldErrors, NO_FIELD_ERRORS} from '../field-error.ts'

/** Complains about every field of `object` that is set and not in `allowed`. */
export function checkFields(object: object, allowed: ReadonlySet<string>): FieldErrors {
  const found: string[] = []
  for (const [field, value] of Object.entries(object)) {
    if (!allowed.has(field) && !isUnset(value)) found.push(field)
  }
  return found.length === 0 ? NO_FIELD_ERRORS : disallowedFields(...found.toSorted())
}

/** An empty text. A zero or a `false` that is there was put there: decoding drops the others. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

export const CONTAINER_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'args',
  'command',
  'env',
  'workingDir',
  'envFrom',
  'image',
  'imagePullPolicy',
  'livenessProbe',
  'ports',
  'readinessProbe',
  'resources',
  'securityContext',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'volumeMounts',
])
export const CONTAINER_PORT_FIELDS: ReadonlySet<string> = new Set([
  'containerPort',
  'name',
  'protocol',
])
export const VOLUME_MOUNT_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'readOnly',
  'mountPath',
  'subPath',
])
export const PROBE_FIELDS: ReadonlySet<string> = new Set([
  'exec',
  'httpGet',
  'tcpSocket',
  'grpc',
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
])
export const RESOURCE_FIELDS: ReadonlySet<string> = new Set(['limits', 'requests'])
export const SECURITY_CONTEXT_FIELDS: ReadonlySet<string> = new Set([
  'capabilities',
  'readOnlyRootFilesystem',
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'allowPrivilegeEscalation',
  'seccompProfile',
])
export const POD_SECURITY_CONTEXT_FIELDS: ReadonlySet<string> = new Set([
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'fsGroup',
  'supplementalGroups',
  'seccompProfile',
])
export const OBJECT_REFERENCE_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'name'])

/** Fields beside the PodSpec's own that a RevisionSpec has. */
const REVISION_FIELDS = [
  'containerConcurrency',
  'timeoutSeconds',
  'responseStartTimeoutSeconds',
  'idleTimeoutSeconds',
]
/** Fields of a PodSpec that every revision may set. */
export const POD_FIELDS: readonly string[] = [
  'serviceAccountName',
  'containers',
  'volumes',
  'imagePullSecrets',
  'enableServiceLinks',
  'automountServiceAccountToken',
]
/** Fields of a PodSpec that a feature lets in, unless it is `Disabled`. */
export const POD_FIELDS_BY_FEATURE: readonly (readonly [
  field: string,
  feature: keyof FeaturesConfig,
])[] = [
  ['affinity', 'podSpecAffinity'],
  ['topologySpreadConstraints', 'podSpecTopologySpreadConstraints'],
  ['hostAliases', 'podSpecHostAliases'],
  ['nodeSelector', 'podSpecNodeSelector'],
  ['runtimeClassName', 'podSpecRuntimeClassName'],
  ['tolerations', 'podSpecTolerations'],
  ['securityContext', 'podSpecSecurityContext'],
  ['securityContext', 'securePodDefaults'],
  ['shareProcessNamespace', 'podSpecShareProcessNamespace'],
  ['priorityClassName', 'podSpecPriorityClassName'],
  ['schedulerName', 'podSpecSchedulerName'],
  ['initContainers', 'podSpecInitContainers'],
  ['dnsPolicy', 'podSpecDnsPolicy'],
  ['dnsConfig', 'podSpecDnsConfig'],
]
export const VOLUME_FIELDS: readonly string[] = ['name', 'secret', 'configMap', 'projected']
export const ENV_SOURCE_FIELDS: readonly string[] = ['configMapKeyRef', 'secretKeyRef']

/** What features make of the fields that depend on them; computed once per config-features. */
export interface FeatureMasks {
  readonly podSpec: ReadonlySet<string>
  readonly volume: ReadonlySet<string>
  readonly envSource: ReadonlySet<string>
}

const masks = new WeakMap<FeaturesConfig, FeatureMasks>()

/** The masks that depend on features. */
export function featureMasks(features: FeaturesConfig): FeatureMasks {
  const known = masks.get(features)
  if (known !== undefined) return known
  const on = (flag: Flag): boolean => flag !== 'Disabled'
  const made: FeatureMasks = {
    podSpec: new Set([
      ...POD_FIELDS,
      ...REVISION_FIELDS,
      ...POD_FIELDS_BY_FEATURE.filter(([, feature]) => on(features[feature])).map(
        ([field]) => field,
      ),
    ]),
    volume: new Set([
      ...VOLUME_FIELDS,
      ...(on(features.podSpecVolumesEmptyDir) ? ['emptyDir'] : []),
      ...(on(features.podSpecPersistentVolumeClaim) ? ['persistentVolumeClaim'] : []),
    ]),
    envSource: new Set([
      ...ENV_SOURCE_FIELDS,
      ...(on(features.podSpecFieldRef) ? ['fieldRef', 'resourceFieldRef'] : []),
    ]),
  }
  masks.set(features, made)
  return made
}
