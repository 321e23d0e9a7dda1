import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  isJsonObject,
  jsonEqual,
  numberAt,
  objectAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {forbidden, invalidValue, notSupported, required, type FieldError} from './field-error.ts'
import {notNegative} from './numbers.ts'
import {
  validateEndless,
  validateSelected,
  validateSelector,
  validateTemplateMeta,
} from './pod-template.ts'

const MANAGEMENT_POLICIES = ['OrderedReady', 'Parallel']
const RETENTION_POLICIES = ['Retain', 'Delete']

/**
 * What is wrong with a StatefulSet. Counterpart of `pkg/apis/apps/validation`, which leaves the
 * pods of the template alone: their volumes come from claims that do not exist yet.
 */
export function validateStatefulSet(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const policy = stringAt(spec, 'podManagementPolicy')
  const errors: FieldError[] = []
  if (policy === '') errors.push(required('spec.podManagementPolicy'))
  else if (!MANAGEMENT_POLICIES.includes(policy)) {
    const detail = "must be 'OrderedReady' or 'Parallel'"
    errors.push(invalidValue('spec.podManagementPolicy', policy, detail))
  }
  errors.push(...validateStrategy(objectAt(spec, 'updateStrategy')))
  const retention = objectAt(spec, 'persistentVolumeClaimRetentionPolicy')
  for (const field of ['whenDeleted', 'whenScaled']) {
    const value = stringAt(retention, field)
    if (value !== '' && !RETENTION_POLICIES.includes(value)) {
      const path = `spec.persistentVolumeClaimRetentionPolicy.${field}`
      errors.push(notSupported(path, value, RETENTION_POLICIES))
    }
  }
  return [
    ...errors,
    ...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
    ...notNegative(objectAt(spec, 'ordinals'), 'spec.ordinals', 'start'),
    ...validateSelector(spec, 'statefulset'),
    ...validateSelected(spec),
    ...validateTemplateMeta(spec),
    ...validateEndless(spec, 'StatefulSet'),
  ]
}

function validateStrategy(strategy: JsonObject): FieldError[] {
  const path = 'spec.updateStrategy'
  const rolling = strategy['rollingUpdate']
  switch (strategy['type']) {
    case '':
      return [required(path)]
    case 'OnDelete':
      return isJsonObject(rolling)
        ? [
            invalidValue(
              `${path}.rollingUpdate`,
              goRolling(rolling),
              "only allowed for updateStrategy 'RollingUpdate'",
            ),
          ]
        : []
    case 'RollingUpdate':
      return notNegative(objectAt(strategy, 'rollingUpdate'), `${path}.rollingUpdate`, 'partition')
    default:
      return [
        invalidValue(
          path,
          {
            Type: stringAt(strategy, 'type'),
            RollingUpdate: isJsonObject(rolling) ? goRolling(rolling) : null,
          },
          "must be 'RollingUpdate' or 'OnDelete'",
        ),
      ]
  }
}

/** How Go shows the internal form of a rolling update. */
function goRolling(rolling: JsonObject): JsonObject {
  return {
    Partition: numberAt(rolling, 'partition') ?? 0,
    MaxUnavailable: rolling['maxUnavailable'] ?? null,
  }
}

const FREE_FIELDS = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
])
const CHANGES =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

/** What is wrong with a changed StatefulSet. */
export function validateStatefulSetUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const fixed = (spec: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !FREE_FIELDS.has(name)))
  const before = objectAt(asJson(old), 'spec')
  return jsonEqual(fixed(objectAt(object, 'spec')), fixed(before))
    ? []
    : [forbidden('spec', CHANGES)]
}

/** What is wrong with the status of a StatefulSet. */
export function validateStatefulSetStatus(object: JsonObject): FieldError[] {
  const status = objectAt(object, 'status')
  const counts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']
  const replicas = numberAt(status, 'replicas') ?? 0
  const errors = notNegative(
    status,
    'status',
    'replicas',
    ...counts.slice(0, 3),
    'observedGeneration',
    'collisionCount',
  )
  for (const field of counts) {
    const value = numberAt(status, field) ?? 0
    if (value <= replicas) continue
    errors.push(invalidValue(`status.${field}`, value, 'cannot be greater than status.replicas'))
  }
  return errors
}
