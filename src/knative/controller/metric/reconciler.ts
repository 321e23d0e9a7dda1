import {messageOf} from '../../../util/message-of.ts'
import {MetricLifecycle} from '../../../api/autoscaling/metric-lifecycle.ts'
import {type Metric, METRICS} from '../../../api/autoscaling/v1alpha1.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'

/** The autoscaler's collector of load, by revision (`namespace/name`). */
export interface Collector {
  /** Throws what the last scrape threw; an Error with a `reason` names its own. */
  createOrUpdate(metric: Metric): void
  delete(revision: string): void
}

/**
 * Reconciles Metrics: has the autoscaler collect the load of a revision.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/metric`.
 */
export class MetricReconciler implements KindReconciler<Metric> {
  readonly type = METRICS
  readonly #collector: Collector

  constructor(collector: Collector) {
    this.#collector = collector
  }

  observeDeleted(key: string): void {
    this.#collector.delete(key)
  }

  reconcileKind(draft: Metric, {clock}: ReconcileContext): Promise<ReconcileResult> {
    const lifecycle = new MetricLifecycle(draft, clock.now())
    try {
      this.#collector.createOrUpdate(draft)
      lifecycle.markReady()
    } catch (error) {
      // Trying again is of no use: the collector says when its pods can be read again.
      const message = messageOf(error)
      const reason = reasonOf(error)
      if (reason === 'NoEndpoints') lifecycle.markNotReady(reason, message)
      else if (reason === 'DidNotReceiveStat') lifecycle.markFailed(reason, message)
      else {
        lifecycle.markFailed(
          'CollectionFailed',
          `Failed to reconcile metric collection: ${message}`,
        )
      }
    }
    return Promise.resolve(undefined)
  }
}

function reasonOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'reason' in error ? error.reason : undefined
}
