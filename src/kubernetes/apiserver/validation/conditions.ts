import {numberAt, stringAt, type JsonObject} from '../json-value.ts'
import {duplicate, invalidValue, notSupported, required, type FieldError} from './field-error.ts'
import {patternMessage, qualifiedName} from './names.ts'

const STATUSES = ['False', 'True', 'Unknown']
const REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'
const reasonPattern = new RegExp(`^${REASON}$`)
const REASON_MESSAGE = patternMessage(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  REASON,
  'my_name',
  'MY_NAME',
  'MyName',
  'ReasonA,ReasonB',
  'ReasonA:ReasonB',
)

/** What is wrong with conditions of the common form. Counterpart of ValidateConditions. */
export function validateConditions(conditions: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = []
  const types = new Set<string>()
  conditions.forEach((condition, index) => {
    const at = `${path}[${index}]`
    const type = stringAt(condition, 'type')
    if (types.has(type)) errors.push(duplicate(at, type))
    types.add(type)
    errors.push(...validateCondition(condition, at))
  })
  return errors
}

function validateCondition(condition: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const type = stringAt(condition, 'type')
  if (type === '') errors.push(required(`${path}.type`, 'is required'))
  for (const detail of type === '' ? [] : qualifiedName(type)) {
    errors.push(invalidValue(`${path}.type`, type, detail))
  }
  const status = stringAt(condition, 'status')
  if (status === '') errors.push(required(`${path}.status`))
  else if (!STATUSES.includes(status)) {
    errors.push(notSupported(`${path}.status`, status, STATUSES))
  }
  const generation = numberAt(condition, 'observedGeneration') ?? 0
  if (generation < 0) {
    const detail = 'must be greater than or equal to zero'
    errors.push(invalidValue(`${path}.observedGeneration`, generation, detail))
  }
  if (stringAt(condition, 'lastTransitionTime') === '') {
    errors.push(required(`${path}.lastTransitionTime`))
  }
  const reason = stringAt(condition, 'reason')
  if (reason === '') errors.push(required(`${path}.reason`))
  else if (!reasonPattern.test(reason)) {
    errors.push(invalidValue(`${path}.reason`, reason, REASON_MESSAGE))
  }
  return errors
}
