/** What is wrong with the classes of a cluster: how pods and volumes are ranked, run and made. */
import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  isJsonObject,
  jsonEqual,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from './field-error.ts'
import {validateLabels} from './object-meta.ts'
import {dnsLabel, qualifiedName} from './names.ts'

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

/** What is wrong with a RuntimeClass. Counterpart of `pkg/apis/node/validation`. */
export function validateRuntimeClass(object: JsonObject): FieldError[] {
  const handler = stringAt(object, 'handler')
  const errors = dnsLabel(handler).map((detail) => invalidValue('handler', handler, detail))
  const scheduling = object['scheduling']
  if (isJsonObject(scheduling)) {
    errors.push(...validateLabels(scheduling['nodeSelector'], 'scheduling.nodeSelector'))
  }
  return errors
}

/** The handler of a RuntimeClass stays. */
export function validateRuntimeClassUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  return immutable(object, asJson(old), 'handler')
}

const RECLAIM_POLICIES = ['Delete', 'Retain']
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer']
const MAX_PARAMETERS = 512
const MAX_PARAMETER_BYTES = 256 * 1024

/** What is wrong with a StorageClass. Counterpart of `pkg/apis/storage/validation`. */
export function validateStorageClass(object: JsonObject): FieldError[] {
  const errors: FieldError[] = []
  const provisioner = stringAt(object, 'provisioner')
  if (provisioner === '') errors.push(required('provisioner'))
  else {
    for (const detail of qualifiedName(provisioner.toLowerCase())) {
      errors.push(invalidValue('provisioner', provisioner, detail))
    }
  }
  errors.push(...validateParameters(objectAt(object, 'parameters')))
  const reclaim = stringAt(object, 'reclaimPolicy')
  if (reclaim !== '' && !RECLAIM_POLICIES.includes(reclaim)) {
    errors.push(notSupported('reclaimPolicy', reclaim, RECLAIM_POLICIES))
  }
  const mode = stringAt(object, 'volumeBindingMode')
  if (!BINDING_MODES.includes(mode)) {
    errors.push(
      mode === ''
        ? required('volumeBindingMode')
        : notSupported('volumeBindingMode', mode, BINDING_MODES),
    )
  }
  objectsAt(object, 'allowedTopologies').forEach((term, index) => {
    objectsAt(term, 'matchLabelExpressions').forEach((expression, at) => {
      const path = `allowedTopologies[${index}].matchLabelExpressions[${at}]`
      if (!Array.isArray(expression['values']) || expression['values'].length === 0) {
        errors.push(required(`${path}.values`))
      }
      const key = stringAt(expression, 'key')
      for (const detail of qualifiedName(key)) {
        errors.push(invalidValue(`${path}.key`, key, detail))
      }
    })
  })
  return errors
}

function validateParameters(parameters: JsonObject): FieldError[] {
  const entries = Object.entries(parameters)
  if (entries.length > MAX_PARAMETERS) return [tooLong('parameters', MAX_PARAMETERS)]
  const errors = entries
    .filter(([key]) => key === '')
    .map(([key]) => invalidValue('parameters', key, 'field can not be empty.'))
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  )
  return bytes > MAX_PARAMETER_BYTES
    ? [...errors, tooLong('parameters', MAX_PARAMETER_BYTES)]
    : errors
}

/** What may not change in a StorageClass: volumes were made by it. */
export function validateStorageClassUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const before = asJson(old)
  const errors: FieldError[] = []
  if (!jsonEqual(objectAt(object, 'parameters'), objectAt(before, 'parameters'))) {
    errors.push(forbidden('parameters', 'updates to parameters are forbidden.'))
  }
  if (object['provisioner'] !== before['provisioner']) {
    errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'))
  }
  if (object['reclaimPolicy'] !== before['reclaimPolicy']) {
    errors.push(forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'))
  }
  return [...errors, ...immutable(object, before, 'volumeBindingMode')]
}

function immutable(object: JsonObject, before: JsonObject, field: string): FieldError[] {
  return jsonEqual(object[field], before[field])
    ? []
    : [invalidValue(field, object[field], 'field is immutable')]
}
