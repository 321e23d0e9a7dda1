import {
  isJsonObject,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {forbidden, invalidValue, required, type FieldError} from './field-error.ts'
import {labelValue, qualifiedName} from './names.ts'
import {validateLabels} from './object-meta.ts'

/** What is wrong with a LabelSelector. */
export function validateLabelSelector(selector: unknown, path: string): FieldError[] {
  if (!isJsonObject(selector)) return []
  const errors = validateLabels(selector['matchLabels'], `${path}.matchLabels`)
  objectsAt(selector, 'matchExpressions').forEach((expression, index) => {
    errors.push(...validateExpression(expression, `${path}.matchExpressions[${index}]`))
  })
  return errors
}

function validateExpression(expression: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const operator = stringAt(expression, 'operator')
  const values = stringsAt(expression, 'values')
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'"
      errors.push(required(`${path}.values`, detail))
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      errors.push(forbidden(`${path}.values`, detail))
    }
  } else {
    errors.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  const key = stringAt(expression, 'key')
  for (const detail of qualifiedName(key)) errors.push(invalidValue(`${path}.key`, key, detail))
  values.forEach((value, index) => {
    for (const detail of labelValue(value)) {
      errors.push(invalidValue(`${path}.values[${index}]`, value, detail))
    }
  })
  return errors
}

/** Whether labels fit a LabelSelector; an empty one fits everything, a missing one nothing. */
export function selectorMatches(selector: unknown, labels: JsonObject): boolean {
  if (!isJsonObject(selector)) return false
  const wanted = objectAt(selector, 'matchLabels')
  if (Object.entries(wanted).some(([name, value]) => labels[name] !== value)) return false
  return objectsAt(selector, 'matchExpressions').every((expression) => {
    const value = labels[stringAt(expression, 'key')]
    const values = stringsAt(expression, 'values')
    switch (expression['operator']) {
      case 'In':
        return typeof value === 'string' && values.includes(value)
      case 'NotIn':
        return typeof value !== 'string' || !values.includes(value)
      case 'Exists':
        return value !== undefined
      case 'DoesNotExist':
        return value === undefined
      default:
        return false
    }
  })
}

/** Whether a selector selects nothing in particular. */
export function isEmptySelector(selector: JsonObject): boolean {
  return (
    Object.keys(objectAt(selector, 'matchLabels')).length === 0 &&
    objectsAt(selector, 'matchExpressions').length === 0
  )
}
