/** What workloads have in common: a template of pods and a selector that finds them again. */
import type {KubeObject} from '../../../../api/meta/object.ts'
import {
  asJson,
  isJsonObject,
  jsonEqual,
  objectAt,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {
  isEmptySelector,
  selectorMatches,
  validateLabelSelector,
} from '../../../apiserver/validation/label-selector.ts'
import {validateAnnotations, validateLabels} from '../../../apiserver/validation/object-meta.ts'
import {validatePodSpec} from './pod-spec.ts'

const TEMPLATE = 'spec.template'

/** What is wrong with the selector that a workload of `kind` must have. */
export function validateSelector(spec: JsonObject, kind: string): FieldError[] {
  const selector = spec['selector']
  if (!isJsonObject(selector)) return [required('spec.selector')]
  const errors = validateLabelSelector(selector, 'spec.selector')
  if (isEmptySelector(selector)) {
    errors.push(invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`))
  }
  return errors
}

/** The selector of a workload must select the pods of its template. */
function validateSelected(spec: JsonObject): FieldError[] {
  const labels = objectAt(objectAt(spec, 'template'), 'metadata')['labels']
  if (selectorMatches(spec['selector'], isJsonObject(labels) ? labels : {})) return []
  const detail = '`selector` does not match template `labels`'
  return [invalidValue(`${TEMPLATE}.metadata.labels`, labels, detail)]
}

function validateTemplate(spec: JsonObject): FieldError[] {
  const template = objectAt(spec, 'template')
  const meta = objectAt(template, 'metadata')
  return [
    ...validateLabels(meta['labels'], `${TEMPLATE}.labels`),
    ...validateAnnotations(meta['annotations'], `${TEMPLATE}.annotations`),
    ...validatePodSpec(objectAt(template, 'spec'), `${TEMPLATE}.spec`),
  ]
}

/** Pods that are kept running neither end nor have a deadline. */
function validateEndless(spec: JsonObject): FieldError[] {
  const podSpec = objectAt(objectAt(spec, 'template'), 'spec')
  const errors: FieldError[] = []
  const policy = stringAt(podSpec, 'restartPolicy')
  if (policy !== 'Always') {
    errors.push(notSupported(`${TEMPLATE}.spec.restartPolicy`, policy, ['Always']))
  }
  if (podSpec['activeDeadlineSeconds'] !== undefined) {
    const detail = 'activeDeadlineSeconds in ReplicaSet is not Supported'
    errors.push(forbidden(`${TEMPLATE}.spec.activeDeadlineSeconds`, detail))
  }
  return errors
}

/** What is wrong with the template of a Deployment or ReplicaSet. */
export function validateReplicated(spec: JsonObject): FieldError[] {
  return [...validateSelected(spec), ...validateTemplate(spec), ...validateEndless(spec)]
}

/** A workload keeps its selector. */
export function immutableSelector(object: JsonObject, old: KubeObject): FieldError[] {
  const selector = objectAt(object, 'spec')['selector']
  const before = objectAt(asJson(old), 'spec')['selector']
  return jsonEqual(selector, before)
    ? []
    : [invalidValue('spec.selector', selector, 'field is immutable')]
}
