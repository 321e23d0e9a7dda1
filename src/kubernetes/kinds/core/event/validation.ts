import {objectAt, stringAt, type JsonObject} from '../../../apiserver/json-value.ts'
import {invalidValue, required, type FieldError} from '../../../apiserver/validation/field-error.ts'

const TYPES = ['Normal', 'Warning']
const MAX_NOTE = 1024

/**
 * What is wrong with an Event, as either of its groups shows it: those of `events.k8s.io` must say
 * who reports what.
 *
 * Counterpart of kubernetes `pkg/apis/core/validation` of events.
 */
export function validateEvent(event: JsonObject): FieldError[] {
  const isNew = event['apiVersion'] === 'events.k8s.io/v1'
  const namespace = stringAt(objectAt(event, 'metadata'), 'namespace')
  const about = stringAt(objectAt(event, isNew ? 'regarding' : 'involvedObject'), 'namespace')
  const errors: FieldError[] = []
  if (about !== '' && about !== namespace) {
    const detail = 'does not match event.namespace'
    errors.push(invalidValue('involvedObject.namespace', about, detail))
  }
  const hasTime = typeof event['eventTime'] === 'string'
  if (hasTime) errors.push(...validateReport(event, isNew))
  if (!isNew) return errors
  if (!hasTime) errors.push(required('eventTime'))
  const type = stringAt(event, 'type')
  if (!TYPES.includes(type)) errors.push(invalidValue('type', '', `has invalid value: ${type}`))
  return errors
}

function validateReport(event: JsonObject, isNew: boolean): FieldError[] {
  const controller = isNew ? 'reportingController' : 'reportingComponent'
  const errors = [controller, 'reportingInstance', 'action', 'reason']
    .filter((field) => stringAt(event, field) === '')
    .map((field) => required(field))
  if (stringAt(event, isNew ? 'note' : 'message').length > MAX_NOTE) {
    errors.push(invalidValue('message', '', `can have at most ${MAX_NOTE} characters`))
  }
  return errors
}
