/** `config-autoscaler`. Counterpart of knative.dev/serving `pkg/autoscaler/config`. */
import {messageOf} from '../../util/message-of.ts'
import {formatDuration, isWholeSeconds} from '../../util/duration.ts'
import {formatFloat} from '../../util/strconv.ts'
import {
  KPA_CLASS,
  PANIC_WINDOW_PERCENTAGE_MAX,
  PANIC_WINDOW_PERCENTAGE_MIN,
  TARGET_MIN,
  WINDOW_MAX_MS,
  WINDOW_MIN_MS,
} from '../autoscaling/annotations.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** The cluster-wide settings of the autoscaler. */
export interface AutoscalerConfig {
  readonly podAutoscalerClass: string
  readonly enableScaleToZero: boolean
  readonly allowZeroInitialScale: boolean
  readonly maxScaleUpRate: number
  readonly maxScaleDownRate: number
  /** In (0, 1], although the ConfigMap says it in percent. */
  readonly containerConcurrencyTargetFraction: number
  readonly containerConcurrencyTargetDefault: number
  /** Used for metrics other than concurrency; no key sets it. */
  readonly targetUtilization: number
  readonly rpsTargetDefault: number
  /** -1: the activator stays in the path. */
  readonly targetBurstCapacity: number
  readonly panicWindowPercentage: number
  readonly activatorCapacity: number
  readonly panicThresholdPercentage: number
  readonly initialScale: number
  readonly minScale: number
  /** 0: no limit. */
  readonly maxScale: number
  /** 0: no limit. */
  readonly maxScaleLimit: number
  readonly stableWindowMs: number
  readonly scaleDownDelayMs: number
  readonly scaleToZeroGracePeriodMs: number
  readonly scaleToZeroPodRetentionPeriodMs: number
}

const DEFAULT_TARGET_UTILIZATION = 0.7

/** Reads and judges `config-autoscaler`. Throws an Error with the text of upstream. */
export function parseAutoscalerConfig(data: ConfigData): AutoscalerConfig {
  const config = readConfig(data)
  for (const problem of problems(config)) throw new Error(problem)
  return config
}

function readConfig(data: ConfigData): AutoscalerConfig {
  const read = new ConfigReader(data)
  try {
    const podAutoscalerClass = read.string('pod-autoscaler-class', KPA_CLASS)
    const enableScaleToZero = read.boolean('enable-scale-to-zero', true)
    const allowZeroInitialScale = read.boolean('allow-zero-initial-scale', false)
    const maxScaleUpRate = read.float('max-scale-up-rate', 1000)
    const maxScaleDownRate = read.float('max-scale-down-rate', 2)
    const percentage = read.float(
      'container-concurrency-target-percentage',
      DEFAULT_TARGET_UTILIZATION,
    )
    return {
      podAutoscalerClass,
      enableScaleToZero,
      allowZeroInitialScale,
      maxScaleUpRate,
      maxScaleDownRate,
      // Values up to 1 were fractions once and still are, so the smallest percentage is above 1.
      containerConcurrencyTargetFraction: percentage > 1 ? percentage / 100 : percentage,
      containerConcurrencyTargetDefault: read.float('container-concurrency-target-default', 100),
      targetUtilization: DEFAULT_TARGET_UTILIZATION,
      rpsTargetDefault: read.float('requests-per-second-target-default', 200),
      targetBurstCapacity: read.float('target-burst-capacity', 211),
      panicWindowPercentage: read.float('panic-window-percentage', 10),
      activatorCapacity: read.float('activator-capacity', 100),
      panicThresholdPercentage: read.float('panic-threshold-percentage', 200),
      initialScale: read.int32('initial-scale', 1),
      minScale: read.int32('min-scale', 0),
      maxScale: read.int32('max-scale', 0),
      maxScaleLimit: read.int32('max-scale-limit', 0),
      stableWindowMs: read.duration('stable-window', 60_000),
      scaleDownDelayMs: read.duration('scale-down-delay', 0),
      scaleToZeroGracePeriodMs: read.duration('scale-to-zero-grace-period', 30_000),
      scaleToZeroPodRetentionPeriodMs: read.duration('scale-to-zero-pod-retention-period', 0),
    }
  } catch (error) {
    throw new Error(`failed to parse data: ${messageOf(error)}`, {cause: error})
  }
}

/** What is wrong, in the order upstream looks; the first one is what people read. */
function* problems(config: AutoscalerConfig): Generator<string> {
  yield* durationProblems(config)
  yield* targetProblems(config)
  yield* windowProblems(config)
  yield* scaleProblems(config)
}

function* durationProblems(config: AutoscalerConfig): Generator<string> {
  const {scaleToZeroGracePeriodMs, scaleDownDelayMs, scaleToZeroPodRetentionPeriodMs} = config
  if (scaleToZeroGracePeriodMs <= 0) {
    const was = formatDuration(scaleToZeroGracePeriodMs)
    yield `scale-to-zero-grace-period must be positive, was: ${was}`
  }
  const delay = formatDuration(scaleDownDelayMs)
  if (scaleDownDelayMs < 0) yield `scale-down-delay cannot be negative, was: ${delay}`
  if (!isWholeSeconds(scaleDownDelayMs)) {
    yield `scale-down-delay = ${delay}, must be specified with at most second precision`
  }
  if (scaleToZeroPodRetentionPeriodMs < 0) {
    const was = formatDuration(scaleToZeroPodRetentionPeriodMs)
    yield `scale-to-zero-pod-retention-period cannot be negative, was: ${was}`
  }
}

function* targetProblems(config: AutoscalerConfig): Generator<string> {
  const burst = config.targetBurstCapacity
  if (burst < 0 && burst !== -1) {
    yield `target-burst-capacity must be either non-negative or -1 (for unlimited), was: ${burst.toFixed(6)}`
  }
  const fraction = config.containerConcurrencyTargetFraction
  if (fraction <= 0 || fraction > 1) {
    yield `container-concurrency-target-percentage = ${fraction.toFixed(6)} is outside of valid range of (0, 100]`
  }
  const target = fraction * config.containerConcurrencyTargetDefault
  if (target < TARGET_MIN) {
    yield `container-concurrency-target-percentage and container-concurrency-target-default yield target concurrency of ${formatFloat(target)}, can't be less than ${TARGET_MIN}`
  }
  if (config.rpsTargetDefault < TARGET_MIN) {
    yield `requests-per-second-target-default must be at least ${TARGET_MIN}, was: ${formatFloat(config.rpsTargetDefault)}`
  }
  if (config.activatorCapacity < 1) {
    yield `activator-capacity = ${formatFloat(config.activatorCapacity)}, must be at least 1`
  }
  if (config.maxScaleUpRate <= 1) {
    yield `max-scale-up-rate = ${formatFloat(config.maxScaleUpRate)}, must be greater than 1.0`
  }
  if (config.maxScaleDownRate <= 1) {
    yield `max-scale-down-rate = ${formatFloat(config.maxScaleDownRate)}, must be greater than 1.0`
  }
}

function* windowProblems(config: AutoscalerConfig): Generator<string> {
  const {stableWindowMs, panicWindowPercentage} = config
  const window = formatDuration(stableWindowMs)
  if (stableWindowMs < WINDOW_MIN_MS || stableWindowMs > WINDOW_MAX_MS) {
    const range = `[${formatDuration(WINDOW_MIN_MS)}; ${formatDuration(WINDOW_MAX_MS)}]`
    yield `stable-window = ${window}, must be in ${range} range`
  }
  if (!isWholeSeconds(stableWindowMs)) {
    yield `stable-window = ${window}, must be specified with at most second precision`
  }
  if (
    panicWindowPercentage < PANIC_WINDOW_PERCENTAGE_MIN ||
    panicWindowPercentage > PANIC_WINDOW_PERCENTAGE_MAX
  ) {
    const interval = `[${PANIC_WINDOW_PERCENTAGE_MIN}, ${PANIC_WINDOW_PERCENTAGE_MAX}]`
    yield `panic-window-percentage = ${formatFloat(panicWindowPercentage)}, must be in ${interval} interval`
  }
}

function* scaleProblems(config: AutoscalerConfig): Generator<string> {
  const {initialScale, minScale, maxScale, maxScaleLimit} = config
  if (initialScale < 0 || (initialScale === 0 && !config.allowZeroInitialScale)) {
    yield `initial-scale = ${initialScale}, must be at least 0 (or at least 1 when allow-zero-initial-scale is false)`
  }
  if (minScale < 0) yield `min-scale = ${minScale}, must be at least 0`
  // With a limit, "unlimited" is no longer a choice.
  const smallestMaxScale = maxScaleLimit > 0 ? 1 : 0
  if (maxScale < smallestMaxScale || (maxScaleLimit > 0 && maxScale > maxScaleLimit)) {
    yield `max-scale = ${maxScale}, must be in [${smallestMaxScale}, max-scale-limit(${maxScaleLimit})] range`
  }
  if (maxScaleLimit < 0) yield `max-scale-limit = ${maxScaleLimit}, must be at least 0`
  if (minScale > maxScale && maxScale > 0) {
    yield `min-scale (${minScale}) must be less than max-scale (${maxScale})`
  }
}
