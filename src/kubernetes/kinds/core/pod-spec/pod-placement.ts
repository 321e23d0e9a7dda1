/** Where a pod may run: what it tolerates, and how pods of its kind spread. */
import {
  jsonEqual,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  oneOf,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {validateLabelSelector} from '../../../apiserver/validation/label-selector.ts'
import {labelValue, qualifiedName} from '../../../apiserver/validation/names.ts'

const OPERATORS = ['Equal', 'Exists']
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** What is wrong with the tolerations at `path`. */
export function validateTolerations(
  tolerations: readonly JsonObject[],
  path: string,
): FieldError[] {
  return tolerations.flatMap((toleration, index) =>
    validateToleration(toleration, `${path}[${index}]`),
  )
}

function validateToleration(toleration: JsonObject, path: string): FieldError[] {
  const key = stringAt(toleration, 'key')
  const operator = stringAt(toleration, 'operator')
  const effect = stringAt(toleration, 'effect')
  const errors: FieldError[] = []
  if (key !== '') {
    for (const detail of qualifiedName(key)) errors.push(invalidValue(`${path}.key`, key, detail))
  } else if (operator !== 'Exists') {
    const detail =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    errors.push(invalidValue(`${path}.operator`, operator, detail))
  }
  if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute') {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
    errors.push(invalidValue(`${path}.effect`, effect, detail))
  }
  errors.push(...validateOperator(toleration, `${path}.operator`))
  return [...errors, ...(effect === '' ? [] : oneOf(`${path}.effect`, effect, EFFECTS))]
}

/** Upstream names the operator where the value does not fit to it. */
function validateOperator(toleration: JsonObject, path: string): FieldError[] {
  const operator = stringAt(toleration, 'operator')
  const value = stringAt(toleration, 'value')
  if (operator === 'Exists') {
    if (value === '') return []
    const shown = {
      Key: stringAt(toleration, 'key'),
      Operator: operator,
      Value: value,
      Effect: stringAt(toleration, 'effect'),
      TolerationSeconds: toleration['tolerationSeconds'] ?? null,
    }
    return [invalidValue(path, shown, "value must be empty when `operator` is 'Exists'")]
  }
  if (operator !== '' && operator !== 'Equal') return [notSupported(path, operator, OPERATORS)]
  const details = labelValue(value)
  return details.length === 0 ? [] : [invalidValue(path, value, details.join(';'))]
}

/** A pod that is there keeps its tolerations, and may get more; their seconds may change. */
export function validateAddedTolerations(
  tolerations: readonly JsonObject[],
  before: readonly JsonObject[],
  path: string,
): FieldError[] {
  const lasting = tolerations.map(withoutSeconds)
  const isKept = before.every((old) =>
    lasting.some((toleration) => jsonEqual(toleration, withoutSeconds(old))),
  )
  if (isKept) return []
  return [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')]
}

function withoutSeconds(toleration: JsonObject): JsonObject {
  const {tolerationSeconds: _, ...rest} = toleration
  return rest
}

const NOT_POSITIVE = 'must be greater than zero'
const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway']
const INCLUSION_POLICIES = ['Honor', 'Ignore']

/** What is wrong with the constraints at `path` on how pods spread. */
export function validateSpread(constraints: readonly JsonObject[], path: string): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const at = `${path}[${index}]`
    const pair = pairOf(constraint)
    const isRepeated = constraints.slice(index + 1).some((other) => pairOf(other) === pair)
    return [
      ...validateConstraint(constraint, at),
      ...(isRepeated ? [duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair)] : []),
      ...validateCounted(constraint, at),
    ]
  })
}

/** There is one constraint for each of these. */
function pairOf(constraint: JsonObject): string {
  return `{${stringAt(constraint, 'topologyKey')}, ${stringAt(constraint, 'whenUnsatisfiable')}}`
}

function validateConstraint(constraint: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const {maxSkew = 0} = constraint
  if (Number(maxSkew) <= 0) errors.push(invalidValue(`${path}.maxSkew`, maxSkew, NOT_POSITIVE))
  if (stringAt(constraint, 'topologyKey') === '') {
    errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  }
  const action = stringAt(constraint, 'whenUnsatisfiable')
  return [...errors, ...oneOf(`${path}.whenUnsatisfiable`, action, ACTIONS)]
}

/** Which nodes and pods a constraint counts. */
function validateCounted(constraint: JsonObject, path: string): FieldError[] {
  const {minDomains, nodeAffinityPolicy, nodeTaintsPolicy, labelSelector} = constraint
  const action = stringAt(constraint, 'whenUnsatisfiable')
  const errors: FieldError[] = []
  if (minDomains !== undefined) {
    const at = `${path}.minDomains`
    if (Number(minDomains) <= 0) errors.push(invalidValue(at, minDomains, NOT_POSITIVE))
    if (action !== 'DoNotSchedule') {
      const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`
      errors.push(invalidValue(at, minDomains, detail))
    }
  }
  return [
    ...errors,
    ...oneOf(`${path}.nodeAffinityPolicy`, nodeAffinityPolicy, INCLUSION_POLICIES),
    ...oneOf(`${path}.nodeTaintsPolicy`, nodeTaintsPolicy, INCLUSION_POLICIES),
    ...validateMatchLabelKeys(constraint, `${path}.matchLabelKeys`),
    ...validateLabelSelector(labelSelector, `${path}.labelSelector`),
  ]
}

function validateMatchLabelKeys(constraint: JsonObject, path: string): FieldError[] {
  const selector = objectAt(constraint, 'labelSelector')
  const selected = new Set([
    ...Object.keys(objectAt(selector, 'matchLabels')),
    ...objectsAt(selector, 'matchExpressions').map((expression) => stringAt(expression, 'key')),
  ])
  return stringsAt(constraint, 'matchLabelKeys').flatMap((key, index) => {
    const at = `${path}[${index}]`
    const errors = qualifiedName(key).map((detail) => invalidValue(at, key, detail))
    if (!selected.has(key)) return errors
    return [...errors, invalidValue(at, key, 'exists in both matchLabelKeys and labelSelector')]
  })
}
