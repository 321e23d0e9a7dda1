import {objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {required, type FieldError} from './field-error.ts'

/** What is wrong with a Service. */
export function validateService(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors: FieldError[] = []
  const isHeadless = spec['clusterIP'] === 'None'
  if (objectsAt(spec, 'ports').length === 0 && !isHeadless && spec['type'] !== 'ExternalName') {
    errors.push(required('spec.ports'))
  }
  if (spec['type'] === 'ExternalName' && stringAt(spec, 'externalName') === '') {
    errors.push(required('spec.externalName'))
  }
  return errors
}

/** What is wrong with a changed Service. */
export function validateServiceUpdate(_object: JsonObject, _old: JsonObject): FieldError[] {
  return []
}
