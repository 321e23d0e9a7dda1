/** The annotations by which a revision tunes its scaling. Counterpart of `pkg/apis/autoscaling`. */

/** The group of the annotations. */
export const AUTOSCALING_GROUP = 'autoscaling.knative.dev'

/** The autoscaler of Knative. */
export const KPA_CLASS = 'kpa.autoscaling.knative.dev'
/** The horizontal pod autoscaler of Kubernetes. */
export const HPA_CLASS = 'hpa.autoscaling.knative.dev'

/** The smallest target of any metric. */
export const TARGET_MIN = 0.01
/** The shortest stable window: shorter than a few scrapes, averages mean nothing. */
export const WINDOW_MIN_MS = 6_000
/** The longest stable window, and the longest of the delays. */
export const WINDOW_MAX_MS = 3_600_000
export const PANIC_WINDOW_PERCENTAGE_MIN = 1
export const PANIC_WINDOW_PERCENTAGE_MAX = 100
export const PANIC_THRESHOLD_PERCENTAGE_MIN = 110
export const PANIC_THRESHOLD_PERCENTAGE_MAX = 1000

/** The spellings of one annotation, the one that wins first. */
export type AnnotationKeys = readonly [string, ...string[]]

export const CLASS_ANNOTATION: AnnotationKeys = ['autoscaling.knative.dev/class']
export const METRIC_ANNOTATION: AnnotationKeys = ['autoscaling.knative.dev/metric']
export const TARGET_ANNOTATION: AnnotationKeys = ['autoscaling.knative.dev/target']
export const WINDOW_ANNOTATION: AnnotationKeys = ['autoscaling.knative.dev/window']
export const ACTIVATION_SCALE_ANNOTATION: AnnotationKeys = [
  'autoscaling.knative.dev/activation-scale',
]
export const MIN_SCALE_ANNOTATION = spellings('min-scale', 'minScale')
export const MAX_SCALE_ANNOTATION = spellings('max-scale', 'maxScale')
export const INITIAL_SCALE_ANNOTATION = spellings('initial-scale', 'initialScale')
export const SCALE_DOWN_DELAY_ANNOTATION = spellings('scale-down-delay', 'scaleDownDelay')
export const TARGET_BURST_CAPACITY_ANNOTATION = spellings(
  'target-burst-capacity',
  'targetBurstCapacity',
)
export const TARGET_UTILIZATION_PERCENTAGE_ANNOTATION = spellings(
  'target-utilization-percentage',
  'targetUtilizationPercentage',
)
export const PANIC_WINDOW_PERCENTAGE_ANNOTATION = spellings(
  'panic-window-percentage',
  'panicWindowPercentage',
)
export const PANIC_THRESHOLD_PERCENTAGE_ANNOTATION = spellings(
  'panic-threshold-percentage',
  'panicThresholdPercentage',
)
export const METRIC_AGGREGATION_ALGORITHM_ANNOTATION = spellings(
  'metric-aggregation-algorithm',
  'metricAggregationAlgorithm',
)
export const SCALE_TO_ZERO_POD_RETENTION_PERIOD_ANNOTATION = spellings(
  'scale-to-zero-pod-retention-period',
  'scaleToZeroPodRetentionPeriod',
)

function spellings(name: string, legacyName: string): AnnotationKeys {
  return [`${AUTOSCALING_GROUP}/${name}`, `${AUTOSCALING_GROUP}/${legacyName}`]
}

/** The first spelling of an annotation that is present, and its value. */
export function findAnnotation(
  annotations: Readonly<Record<string, string>> | undefined,
  keys: AnnotationKeys,
): {key: string; value: string} | undefined {
  if (annotations === undefined) return undefined
  for (const key of keys) {
    const value = annotations[key]
    if (value !== undefined) return {key, value}
  }
  return undefined
}
