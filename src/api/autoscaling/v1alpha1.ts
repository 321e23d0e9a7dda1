/** `autoscaling.internal.knative.dev`. Counterpart of knative.dev/serving `pkg/apis/autoscaling/v1alpha1`. */
import type {ValueOf} from '../go-types/declare.ts'
import type {INTERNAL_KIND_TYPES} from '../go-types/internal.ts'
import type {STATUS_TYPES} from '../go-types/status.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** PodAutoscaler (PA): a revision's wish to be scaled. */
export interface PodAutoscaler
  extends KubeObject, ValueOf<typeof INTERNAL_KIND_TYPES.PodAutoscaler> {
  /** Empty at first. */
  status?: Partial<ValueOf<typeof STATUS_TYPES.PodAutoscaler>>
}
/** Metric: what to measure. Windows are nanoseconds, as Go durations. */
export interface Metric extends KubeObject, ValueOf<typeof INTERNAL_KIND_TYPES.Metric> {
  status?: ValueOf<typeof STATUS_TYPES.Metric>
}

export const POD_AUTOSCALERS = resourceType<PodAutoscaler>(
  'autoscaling.internal.knative.dev/v1alpha1',
  'PodAutoscaler',
  'podautoscalers',
)
export const METRICS = resourceType<Metric>(
  'autoscaling.internal.knative.dev/v1alpha1',
  'Metric',
  'metrics',
)
