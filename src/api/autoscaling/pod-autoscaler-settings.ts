/**
 * The autoscaling annotations of a PodAutoscaler, typed. Each function answers undefined where the
 * annotation is absent or cannot be read, so that the cluster's setting applies.
 *
 * Counterpart of the accessors in knative.dev/serving `pkg/apis/autoscaling/v1alpha1/pa_lifecycle.go`.
 */
import {parseDuration} from '../../util/duration.ts'
import {parseFloat64, parseInteger} from '../../util/strconv.ts'
import * as keys from './annotations.ts'
import type {Metric, PodAutoscaler} from './v1alpha1.ts'
import {PROGRESS_DEADLINE_ANNOTATION} from '../serving/metadata-keys.ts'

/** The class of autoscaler that is asked; Knative's own where nothing is said. */
function autoscalerClass(pa: PodAutoscaler): string {
  return text(pa, keys.CLASS_ANNOTATION) ?? keys.KPA_CLASS
}

/** What is measured: the annotation, else the usual metric of the class. */
export function scalingMetric(pa: PodAutoscaler): string {
  const metric = text(pa, keys.METRIC_ANNOTATION)
  if (metric !== undefined) return metric
  const usual: Readonly<Record<string, string>> = {
    [keys.KPA_CLASS]: 'concurrency',
    [keys.HPA_CLASS]: 'cpu',
  }
  return usual[autoscalerClass(pa)] ?? ''
}

export function minScale(pa: PodAutoscaler): number | undefined {
  return int32(pa, keys.MIN_SCALE_ANNOTATION)
}

export function maxScale(pa: PodAutoscaler): number | undefined {
  return int32(pa, keys.MAX_SCALE_ANNOTATION)
}

export function initialScale(pa: PodAutoscaler): number | undefined {
  return int32(pa, keys.INITIAL_SCALE_ANNOTATION)
}

export function activationScale(pa: PodAutoscaler): number | undefined {
  return int32(pa, keys.ACTIVATION_SCALE_ANNOTATION)
}

/** What one pod is to be able to carry. */
export function target(pa: PodAutoscaler): number | undefined {
  return float(pa, keys.TARGET_ANNOTATION)
}

/** A fraction, although the annotation says percent. */
export function targetUtilization(pa: PodAutoscaler): number | undefined {
  const percentage = float(pa, keys.TARGET_UTILIZATION_PERCENTAGE_ANNOTATION)
  return percentage === undefined ? undefined : percentage / 100
}

export function targetBurstCapacity(pa: PodAutoscaler): number | undefined {
  return float(pa, keys.TARGET_BURST_CAPACITY_ANNOTATION)
}

export function panicWindowPercentage(pa: PodAutoscaler): number | undefined {
  return float(pa, keys.PANIC_WINDOW_PERCENTAGE_ANNOTATION)
}

export function panicThresholdPercentage(pa: PodAutoscaler): number | undefined {
  return float(pa, keys.PANIC_THRESHOLD_PERCENTAGE_ANNOTATION)
}

/** The stable window. */
export function windowMs(pa: PodAutoscaler): number | undefined {
  return duration(pa, keys.WINDOW_ANNOTATION)
}

export function scaleDownDelayMs(pa: PodAutoscaler): number | undefined {
  return duration(pa, keys.SCALE_DOWN_DELAY_ANNOTATION)
}

/** How long the last pod stays after the decision to go to zero. */
export function podRetentionMs(pa: PodAutoscaler): number | undefined {
  return duration(pa, keys.SCALE_TO_ZERO_POD_RETENTION_PERIOD_ANNOTATION)
}

/** How long the revision may take to become ready. */
export function progressDeadlineMs(pa: PodAutoscaler): number | undefined {
  return duration(pa, PROGRESS_DEADLINE_ANNOTATION)
}

/** How the windows of a metric average: `weighted-exponential`, or anything else for linear. */
export function aggregationAlgorithm(metric: Metric): string {
  const algorithm = text(metric, keys.METRIC_AGGREGATION_ALGORITHM_ANNOTATION) ?? ''
  return algorithm === 'weightedExponential' ? 'weighted-exponential' : algorithm
}

function text(object: PodAutoscaler | Metric, names: keys.AnnotationKeys): string | undefined {
  return keys.findAnnotation(object.metadata.annotations, names)?.value
}

function int32(pa: PodAutoscaler, names: keys.AnnotationKeys): number | undefined {
  return parsed(text(pa, names), (value) => parseInteger(value, 32))
}

function float(pa: PodAutoscaler, names: keys.AnnotationKeys): number | undefined {
  return parsed(text(pa, names), parseFloat64)
}

function duration(pa: PodAutoscaler, names: keys.AnnotationKeys): number | undefined {
  return parsed(text(pa, names), parseDuration)
}

/** The webhook has judged these values; one that slipped past it is as good as absent. */
function parsed(value: string | undefined, parse: (value: string) => number): number | undefined {
  if (value === undefined) return undefined
  try {
    return parse(value)
  } catch {
    return undefined
  }
}
