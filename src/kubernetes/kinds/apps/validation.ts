import type {KubeObject} from '../../../api/meta/object.ts'
import {isJsonObject, numberAt, objectAt, type JsonObject} from '../../apiserver/json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'
import {
  isZeroShare,
  notMoreThanAll,
  notNegative,
  validateShare,
} from '../../apiserver/validation/numbers.ts'
import {
  immutableSelector,
  validateReplicated,
  validateSelector,
} from '../core/pod-spec/pod-template.ts'

/** What is wrong with a Deployment. */
export function validateDeployment(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors = notNegative(spec, 'spec', 'replicas')
  errors.push(...validateSelector(spec, 'deployment'), ...validateReplicated(spec))
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
      return [notSupported(`${path}.type`, strategy['type'], ['Recreate', 'RollingUpdate'])]
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
  errors.push(...notMoreThanAll(rolling['maxUnavailable'], `${path}.maxUnavailable`))
  return errors
}

/** What is wrong with a changed Deployment. */
export function validateDeploymentUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  return immutableSelector(object, old)
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
    ...validateSelector(spec, 'deployment'),
    ...validateReplicated(spec),
  ]
}

/** What is wrong with a changed ReplicaSet. */
export function validateReplicaSetUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  return immutableSelector(object, old)
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
