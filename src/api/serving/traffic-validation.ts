/** Traffic of Routes. Counterpart of `pkg/apis/serving/v1/route_validation.go`. */
import {quote} from '../../util/strconv.ts'
import {
  disallowedFields,
  fieldError,
  type FieldErrors,
  invalidArrayValue,
  invalidKeyName,
  missingOneOf,
  multipleOneOf,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import {dns1035LabelProblems, qualifiedNameProblems} from '../name-rules.ts'
import type {TrafficTarget} from './v1.ts'

/**
 * Judges the traffic of a spec. Inside a Service the Configuration is the Service's own and must
 * not be named; a Route must name a Configuration or a Revision in each target.
 */
export function validateTraffic(
  traffic: readonly TrafficTarget[] | undefined,
  configuration: 'named' | 'own',
): FieldErrors {
  const firstWithTag = new Map<string, number>()
  let errors = NO_FIELD_ERRORS
  let sum = 0
  for (const [index, target] of (traffic ?? []).entries()) {
    errors = errors.also(validateTarget(target, configuration).viaIndex(index))
    sum += target.percent ?? 0
    const tag = target.tag ?? ''
    if (tag === '') continue
    const problems = dns1035LabelProblems(tag)
    if (problems.length > 0) {
      const message = `not a DNS 1035 label: [${problems.join(' ')}]`
      errors = errors.also(invalidArrayValue(message, 'tag', index))
    }
    const first = firstWithTag.get(tag)
    if (first === undefined) firstWithTag.set(tag, index)
    else {
      const message = `Multiple definitions for ${quote(tag)}`
      errors = errors.also(fieldError(message, [`[${index}].tag`, `[${first}].tag`]))
    }
  }
  if (sum === 100) return errors
  return errors.also(fieldError(`Traffic targets sum to ${sum}, want 100`, ['']))
}

function validateTarget(target: TrafficTarget, configuration: 'named' | 'own'): FieldErrors {
  const {percent} = target
  return validateLatest(target).also(
    validateNames(target, configuration),
    percent !== undefined && (percent < 0 || percent > 100)
      ? outOfBounds(percent, 0, 100, 'percent')
      : NO_FIELD_ERRORS,
    (target.url ?? '') === '' ? NO_FIELD_ERRORS : disallowedFields('url'),
  )
}

function validateLatest(target: TrafficTarget): FieldErrors {
  const {latestRevision, revisionName = ''} = target
  if (latestRevision === undefined || latestRevision === (revisionName === '')) {
    return NO_FIELD_ERRORS
  }
  const message = `may not set revisionName ${quote(revisionName)} when latestRevision is ${latestRevision}`
  return fieldError(message, ['latestRevision'])
}

function validateNames(target: TrafficTarget, configuration: 'named' | 'own'): FieldErrors {
  const {revisionName = '', configurationName = ''} = target
  if (configuration === 'own' && configurationName !== '') {
    return disallowedFields('configurationName')
  }
  if (revisionName !== '' && configurationName !== '') {
    return multipleOneOf('revisionName', 'configurationName')
  }
  if (revisionName !== '') return validateKey(revisionName, 'revisionName')
  if (configurationName !== '') return validateKey(configurationName, 'configurationName')
  return configuration === 'own'
    ? NO_FIELD_ERRORS
    : missingOneOf('revisionName', 'configurationName')
}

function validateKey(name: string, field: string): FieldErrors {
  const problems = qualifiedNameProblems(name)
  return problems.length === 0 ? NO_FIELD_ERRORS : invalidKeyName(name, field, ...problems)
}
