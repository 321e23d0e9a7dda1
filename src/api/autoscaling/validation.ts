/** Judges autoscaling annotations. Counterpart of `pkg/apis/autoscaling/annotation_validation.go`. */
import {formatDuration, isWholeSeconds, parseDuration} from '../../util/duration.ts'
import {parseFloat64, parseInteger} from '../../util/strconv.ts'
import type {AutoscalerConfig} from '../config/autoscaler.ts'
import {
  fieldError,
  type FieldErrors,
  invalidValue,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import * as keys from './annotations.ts'

type Annotations = Readonly<Record<string, string>>

const MAX_INT32 = 2_147_483_647
const ALGORITHMS = ['linear', 'weighted-exponential', 'weightedExponential']

/** Judges all annotations of `autoscaling.knative.dev`; others are not looked at. */
export function validateAutoscalingAnnotations(
  config: AutoscalerConfig,
  annotations: Annotations | undefined,
): FieldErrors {
  if (annotations === undefined) return NO_FIELD_ERRORS
  return validateClass(annotations).also(
    validateScales(config, annotations),
    validateFloats(annotations),
    validateWindow(annotations),
    validatePeriod(annotations, keys.SCALE_TO_ZERO_POD_RETENTION_PERIOD_ANNOTATION, 'any'),
    validatePeriod(annotations, keys.SCALE_DOWN_DELAY_ANNOTATION, 'seconds'),
    validateMetric(config, annotations),
    validateAlgorithm(annotations),
    validateInitialScale(config, annotations),
  )
}

/** What `parse` gives, or undefined when it throws. */
function attempt<T>(parse: (text: string) => T, text: string): T | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function validateClass(annotations: Annotations): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.CLASS_ANNOTATION)
  if (found === undefined || !found.value.endsWith('.knative.dev')) return NO_FIELD_ERRORS
  if (found.value === keys.KPA_CLASS || found.value === keys.HPA_CLASS) return NO_FIELD_ERRORS
  return invalidValue(found.value, found.key)
}

function validateAlgorithm(annotations: Annotations): FieldErrors {
  if (keys.findAnnotation(annotations, keys.CLASS_ANNOTATION)?.value !== keys.KPA_CLASS) {
    return NO_FIELD_ERRORS
  }
  const found = keys.findAnnotation(annotations, keys.METRIC_AGGREGATION_ALGORITHM_ANNOTATION)
  if (found === undefined || found.value === '' || ALGORITHMS.includes(found.value)) {
    return NO_FIELD_ERRORS
  }
  return invalidValue(found.value, found.key)
}

function validateFloats(annotations: Annotations): FieldErrors {
  return validatePercentage(
    annotations,
    keys.PANIC_WINDOW_PERCENTAGE_ANNOTATION,
    keys.PANIC_WINDOW_PERCENTAGE_MIN,
    keys.PANIC_WINDOW_PERCENTAGE_MAX,
  ).also(
    validatePercentage(
      annotations,
      keys.PANIC_THRESHOLD_PERCENTAGE_ANNOTATION,
      keys.PANIC_THRESHOLD_PERCENTAGE_MIN,
      keys.PANIC_THRESHOLD_PERCENTAGE_MAX,
    ),
    validateTarget(annotations),
    validatePercentage(annotations, keys.TARGET_UTILIZATION_PERCENTAGE_ANNOTATION, 1, 100),
    validateBurstCapacity(annotations),
  )
}

function validatePercentage(
  annotations: Annotations,
  names: keys.AnnotationKeys,
  min: number,
  max: number,
): FieldErrors {
  const found = keys.findAnnotation(annotations, names)
  if (found === undefined) return NO_FIELD_ERRORS
  const value = attempt(parseFloat64, found.value)
  if (value === undefined) return invalidValue(found.value, found.key)
  if (value < min || value > max) return outOfBounds(found.value, min, max, found.key)
  return NO_FIELD_ERRORS
}

function validateTarget(annotations: Annotations): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.TARGET_ANNOTATION)
  if (found === undefined) return NO_FIELD_ERRORS
  const target = attempt(parseFloat64, found.value)
  if (target === undefined) return invalidValue(found.value, found.key)
  if (!(target < keys.TARGET_MIN)) return NO_FIELD_ERRORS
  return fieldError(`target ${found.value} should be at least ${keys.TARGET_MIN}`, [found.key])
}

function validateBurstCapacity(annotations: Annotations): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.TARGET_BURST_CAPACITY_ANNOTATION)
  if (found === undefined) return NO_FIELD_ERRORS
  const capacity = attempt(parseFloat64, found.value)
  const isBad = capacity === undefined || (capacity < 0 && capacity !== -1)
  return isBad ? invalidValue(found.value, found.key) : NO_FIELD_ERRORS
}

function validateWindow(annotations: Annotations): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.WINDOW_ANNOTATION)
  if (found === undefined) return NO_FIELD_ERRORS
  const {key, value} = found
  const windowMs = attempt(parseDuration, value)
  if (windowMs === undefined) return invalidValue(value, key)
  if (windowMs < keys.WINDOW_MIN_MS || windowMs > keys.WINDOW_MAX_MS) {
    const [min, max] = [formatDuration(keys.WINDOW_MIN_MS), formatDuration(keys.WINDOW_MAX_MS)]
    return outOfBounds(value, min, max, key)
  }
  return isWholeSeconds(windowMs) ? NO_FIELD_ERRORS : tooPrecise(key)
}

function validatePeriod(
  annotations: Annotations,
  names: keys.AnnotationKeys,
  precision: 'any' | 'seconds',
): FieldErrors {
  const found = keys.findAnnotation(annotations, names)
  if (found === undefined) return NO_FIELD_ERRORS
  const {key, value} = found
  const periodMs = attempt(parseDuration, value)
  if (periodMs === undefined) return invalidValue(value, key)
  if (periodMs < 0 || periodMs > keys.WINDOW_MAX_MS) {
    return outOfBounds(value, '0s', formatDuration(keys.WINDOW_MAX_MS), key)
  }
  if (precision === 'any' || isWholeSeconds(periodMs)) return NO_FIELD_ERRORS
  return tooPrecise(key)
}

function tooPrecise(key: string): FieldErrors {
  return fieldError('must be specified with at most second precision', [key])
}

function validateMetric(config: AutoscalerConfig, annotations: Annotations): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.METRIC_ANNOTATION)
  if (found === undefined) return NO_FIELD_ERRORS
  const metric = found.value
  const autoscaler =
    keys.findAnnotation(annotations, keys.CLASS_ANNOTATION)?.value ?? config.podAutoscalerClass
  const known =
    autoscaler === keys.KPA_CLASS
      ? metric === 'concurrency' || metric === 'rps'
      : autoscaler !== keys.HPA_CLASS || metric !== ''
  return known ? NO_FIELD_ERRORS : invalidValue(metric, found.key)
}

function validateInitialScale(config: AutoscalerConfig, annotations: Annotations): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.INITIAL_SCALE_ANNOTATION)
  if (found === undefined) return NO_FIELD_ERRORS
  const {key, value} = found
  const scale = attempt((text) => parseInteger(text, 64), value)
  if (scale === undefined) return invalidValue(value, key)
  if (scale < 0) return invalidValue(value, `${key} must be greater than 0`)
  if (scale > 0 || config.allowZeroInitialScale) return NO_FIELD_ERRORS
  return invalidValue(value, `${key}=0 not allowed by cluster`)
}

function validateScales(config: AutoscalerConfig, annotations: Annotations): FieldErrors {
  const min = readScale(annotations, keys.MIN_SCALE_ANNOTATION)
  const max = readScale(annotations, keys.MAX_SCALE_ANNOTATION)
  let errors = min.errors.also(max.errors)
  if (max.scale !== 0 && max.scale < min.scale) {
    errors = errors.also(
      fieldError(`max-scale=${max.scale} is less than min-scale=${min.scale}`, [
        keys.MAX_SCALE_ANNOTATION[0],
        keys.MIN_SCALE_ANNOTATION[0],
      ]),
    )
  }
  if (max.key !== undefined) {
    errors = errors.also(validateLimit(max.key, max.scale, config.maxScaleLimit))
  }
  return errors.also(validateActivationScale(annotations, min.scale, max.scale))
}

function readScale(
  annotations: Annotations,
  names: keys.AnnotationKeys,
): {key?: string; scale: number; errors: FieldErrors} {
  const found = keys.findAnnotation(annotations, names)
  if (found === undefined) return {scale: 0, errors: NO_FIELD_ERRORS}
  const {key, value} = found
  try {
    const scale = parseInteger(value, 32)
    if (scale >= 0) return {key, scale, errors: NO_FIELD_ERRORS}
    return {key, scale: 0, errors: outOfBounds(value, 0, MAX_INT32, key)}
  } catch (error) {
    const errors =
      error instanceof RangeError ? outOfBounds(value, 0, MAX_INT32, key) : invalidValue(value, key)
    return {key, scale: 0, errors}
  }
}

function validateLimit(key: string, scale: number, limit: number): FieldErrors {
  if (limit === 0) return NO_FIELD_ERRORS
  if (scale > limit) return outOfBounds(scale, 1, limit, key)
  if (scale > 0) return NO_FIELD_ERRORS
  return fieldError(`max-scale=0 (unlimited), must be less than ${limit}`, [key])
}

function validateActivationScale(annotations: Annotations, min: number, max: number): FieldErrors {
  const found = keys.findAnnotation(annotations, keys.ACTIVATION_SCALE_ANNOTATION)
  if (found === undefined) return NO_FIELD_ERRORS
  const {key, value} = found
  const scale = attempt((text) => parseInteger(text, 32), value)
  if (scale === undefined) return invalidValue(value, key)
  if (min > scale) {
    return fieldError(`min-scale=${min} is greater than activation-scale=${scale}`, [key])
  }
  if (max < scale && max !== 0) {
    return fieldError(`max-scale=${max} is less than activation-scale=${scale}`, [key])
  }
  if (scale >= 2) return NO_FIELD_ERRORS
  return fieldError(`activation-scale=${scale} must be greater than 1`, [key])
}
