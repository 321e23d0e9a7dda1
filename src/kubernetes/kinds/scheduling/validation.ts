/** What is wrong with the classes of a cluster: how pods and volumes are ranked, run and made. */
import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  jsonEqual,
  numberAt,
  objectAt,
  stringAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'

const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never']
const HIGHEST_USER_PRIORITY = 1_000_000_000
const SYSTEM_PREFIX = 'system-'

/** The classes that the system brings along, with their values. */
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}

/** What is wrong with a PriorityClass. Counterpart of `pkg/apis/scheduling/validation`. */
export function validatePriorityClass(object: JsonObject): FieldError[] {
  const errors: FieldError[] = []
  const name = stringAt(objectAt(object, 'metadata'), 'name')
  const value = numberAt(object, 'value') ?? 0
  if (name.startsWith(SYSTEM_PREFIX)) {
    const problem = systemClassProblem(object, name, value)
    if (problem !== undefined) {
      const detail = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`
      errors.push(forbidden('metadata.name', detail))
    }
  } else if (value > HIGHEST_USER_PRIORITY) {
    const detail = `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`
    errors.push(forbidden('value', detail))
  }
  const policy = object['preemptionPolicy']
  if (policy === '') errors.push(required('preemptionPolicy'))
  else if (typeof policy === 'string' && !PREEMPTION_POLICIES.includes(policy)) {
    errors.push(notSupported('preemptionPolicy', policy, PREEMPTION_POLICIES))
  }
  return errors
}

function systemClassProblem(object: JsonObject, name: string, value: number): string | undefined {
  const known = SYSTEM_CLASSES[name]
  if (known === undefined) return `${name} is not a known system priority class`
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`
  return object['globalDefault'] === true
    ? `globalDefault of ${name} PriorityClass must be false`
    : undefined
}

/** The value of a PriorityClass stays: pods were ranked by it. */
export function validatePriorityClassUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const before = asJson(old)
  const errors: FieldError[] = []
  if ((object['value'] ?? 0) !== (before['value'] ?? 0)) {
    errors.push(forbidden('value', 'may not be changed in an update.'))
  }
  return [...errors, ...immutable(object, before, 'preemptionPolicy')]
}

function immutable(object: JsonObject, before: JsonObject, field: string): FieldError[] {
  return jsonEqual(object[field], before[field])
    ? []
    : [invalidValue(field, object[field], 'field is immutable')]
}
