/** Revisions and their templates. Counterpart of `pkg/apis/serving/v1/revision_validation.go`. */
import {parseQuantity} from '../../util/quantity.ts'
import {formatFloat, parseFloat64, quote} from '../../util/strconv.ts'
import {describeChanges} from '../describe-changes.ts'
import {findAnnotation} from '../autoscaling/annotations.ts'
import {validateAutoscalingAnnotations} from '../autoscaling/validation.ts'
import {
  disallowedFields,
  fieldError,
  type FieldErrors,
  invalidValue,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import type {ObjectMeta} from '../meta/object.ts'
import {dns1035LabelProblems, dns1035PrefixProblems} from '../name-rules.ts'
import type {AdmissionContext, TemplateContext} from './admission-context.ts'
import {QUEUE_SIDECAR_ANNOTATIONS} from './metadata-keys.ts'
import {validateContainerConcurrency, validateProgressDeadline} from './metadata-validation.ts'
import {validatePodSpec} from './pod-spec-validation.ts'
import type {RevisionSpec, RevisionTemplateSpec} from './v1.ts'

/** Judges the template of a Service or Configuration. */
export function validateTemplate(
  template: RevisionTemplateSpec,
  context: TemplateContext,
): FieldErrors {
  const annotations = template.metadata?.annotations
  return validateRevisionSpec(template.spec, context)
    .viaField('spec')
    .also(
      validateAutoscalingAnnotations(context.configs.autoscaler, annotations).viaField(
        'metadata.annotations',
      ),
      validateRevisionName(template.metadata ?? {}, context.parent),
      validateQueueSidecar(annotations).viaField('metadata.annotations'),
      validateProgressDeadline(annotations).viaField('metadata.annotations'),
    )
}

/** Judges the spec of a Revision. */
export function validateRevisionSpec(spec: RevisionSpec, context: AdmissionContext): FieldErrors {
  return validatePodSpec(spec, context).also(
    validateTimeout(spec.timeoutSeconds ?? 0, context),
    validateContainerConcurrency(spec.containerConcurrency, context).viaField(
      'containerConcurrency',
    ),
  )
}

function validateTimeout(timeoutSeconds: number, context: AdmissionContext): FieldErrors {
  const max = context.configs.defaults.maxRevisionTimeoutSeconds
  if (timeoutSeconds >= 0 && timeoutSeconds <= max) return NO_FIELD_ERRORS
  return outOfBounds(timeoutSeconds, 0, max, 'timeoutSeconds')
}

/** A name that somebody chose for a revision starts with the name of what it belongs to. */
function validateRevisionName(
  metadata: Partial<ObjectMeta>,
  parent: Partial<ObjectMeta>,
): FieldErrors {
  const {name = '', generateName = ''} = metadata
  if (generateName !== '') {
    const problems = dns1035PrefixProblems(generateName)
    if (problems.length > 0) {
      const message = `not a DNS 1035 label prefix: [${problems.join(' ')}]`
      return invalidValue(message, 'metadata.generateName')
    }
  }
  if (name === '') return NO_FIELD_ERRORS
  const problems = dns1035LabelProblems(name)
  if (problems.length > 0) {
    return invalidValue(`not a DNS 1035 label: [${problems.join(' ')}]`, 'metadata.name')
  }
  const parentName = parent.name ?? ''
  // Nobody knows yet how the parent will be called.
  if (parentName === '' && (parent.generateName ?? '') !== '') {
    return disallowedFields('metadata.name')
  }
  const prefix = `${parentName}-`
  if (name.startsWith(prefix)) return NO_FIELD_ERRORS
  return invalidValue(`${quote(name)} must have prefix ${quote(prefix)}`, 'metadata.name')
}

const RESOURCE_PERCENTAGE_DEPRECATED =
  'Queue proxy resource percentage annotation is deprecated. Please use the available annotations to explicitly set resource values per service'

function validateQueueSidecar(annotations: ObjectMeta['annotations']): FieldErrors {
  if (annotations === undefined) return NO_FIELD_ERRORS
  const {resourcePercentage, ...quantities} = QUEUE_SIDECAR_ANNOTATIONS
  let errors = NO_FIELD_ERRORS
  const percentage = findAnnotation(annotations, resourcePercentage)
  if (percentage !== undefined) {
    errors = fieldError(RESOURCE_PERCENTAGE_DEPRECATED, [])
      .at('warning')
      .also(validatePercentage(percentage.value).viaKey(percentage.key))
  }
  for (const keys of Object.values(quantities)) {
    const found = findAnnotation(annotations, keys)
    if (found === undefined) continue
    try {
      parseQuantity(found.value)
    } catch {
      errors = errors.also(invalidValue(found.value, '').viaKey(found.key))
    }
  }
  return errors
}

function validatePercentage(text: string): FieldErrors {
  let value: number
  try {
    value = parseFloat64(text)
  } catch {
    return invalidValue(text, '')
  }
  if (value < 0.1 || value > 100) return outOfBounds(formatFloat(value), 0.1, 100, '')
  return NO_FIELD_ERRORS
}

/** Refuses a changed template under a name that somebody chose and that is taken by the old one. */
export function validateNameChange(
  template: RevisionTemplateSpec,
  old: RevisionTemplateSpec,
): FieldErrors {
  const name = template.metadata?.name ?? ''
  if (name === '' || name !== old.metadata?.name) return NO_FIELD_ERRORS
  const diff = describeChanges(old, template, 'spec.template')
  if (diff === '') return NO_FIELD_ERRORS
  return fieldError(
    'Saw the following changes without a name change (-old +new)',
    ['metadata.name'],
    diff,
  )
}
