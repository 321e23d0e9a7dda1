import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  isJsonObject,
  jsonEqual,
  numberAt,
  objectAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {isTimeZone, scheduleProblem} from './cron-schedule.ts'
import {invalidValue, notSupported, oneOf, required, type FieldError} from './field-error.ts'
import {selectorMatches, validateLabelSelector} from './label-selector.ts'
import {notNegative} from './numbers.ts'
import {validatePodSpec} from './pod-spec.ts'
import {validateAnnotations, validateLabels} from './object-meta.ts'

const COMPLETION_MODES = ['NonIndexed', 'Indexed']
const RESTART_POLICIES = ['OnFailure', 'Never']
const CONCURRENCY_POLICIES = ['Allow', 'Forbid', 'Replace']
const REPLACEMENT_POLICIES = ['Failed', 'TerminatingOrFailed']
/** Pods of a CronJob have its name, a time and five characters more. */
const MAX_CRON_NAME = 52

/** What is wrong with a Job. Counterpart of `pkg/apis/batch/validation`. */
export function validateJob(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors = validateJobSpec(spec, 'spec')
  const selector = spec['selector']
  if (!isJsonObject(selector)) return [...errors, required('spec.selector')]
  errors.push(...validateLabelSelector(selector, 'spec.selector'))
  const labels = objectAt(objectAt(spec, 'template'), 'metadata')['labels']
  if (!selectorMatches(selector, isJsonObject(labels) ? labels : {})) {
    const detail = '`selector` does not match template `labels`'
    errors.push(invalidValue('spec.template.metadata.labels', labels, detail))
  }
  return errors
}

function validateJobSpec(spec: JsonObject, path: string): FieldError[] {
  const errors = notNegative(
    spec,
    path,
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  )
  errors.push(...validateCompletions(spec, path))
  errors.push(...validateTemplate(objectAt(spec, 'template'), `${path}.template`))
  return errors
}

function validateCompletions(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const mode = spec['completionMode']
  errors.push(...oneOf(`${path}.completionMode`, mode, COMPLETION_MODES))
  if (mode === 'Indexed') {
    if (numberAt(spec, 'completions') === undefined) {
      errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
    }
  } else {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      if (spec[field] === undefined) continue
      const detail = 'requires indexed completion mode'
      errors.push(invalidValue(`${path}.${field}`, spec[field], detail))
    }
  }
  const replacement = spec['podReplacementPolicy']
  const replacements = spec['podFailurePolicy'] === undefined ? REPLACEMENT_POLICIES : ['Failed']
  errors.push(...oneOf(`${path}.podReplacementPolicy`, replacement, replacements))
  return errors
}

function validateTemplate(template: JsonObject, path: string): FieldError[] {
  const meta = objectAt(template, 'metadata')
  const podSpec = objectAt(template, 'spec')
  const errors = [
    ...validateLabels(meta['labels'], `${path}.labels`),
    ...validateAnnotations(meta['annotations'], `${path}.annotations`),
    ...validatePodSpec(podSpec, `${path}.spec`),
  ]
  const policy = stringAt(podSpec, 'restartPolicy')
  if (policy === '' || policy === 'Always') {
    const detail = 'valid values: "OnFailure", "Never"'
    errors.push(required(`${path}.spec.restartPolicy`, detail))
  } else if (!RESTART_POLICIES.includes(policy)) {
    errors.push(notSupported(`${path}.spec.restartPolicy`, policy, RESTART_POLICIES))
  }
  return errors
}

/** What is wrong with a changed Job: what its pods are counted by stays. */
export function validateJobUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(asJson(old), 'spec')
  return ['completions', 'selector', 'template', 'completionMode'].flatMap((field) => {
    if (jsonEqual(spec[field], before[field])) return []
    // An Indexed Job may grow and shrink, with as many pods at a time as it needs.
    if (field === 'completions' && spec['completionMode'] === 'Indexed') {
      const detail = 'can only be modified in tandem with spec.parallelism'
      return spec[field] === spec['parallelism'] || spec[field] === undefined
        ? []
        : [invalidValue('spec.completions', spec[field], detail)]
    }
    return [invalidValue(`spec.${field}`, spec[field], 'field is immutable')]
  })
}

/** What is wrong with the status of a Job. */
export function validateJobStatus(object: JsonObject): FieldError[] {
  return notNegative(objectAt(object, 'status'), 'status', 'active', 'succeeded', 'failed')
}

/** What is wrong with a CronJob. */
export function validateCronJob(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors: FieldError[] = []
  const schedule = stringAt(spec, 'schedule')
  const problem = scheduleProblem(schedule)
  if (schedule === '') errors.push(required('spec.schedule'))
  else if (problem !== undefined) errors.push(invalidValue('spec.schedule', schedule, problem))
  if (schedule.includes('TZ')) {
    const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    errors.push(invalidValue('spec.schedule', schedule, detail))
  }
  errors.push(...notNegative(spec, 'spec', 'startingDeadlineSeconds'))
  errors.push(...validateTimeZone(spec['timeZone']))
  const policy = stringAt(spec, 'concurrencyPolicy')
  if (!CONCURRENCY_POLICIES.includes(policy)) {
    errors.push(
      policy === ''
        ? required('spec.concurrencyPolicy')
        : notSupported('spec.concurrencyPolicy', policy, CONCURRENCY_POLICIES),
    )
  }
  errors.push(...validateJobTemplate(objectAt(objectAt(spec, 'jobTemplate'), 'spec')))
  return [
    ...errors,
    ...notNegative(spec, 'spec', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'),
  ]
}

function validateTimeZone(zone: unknown): FieldError[] {
  const refuse = (detail: string): FieldError => invalidValue('spec.timeZone', zone, detail)
  if (typeof zone !== 'string') return []
  if (zone === '') return [refuse('timeZone must be nil or non-empty string')]
  const isName = zone
    .split('/')
    .every((part) => /^[A-Za-z.\-_0-9+]{1,14}$/.test(part) && !/^(\.{1,2}$|-)/.test(part))
  if (!isName) return [refuse(`unknown time zone ${zone}`)]
  if (zone.toLowerCase() === 'local') {
    const where = 'https://www.iana.org/time-zones'
    return [refuse(`timeZone must be an explicit time zone as defined in ${where}`)]
  }
  return isTimeZone(zone) ? [] : [refuse(`unknown time zone ${zone}`)]
}

function validateJobTemplate(spec: JsonObject): FieldError[] {
  const path = 'spec.jobTemplate.spec'
  const errors = validateJobSpec(spec, path)
  if (spec['selector'] !== undefined) {
    const detail = '`selector` will be auto-generated'
    errors.push(invalidValue(`${path}.selector`, spec['selector'], detail))
  }
  if (spec['manualSelector'] === true) {
    errors.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']))
  }
  return errors
}

/** The name of a new CronJob leaves room for what its Jobs add. */
export function validateNewCronJob(object: JsonObject): FieldError[] {
  const name = stringAt(objectAt(object, 'metadata'), 'name')
  return name.length > MAX_CRON_NAME
    ? [invalidValue('metadata.name', name, 'must be no more than 52 characters')]
    : []
}
