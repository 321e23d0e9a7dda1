/** Metadata of the kinds. Counterpart of `pkg/apis/serving/metadata_validation.go`. */
import {isWholeSeconds, parseDuration} from '../../util/duration.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {AUTOSCALING_GROUP, findAnnotation} from '../autoscaling/annotations.ts'
import {validateAutoscalingAnnotations} from '../autoscaling/validation.ts'
import {
  fieldError,
  type FieldErrors,
  invalidKeyName,
  invalidValue,
  missingField,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import type {KubeObject, ObjectMeta} from '../meta/object.ts'
import {dns1035LabelProblems, dns1035PrefixProblems} from '../name-rules.ts'
import type {AdmissionContext} from './admission-context.ts'
import {
  CREATOR_ANNOTATION,
  LAST_MODIFIER_ANNOTATION,
  PROGRESS_DEADLINE_ANNOTATION,
  ROLLOUT_DURATION_ANNOTATION,
} from './metadata-keys.ts'

/** Judges name and annotations. Autoscaling annotations belong to revisions and what is made of them. */
export function validateObjectMetadata(
  metadata: ObjectMeta,
  autoscaling: 'allowed' | 'elsewhere',
  context: AdmissionContext,
): FieldErrors {
  const annotations =
    autoscaling === 'allowed'
      ? validateAutoscalingAnnotations(context.configs.autoscaler, metadata.annotations)
      : rejectAutoscaling(metadata.annotations)
  return validateName(metadata).also(annotations.viaField('annotations'))
}

function validateName(metadata: ObjectMeta): FieldErrors {
  const {name, generateName = ''} = metadata
  if (generateName !== '') {
    const problems = dns1035PrefixProblems(generateName)
    if (problems.length > 0) {
      return fieldError(`not a DNS 1035 label prefix: [${problems.join(' ')}]`, ['generateName'])
    }
  }
  if (name !== '') {
    const problems = dns1035LabelProblems(name)
    if (problems.length > 0) {
      return fieldError(`not a DNS 1035 label: [${problems.join(' ')}]`, ['name'])
    }
  }
  if (generateName !== '' || name !== '') return NO_FIELD_ERRORS
  return fieldError('name or generateName is required', ['name'])
}

function rejectAutoscaling(annotations: ObjectMeta['annotations']): FieldErrors {
  let errors = NO_FIELD_ERRORS
  for (const key of Object.keys(annotations ?? {})) {
    if (!key.startsWith(AUTOSCALING_GROUP)) continue
    errors = errors.also(
      invalidKeyName(
        key,
        '',
        'autoscaling annotations must be put under "spec.template.metadata.annotations" to work',
      ),
    )
  }
  return errors
}

/** Judges how long a Route may take to move traffic. */
export function validateRolloutDuration(annotations: ObjectMeta['annotations']): FieldErrors {
  const found = findAnnotation(annotations, ROLLOUT_DURATION_ANNOTATION)
  return validateSeconds('rollout-duration', found)
}

/** Judges how long a revision's Deployment may take to make progress. */
export function validateProgressDeadline(annotations: ObjectMeta['annotations']): FieldErrors {
  const found = findAnnotation(annotations, PROGRESS_DEADLINE_ANNOTATION)
  return validateSeconds('progress-deadline', found)
}

function validateSeconds(
  what: string,
  found: {key: string; value: string} | undefined,
): FieldErrors {
  if (found === undefined || found.value === '') return NO_FIELD_ERRORS
  const {key, value} = found
  let durationMs: number
  try {
    durationMs = parseDuration(value)
  } catch {
    return invalidValue(value, key)
  }
  if (!isWholeSeconds(durationMs)) {
    return fieldError(`${what}=${value} is not at second precision`, [key])
  }
  return durationMs < 0 ? fieldError(`${what}=${value} must be positive`, [key]) : NO_FIELD_ERRORS
}

/** Refuses a label that names an owner which the owner references do not. */
export function validateOwnerLabel(
  metadata: ObjectMeta,
  label: string,
  ownerKind: string,
): FieldErrors {
  const name = metadata.labels?.[label]
  if (name === undefined) return NO_FIELD_ERRORS
  const owners = metadata.ownerReferences ?? []
  if (owners.some((owner) => owner.kind === ownerKind && owner.name === name)) {
    return NO_FIELD_ERRORS
  }
  return missingField(label)
}

/** Refuses changes of the annotations that say who created and who changed an object. */
export function validateUserAnnotations<T extends KubeObject & {spec: unknown}>(
  object: T,
  old: T,
): FieldErrors {
  const before = old.metadata.annotations ?? {}
  const after = object.metadata.annotations ?? {}
  let errors = NO_FIELD_ERRORS
  if (before[CREATOR_ANNOTATION] !== after[CREATOR_ANNOTATION]) {
    errors = fieldError('annotation value is immutable', [CREATOR_ANNOTATION])
  }
  const modifier = after[LAST_MODIFIER_ANNOTATION]
  if (before[LAST_MODIFIER_ANNOTATION] !== modifier && semanticEqual(old.spec, object.spec)) {
    errors = errors.also(invalidValue(modifier ?? '', LAST_MODIFIER_ANNOTATION))
  }
  return errors
}

/** Judges how many requests a container may get at once. */
export function validateContainerConcurrency(
  concurrency: number | undefined,
  context: AdmissionContext,
): FieldErrors {
  if (concurrency === undefined) return NO_FIELD_ERRORS
  const {allowContainerConcurrencyZero, containerConcurrencyMaxLimit} = context.configs.defaults
  const min = allowContainerConcurrencyZero ? 0 : 1
  if (concurrency >= min && concurrency <= containerConcurrencyMaxLimit) return NO_FIELD_ERRORS
  return outOfBounds(concurrency, min, containerConcurrencyMaxLimit, '')
}
