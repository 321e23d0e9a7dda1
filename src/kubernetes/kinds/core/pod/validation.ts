import type {KubeObject} from '../../../../api/meta/object.ts'
import {
  asJson,
  cloneJson,
  jsonEqual,
  objectAt,
  objectsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {forbidden, type FieldError} from '../../../apiserver/validation/field-error.ts'
import {validateAddedTolerations} from '../pod-spec/pod-placement.ts'
import {validatePodSpec} from '../pod-spec/pod-spec.ts'

/** What is wrong with a Pod. */
export function validatePod(object: JsonObject): FieldError[] {
  return validatePodSpec(objectAt(object, 'spec'), 'spec')
}

const ALLOWED_CHANGES =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/**
 * What is wrong with a changed Pod: nearly everything of its spec is fixed.
 *
 * Differs from upstream: the message ends without the difference of the two Go structs.
 */
export function validatePodUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(asJson(old), 'spec')
  const errors = validateAddedTolerations(
    objectsAt(spec, 'tolerations'),
    objectsAt(before, 'tolerations'),
    'spec.tolerations',
  )
  if (jsonEqual(fixedParts(spec), fixedParts(before))) return errors
  return [...errors, forbidden('spec', ALLOWED_CHANGES)]
}

/** The spec without what may change: images, the deadline, tolerations, gates that open. */
function fixedParts(spec: JsonObject): JsonObject {
  const fixed = cloneJson(spec)
  for (const list of ['containers', 'initContainers']) {
    for (const container of objectsAt(fixed, list)) delete container['image']
  }
  for (const field of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) {
    delete fixed[field]
  }
  return fixed
}
