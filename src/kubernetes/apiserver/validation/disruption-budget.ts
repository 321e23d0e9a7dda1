import {isJsonObject, objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {validateConditions} from './conditions.ts'
import {invalidValue, notSupported, type FieldError} from './field-error.ts'
import {validateLabelSelector} from './label-selector.ts'
import {notMoreThanAll, notNegative, validateShare} from './numbers.ts'

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget']

/** What is wrong with a PodDisruptionBudget. Counterpart of `pkg/apis/policy/validation`. */
export function validatePodDisruptionBudget(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const {minAvailable, maxUnavailable} = spec
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const detail = 'minAvailable and maxUnavailable cannot be both set'
    errors.push(invalidValue('spec', goSpec(spec), detail))
  }
  for (const field of ['minAvailable', 'maxUnavailable']) {
    errors.push(...validateShare(spec[field], `spec.${field}`))
    errors.push(...notMoreThanAll(spec[field], `spec.${field}`))
  }
  errors.push(...validateLabelSelector(spec['selector'], 'spec.selector'))
  const policy = stringAt(spec, 'unhealthyPodEvictionPolicy')
  if (policy !== '' && !EVICTION_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, EVICTION_POLICIES))
  }
  return errors
}

/** The spec as Go shows its internal form. */
function goSpec(spec: JsonObject): JsonObject {
  return {
    MinAvailable: spec['minAvailable'],
    Selector: isJsonObject(spec['selector']) ? spec['selector'] : null,
    MaxUnavailable: spec['maxUnavailable'],
    UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
  }
}

/** What is wrong with the status of a PodDisruptionBudget. */
export function validatePodDisruptionBudgetStatus(object: JsonObject): FieldError[] {
  const status = objectAt(object, 'status')
  return [
    ...validateConditions(objectsAt(status, 'conditions'), 'status.conditions'),
    ...notNegative(
      status,
      'status',
      'disruptionsAllowed',
      'currentHealthy',
      'desiredHealthy',
      'expectedPods',
    ),
  ]
}
