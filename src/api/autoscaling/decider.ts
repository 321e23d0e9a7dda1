/**
 * What the autoscaler is told about a revision: ConfigMap, annotations and spec taken together.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/scaling.DeciderSpec` and
 * `pkg/reconciler/autoscaling/{kpa/,}resources`.
 */
import type {AutoscalerConfig} from '../config/autoscaler.ts'
import {TARGET_MIN} from './annotations.ts'
import * as settings from './pod-autoscaler-settings.ts'
import type {PodAutoscaler} from './v1alpha1.ts'

/** How one revision is scaled. */
export interface DeciderSpec {
  readonly maxScaleUpRate: number
  readonly maxScaleDownRate: number
  /** `concurrency`, `rps`, or what another class of autoscaler measures. */
  readonly scalingMetric: string
  /** What one pod is to carry. At most {@link totalValue}. */
  readonly targetValue: number
  /** What one pod can carry. */
  readonly totalValue: number
  /** Load that must find room at once. 0: none; -1: any, so the activator stays in the path. */
  readonly targetBurstCapacity: number
  /** What one activator can carry. */
  readonly activatorCapacity: number
  /** How many times the ready pods' capacity the load must reach before panic begins. */
  readonly panicThreshold: number
  readonly stableWindowMs: number
  readonly scaleDownDelayMs: number
  readonly initialScale: number
  /** Whether a route points at the revision. */
  readonly reachable: boolean
  /** The smallest scale above zero; 0 and 1 mean nothing. */
  readonly activationScale: number
}

/** What the autoscaler says about a revision. */
export interface DeciderStatus {
  /** -1 until there was a decision. */
  readonly desiredScale: number
  /** Room beyond the target burst capacity. Below zero the activator belongs into the path. */
  readonly excessBurstCapacity: number
}

/** Takes ConfigMap and PodAutoscaler together. */
export function makeDeciderSpec(pa: PodAutoscaler, config: AutoscalerConfig): DeciderSpec {
  const {target, total} = resolveMetricTarget(pa, config)
  return {
    maxScaleUpRate: config.maxScaleUpRate,
    maxScaleDownRate: config.maxScaleDownRate,
    scalingMetric: settings.scalingMetric(pa),
    targetValue: target,
    totalValue: total,
    targetBurstCapacity: resolveTargetBurstCapacity(pa, config),
    activatorCapacity: config.activatorCapacity,
    panicThreshold:
      (settings.panicThresholdPercentage(pa) ?? config.panicThresholdPercentage) / 100,
    stableWindowMs: resolveStableWindowMs(pa, config),
    scaleDownDelayMs: settings.scaleDownDelayMs(pa) ?? config.scaleDownDelayMs,
    initialScale: resolveInitialScale(pa, config),
    reachable: pa.spec.reachability !== 'Unreachable',
    activationScale: settings.activationScale(pa) ?? 0,
  }
}

/** The status a decider starts with: nothing decided, burst judged by the initial scale. */
export function initialDeciderStatus(spec: DeciderSpec): DeciderStatus {
  const burst = spec.targetBurstCapacity
  return {
    desiredScale: -1,
    excessBurstCapacity:
      burst === 0 || burst === -1 ? burst : Math.trunc(spec.initialScale * spec.totalValue - burst),
  }
}

/**
 * Smallest and largest scale. 0 means that a bound is not set.
 *
 * A revision without a route ignores its smallest scale: nobody would ever use those pods.
 */
export function resolveScaleBounds(
  pa: PodAutoscaler,
  config: AutoscalerConfig,
): {readonly min: number; readonly max: number} {
  const unreachable = pa.spec.reachability === 'Unreachable'
  return {
    min: unreachable ? 0 : (settings.minScale(pa) ?? config.minScale),
    max: settings.maxScale(pa) ?? config.maxScale,
  }
}

/** The scale a revision starts with; 0 from the annotation counts only where the cluster allows it. */
export function resolveInitialScale(pa: PodAutoscaler, config: AutoscalerConfig): number {
  const wanted = settings.initialScale(pa)
  if (wanted === undefined || (wanted === 0 && !config.allowZeroInitialScale)) {
    return config.initialScale
  }
  return wanted
}

/** The stable window of the revision, else the cluster's. */
export function resolveStableWindowMs(pa: PodAutoscaler, config: AutoscalerConfig): number {
  return settings.windowMs(pa) ?? config.stableWindowMs
}

/** The target burst capacity of the revision, else the cluster's. */
export function resolveTargetBurstCapacity(pa: PodAutoscaler, config: AutoscalerConfig): number {
  return settings.targetBurstCapacity(pa) ?? config.targetBurstCapacity
}

/**
 * What a pod is to carry (`target`) and what it can carry (`total`).
 *
 * | metric           | total                                       | utilisation            |
 * | ---------------- | ------------------------------------------- | ---------------------- |
 * | rps              | annotation, else requests-per-second-target | 70 %, or annotation    |
 * | anything else    | annotation, else containerConcurrency, else | container-concurrency- |
 * |                  | container-concurrency-target-default        | target-percentage      |
 *
 * With the concurrency metric an annotation never exceeds containerConcurrency: the pod would
 * queue what the autoscaler believes it serves.
 */
function resolveMetricTarget(
  pa: PodAutoscaler,
  config: AutoscalerConfig,
): {target: number; total: number} {
  const metric = settings.scalingMetric(pa)
  const limit = pa.spec.containerConcurrency ?? 0
  let total: number
  let utilization: number
  if (metric === 'rps') {
    total = config.rpsTargetDefault
    utilization = config.targetUtilization
  } else {
    total = limit === 0 ? config.containerConcurrencyTargetDefault : limit
    utilization = config.containerConcurrencyTargetFraction
  }
  const wanted = settings.target(pa)
  if (wanted !== undefined) {
    total = metric === 'concurrency' && limit !== 0 ? Math.min(wanted, limit) : wanted
  }
  utilization = settings.targetUtilization(pa) ?? utilization
  return {target: Math.max(TARGET_MIN, total * utilization), total}
}
