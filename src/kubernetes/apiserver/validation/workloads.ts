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
import {isEmptySelector, selectorMatches, validateLabelSelector} from './label-selector.ts'
import {validateAnnotations, validateLabels} from './object-meta.ts'
import {validatePodSpec} from './pod-spec.ts'

const NOT_NEGATIVE = 'must be greater than or equal to 0'

/** What is wrong with a count that is there and may not be negative. */
function notNegative(object: JsonObject, part: string, ...fields: string[]): FieldError[] {
  return fields.flatMap((field) => {
    const value = numberAt(object, field)
    return value !== undefined && value < 0
      ? [invalidValue(`${part}.${field}`, value, NOT_NEGATIVE)]
      : []
  })
}

function validateSelector(spec: JsonObject): FieldError[] {
  const selector = spec['selector']
  if (!isJsonObject(selector)) return [required('spec.selector')]
  const errors = validateLabelSelector(selector, 'spec.selector')
  if (isEmptySelector(selector)) {
    errors.push(invalidValue('spec.selector', {}, 'empty selector is invalid for deployment'))
  }
  return errors
}

/** What is wrong with `spec.template` of a workload, which its own selector must select. */
function validateTemplate(
  spec: JsonObject,
  restartPolicies: readonly string[] = ['Always'],
): FieldError[] {
  const template = objectAt(spec, 'template')
  const meta = objectAt(template, 'metadata')
  const podSpec = objectAt(template, 'spec')
  const errors: FieldError[] = []
  if (!selectorMatches(spec['selector'], objectAt(meta, 'labels'))) {
    errors.push(
      invalidValue(
        'spec.template.metadata.labels',
        meta['labels'],
        '`selector` does not match template `labels`',
      ),
    )
  }
  errors.push(
    ...validateLabels(meta['labels'], 'spec.template.labels'),
    ...validateAnnotations(meta['annotations'], 'spec.template.annotations'),
    ...validatePodSpec(podSpec, 'spec.template.spec'),
  )
  const policy = stringAt(podSpec, 'restartPolicy')
  const isKnown = ['Always', 'OnFailure', 'Never'].includes(policy)
  if (isKnown && !restartPolicies.includes(policy)) {
    errors.push(notSupported('spec.template.spec.restartPolicy', policy, restartPolicies))
  }
  return errors
}

function selectorUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const selector = objectAt(object, 'spec')['selector']
  const before = objectAt(asJson(old), 'spec')['selector']
  return jsonEqual(selector, before)
    ? []
    : [invalidValue('spec.selector', selector, 'field is immutable')]
}

/** What is wrong with a Deployment. */
export function validateDeployment(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors = notNegative(spec, 'spec', 'replicas')
  errors.push(...validateSelector(spec), ...validateTemplate(spec))
  errors.push(...validateStrategy(objectAt(spec, 'strategy')))
  errors.push(...notNegative(spec, 'spec', 'minReadySeconds', 'revisionHistoryLimit'))
  const deadline = numberAt(spec, 'progressDeadlineSeconds')
  if (deadline !== undefined) {
    errors.push(...notNegative(spec, 'spec', 'progressDeadlineSeconds'))
    if (deadline <= (numberAt(spec, 'minReadySeconds') ?? 0)) {
      const detail = 'must be greater than minReadySeconds'
      errors.push(invalidValue('spec.progressDeadlineSeconds', deadline, detail))
    }
  }
  return errors
}

function validateStrategy(strategy: JsonObject): FieldError[] {
  const path = 'spec.strategy'
  const rolling = strategy['rollingUpdate']
  switch (strategy['type']) {
    case 'Recreate':
      return rolling === undefined
        ? []
        : [
            forbidden(
              `${path}.rollingUpdate`,
              "may not be specified when strategy `type` is 'Recreate'",
            ),
          ]
    case 'RollingUpdate':
      return isJsonObject(rolling)
        ? validateRolling(rolling, `${path}.rollingUpdate`)
        : [required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil')]
    default:
      return [notSupported(path, {type: strategy['type']}, ['Recreate', 'RollingUpdate'])]
  }
}

function validateRolling(rolling: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['maxUnavailable', 'maxSurge']) {
    errors.push(...validateShare(rolling[field], `${path}.${field}`))
  }
  if (isZeroShare(rolling['maxUnavailable']) && isZeroShare(rolling['maxSurge'])) {
    const detail = 'may not be 0 when `maxSurge` is 0'
    errors.push(invalidValue(`${path}.maxUnavailable`, rolling['maxUnavailable'], detail))
  }
  if (typeof rolling['maxUnavailable'] === 'string' && percentOf(rolling['maxUnavailable']) > 100) {
    errors.push(
      invalidValue(
        `${path}.maxUnavailable`,
        rolling['maxUnavailable'],
        'must not be greater than 100%',
      ),
    )
  }
  return errors
}

function validateShare(value: unknown, path: string): FieldError[] {
  if (typeof value === 'number') return value < 0 ? [invalidValue(path, value, NOT_NEGATIVE)] : []
  if (typeof value === 'string' && !/^[0-9]+%$/.test(value)) {
    const detail =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
    return [invalidValue(path, value, detail)]
  }
  return []
}

function percentOf(text: string): number {
  return Number(text.replace('%', ''))
}

function isZeroShare(value: unknown): boolean {
  return value === 0 || (typeof value === 'string' && percentOf(value) === 0)
}

/** What is wrong with a changed Deployment. */
export function validateDeploymentUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  return selectorUpdate(object, old)
}

/** What is wrong with the status of a Deployment. */
export function validateDeploymentStatus(object: JsonObject): FieldError[] {
  const status = objectAt(object, 'status')
  const errors = notNegative(
    status,
    'status',
    'observedGeneration',
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'collisionCount',
  )
  const replicas = numberAt(status, 'replicas') ?? 0
  errors.push(
    ...atMost(status, replicas, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
  )
  const ready = numberAt(status, 'readyReplicas') ?? 0
  const available = numberAt(status, 'availableReplicas') ?? 0
  if (available > ready) {
    const detail = 'cannot be greater than readyReplicas'
    errors.push(invalidValue('status.availableReplicas', available, detail))
  }
  return errors
}

function atMost(status: JsonObject, replicas: number, fields: readonly string[]): FieldError[] {
  return fields.flatMap((field) => {
    const value = numberAt(status, field) ?? 0
    return value > replicas
      ? [invalidValue(`status.${field}`, value, 'cannot be greater than status.replicas')]
      : []
  })
}

/** What is wrong with a ReplicaSet. */
export function validateReplicaSet(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  return [
    ...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
    ...validateSelector(spec),
    ...validateTemplate(spec),
  ]
}

/** What is wrong with a changed ReplicaSet. */
export function validateReplicaSetUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  return selectorUpdate(object, old)
}

/** What is wrong with the status of a ReplicaSet. */
export function validateReplicaSetStatus(object: JsonObject): FieldError[] {
  const status = objectAt(object, 'status')
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']
  const replicas = numberAt(status, 'replicas') ?? 0
  return [
    ...notNegative(status, 'status', ...counts, 'observedGeneration'),
    ...atMost(status, replicas, counts.slice(1)),
  ]
}

/** What is wrong with a StatefulSet. */
export function validateStatefulSet(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const policy = stringAt(spec, 'podManagementPolicy')
  const policies = ['OrderedReady', 'Parallel']
  return [
    ...(policies.includes(policy)
      ? []
      : [notSupported('spec.podManagementPolicy', policy, policies)]),
    ...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
    ...validateSelector(spec),
    ...validateTemplate(spec),
  ]
}

const STATEFUL_CHANGES =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

/** What is wrong with a changed StatefulSet. */
export function validateStatefulSetUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const free = new Set([
    'replicas',
    'ordinals',
    'template',
    'updateStrategy',
    'revisionHistoryLimit',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
  ])
  const fixed = (spec: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !free.has(name)))
  const before = objectAt(asJson(old), 'spec')
  return jsonEqual(fixed(objectAt(object, 'spec')), fixed(before))
    ? []
    : [forbidden('spec', STATEFUL_CHANGES)]
}

/** What is wrong with a DaemonSet. */
export function validateDaemonSet(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  return [
    ...validateSelector(spec),
    ...validateTemplate(spec),
    ...notNegative(spec, 'spec', 'minReadySeconds', 'revisionHistoryLimit'),
  ]
}

/** What is wrong with a Job; its selector is made when it is stored. */
export function validateJob(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const template = objectAt(spec, 'template')
  const podSpec = objectAt(template, 'spec')
  const errors = [
    ...notNegative(spec, 'spec', 'parallelism', 'completions', 'backoffLimit'),
    ...notNegative(spec, 'spec', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'),
    ...validatePodSpec(podSpec, 'spec.template.spec'),
  ]
  const policy = stringAt(podSpec, 'restartPolicy')
  if (policy === 'Always') {
    const supported = ['Never', 'OnFailure']
    errors.push(notSupported('spec.template.spec.restartPolicy', policy, supported))
  }
  return errors
}

/** What is wrong with a changed Job. */
export function validateJobUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(asJson(old), 'spec')
  return ['completions', 'selector', 'template', 'completionMode'].flatMap((field) =>
    jsonEqual(spec[field], before[field])
      ? []
      : [invalidValue(`spec.${field}`, spec[field], 'field is immutable')],
  )
}
