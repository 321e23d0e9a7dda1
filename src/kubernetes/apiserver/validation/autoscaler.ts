import {parseQuantity} from '../../../util/quantity.ts'
import {
  isJsonObject,
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
  oneOf,
  required,
  type FieldError,
} from './field-error.ts'
import {validateLabelSelector} from './label-selector.ts'
import {pathSegment} from './names.ts'
import {notNegative} from './numbers.ts'

const SOURCE_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']
const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue']
const SELECT_POLICIES = ['Disabled', 'Max', 'Min']
const SCALING_TYPES = ['Percent', 'Pods']
const MAX_PERIOD_SECONDS = 1800
const MAX_WINDOW_SECONDS = 3600

/**
 * What is wrong with a HorizontalPodAutoscaler in its stored version, `autoscaling/v2`.
 *
 * Counterpart of `pkg/apis/autoscaling/validation`.
 */
export function validateHorizontalPodAutoscaler(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors: FieldError[] = []
  const least = numberAt(spec, 'minReplicas')
  const most = numberAt(spec, 'maxReplicas') ?? 0
  if (least !== undefined && least < 1) {
    const detail = 'must be greater than or equal to 1'
    errors.push(invalidValue('spec.minReplicas', least, detail))
  }
  if (most < 1) errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'))
  if (least !== undefined && most < least) {
    const detail = 'must be greater than or equal to `minReplicas`'
    errors.push(invalidValue('spec.maxReplicas', most, detail))
  }
  errors.push(...validateReference(objectAt(spec, 'scaleTargetRef'), 'spec.scaleTargetRef'))
  objectsAt(spec, 'metrics').forEach((metric, index) => {
    errors.push(...validateMetric(metric, `spec.metrics[${index}]`))
  })
  const behavior = objectAt(spec, 'behavior')
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = behavior[direction]
    if (isJsonObject(rules)) errors.push(...validateRules(rules, `spec.behavior.${direction}`))
  }
  return errors
}

/** What is wrong with the status of a HorizontalPodAutoscaler. */
export function validateHorizontalPodAutoscalerStatus(object: JsonObject): FieldError[] {
  return notNegative(objectAt(object, 'status'), 'status', 'currentReplicas', 'desiredReplicas')
}

function validateReference(reference: JsonObject, path: string): FieldError[] {
  return ['kind', 'name'].flatMap((field) => {
    const value = stringAt(reference, field)
    if (value === '') return [required(`${path}.${field}`)]
    return pathSegment(value).map((detail) => invalidValue(`${path}.${field}`, value, detail))
  })
}

/** The field a source of each type stands in, and what is wrong with it. */
const SOURCES: Readonly<
  Record<string, (source: JsonObject, target: JsonObject, path: string) => FieldError[]>
> = {
  object: (source, target, path) => [
    ...validateReference(objectAt(source, 'describedObject'), `${path}.describedObject`),
    ...validateIdentifier(source, path),
    ...validateTarget(target, `${path}.target`),
    ...(target['value'] === undefined && target['averageValue'] === undefined
      ? [required(`${path}.target.averageValue`, 'must set either a target value or averageValue')]
      : []),
  ],
  external: (source, target, path) => [
    ...validateIdentifier(source, path),
    ...validateTarget(target, `${path}.target`),
    ...validateExternalTarget(target, `${path}.target`),
  ],
  pods: (source, target, path) => [
    ...validateIdentifier(source, path),
    ...validateTarget(target, `${path}.target`),
    ...(isPositive(target['averageValue'])
      ? []
      : [required(`${path}.target.averageValue`, 'must specify a positive target averageValue')]),
  ],
  resource: (source, target, path) => validateResource(source, target, path),
  containerResource: (source, target, path) => {
    const errors = validateResource(source, target, path)
    const named = stringAt(source, 'name') === '' ? 1 : 0
    if (stringAt(source, 'container') === '') {
      errors.splice(named, 0, required(`${path}.container`, 'must specify a container'))
    }
    return errors
  },
}

function validateMetric(metric: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const type = stringAt(metric, 'type')
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric source type'))
  if (!SOURCE_TYPES.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, SOURCE_TYPES))
  }
  const present = Object.keys(SOURCES).filter((name) => isJsonObject(metric[name]))
  const [first] = present
  if (first !== undefined) {
    const source = objectAt(metric, first)
    const check = SOURCES[first]
    errors.push(...(check?.(source, objectAt(source, 'target'), `${path}.${first}`) ?? []))
  }
  const expected = type === '' ? '' : `${type.charAt(0).toLowerCase()}${type.slice(1)}`
  if (!present.includes(expected)) {
    const detail = 'must populate information for the given metric source'
    errors.push(required(expected === '' ? path : `${path}.${expected}`, detail))
  }
  if (present.length !== 1) {
    const detail = 'must populate the given metric source only'
    for (const name of present) {
      if (name !== expected) errors.push(forbidden(`${path}.${name}`, detail))
    }
  }
  return errors
}

function validateIdentifier(source: JsonObject, path: string): FieldError[] {
  const metric = objectAt(source, 'metric')
  const name = stringAt(metric, 'name')
  const errors =
    name === ''
      ? [required(`${path}.metric.name`, 'must specify a metric name')]
      : pathSegment(name).map((detail) => invalidValue(`${path}.metric.name`, name, detail))
  return [...errors, ...validateLabelSelector(metric['selector'], `${path}.metric.selector`)]
}

function validateResource(source: JsonObject, target: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (stringAt(source, 'name') === '') {
    errors.push(required(`${path}.name`, 'must specify a resource name'))
  }
  errors.push(...validateTarget(target, `${path}.target`))
  const hasShare = target['averageUtilization'] !== undefined
  const hasValue = target['averageValue'] !== undefined
  if (!hasShare && !hasValue) {
    const detail = 'must set either a target raw value or a target utilization'
    errors.push(required(`${path}.target.averageUtilization`, detail))
  }
  if (hasShare && hasValue) {
    const detail = 'may not set both a target raw value and a target utilization'
    errors.push(forbidden(`${path}.target.averageValue`, detail))
  }
  return errors
}

function validateExternalTarget(target: JsonObject, path: string): FieldError[] {
  const hasValue = target['value'] !== undefined
  const hasAverage = target['averageValue'] !== undefined
  if (!hasValue && !hasAverage) {
    const detail = 'must set either a target value for metric or a per-pod target'
    return [required(`${path}.averageValue`, detail)]
  }
  return hasValue && hasAverage
    ? [
        forbidden(
          `${path}.value`,
          'may not set both a target value for metric and a per-pod target',
        ),
      ]
    : []
}

function validateTarget(target: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const type = stringAt(target, 'type')
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric target type'))
  if (!TARGET_TYPES.includes(type)) {
    const detail = 'must be either Utilization, Value, or AverageValue'
    errors.push(invalidValue(`${path}.type`, type, detail))
  }
  for (const field of ['value', 'averageValue']) {
    if (target[field] !== undefined && !isPositive(target[field])) {
      errors.push(invalidValue(`${path}.${field}`, target[field], 'must be positive'))
    }
  }
  const share = numberAt(target, 'averageUtilization')
  if (share !== undefined && share < 1) {
    errors.push(invalidValue(`${path}.averageUtilization`, share, 'must be greater than 0'))
  }
  return errors
}

function isPositive(value: unknown): boolean {
  return typeof value === 'string' && parseQuantity(value).nano > 0n
}

function validateRules(rules: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const window = numberAt(rules, 'stabilizationWindowSeconds')
  const refuse = (detail: string): void => {
    errors.push(invalidValue(`${path}.stabilizationWindowSeconds`, window, detail))
  }
  if (window !== undefined && window < 0) refuse('must be greater than or equal to zero')
  if (window !== undefined && window > MAX_WINDOW_SECONDS) {
    refuse(`must be less than or equal to ${MAX_WINDOW_SECONDS}`)
  }
  errors.push(...oneOf(`${path}.selectPolicy`, rules['selectPolicy'], SELECT_POLICIES))
  const policies = objectsAt(rules, 'policies')
  if (policies.length === 0) {
    errors.push(required(`${path}.policies`, 'must specify at least one Policy'))
  }
  policies.forEach((policy, index) => {
    errors.push(...validatePolicy(policy, `${path}.policies[${index}]`))
  })
  return errors
}

function validatePolicy(policy: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const type = stringAt(policy, 'type')
  if (!SCALING_TYPES.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, SCALING_TYPES))
  }
  for (const field of ['value', 'periodSeconds']) {
    const value = numberAt(policy, field) ?? 0
    if (value <= 0) {
      errors.push(invalidValue(`${path}.${field}`, value, 'must be greater than zero'))
    }
  }
  const period = numberAt(policy, 'periodSeconds') ?? 0
  if (period > MAX_PERIOD_SECONDS) {
    const detail = `must be less than or equal to ${MAX_PERIOD_SECONDS}`
    errors.push(invalidValue(`${path}.periodSeconds`, period, detail))
  }
  return errors
}
