import type {KubeObject} from '../../../api/meta/object.ts'
import type {JsonObject} from '../json-value.ts'
import {objectAt, objectsAt} from '../json-value.ts'
import {required, type FieldError} from './field-error.ts'

/** What is wrong with a Pod. */
export function validatePod(object: JsonObject): FieldError[] {
  return validatePodSpec(objectAt(object, 'spec'), 'spec')
}

/** What is wrong with a pod spec at `path`. */
export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (objectsAt(spec, 'containers').length === 0) errors.push(required(`${path}.containers`))
  return errors
}

/** What is wrong with a changed Pod. */
export function validatePodUpdate(_object: JsonObject, _old: KubeObject): FieldError[] {
  return []
}
