import {METRIC_CONDITIONS} from '../../../api/autoscaling/metric-lifecycle.ts'
import type {Metric} from '../../../api/autoscaling/v1alpha1.ts'
import {PODS} from '../../../api/core/v1.ts'
import {REVISION_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {type Collector, MetricReconciler} from './reconciler.ts'

/** The autoscaler's collector, as the controller follows it. */
interface WatchedCollector extends Collector {
  /** Calls `changed` with the revision whose pods begin or cease to be readable. */
  watch(changed: (revision: string) => void): void
  /** Says that the pods of a revision changed. */
  wake(revision: string): void
}

/** What the controller of Metrics is given. */
export interface MetricControllerDeps extends KnativeControllerDeps {
  readonly collector: WatchedCollector
}

/** Builds the controller of Metrics. The name of a Metric is that of its revision. */
export function createMetricController(deps: MetricControllerDeps): Controller<Metric> {
  const {informers, collector} = deps
  const controller = createKnativeController(deps, {
    component: 'metric-controller',
    conditions: METRIC_CONDITIONS,
    reconciler: new MetricReconciler(collector),
  })
  collector.watch((revision) => controller.queue.add(revision))
  const wake = (pod: {metadata: {namespace?: string; labels?: Record<string, string>}}): void => {
    const {namespace = '', labels} = pod.metadata
    const revision = labels?.[REVISION_LABEL]
    if (revision !== undefined) collector.wake(`${namespace}/${revision}`)
  }
  informers.of(PODS).addHandler({onSet: wake, onDelete: wake})
  return controller
}
