/** Counterpart of knative.dev/serving `pkg/apis/autoscaling/v1alpha1/metric_lifecycle.go`. */
import {ConditionManager, livingConditionSet} from '../condition-set.ts'
import {statusOf} from '../reconcile-status.ts'
import type {Metric} from './v1alpha1.ts'

/** A Metric is Ready or not, nothing else. */
export const METRIC_CONDITIONS = livingConditionSet()

/** Says in the status of a Metric whether the load of its revision is known. */
export class MetricLifecycle {
  readonly #conditions: ConditionManager

  constructor(metric: Metric, nowMs: number) {
    this.#conditions = new ConditionManager(METRIC_CONDITIONS, statusOf(metric), nowMs)
  }

  /** The load is being collected. */
  markReady(): void {
    this.#conditions.markTrue('Ready')
  }

  /** The load may be known soon. */
  markNotReady(reason: string, message: string): void {
    this.#conditions.markUnknown('Ready', reason, message)
  }

  /** The load cannot be read. */
  markFailed(reason: string, message: string): void {
    this.#conditions.markFalse('Ready', reason, message)
  }
}
