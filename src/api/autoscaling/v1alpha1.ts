/** `autoscaling.internal.knative.dev`. Counterpart of knative.dev/serving `pkg/apis/autoscaling/v1alpha1`. */
import type {ObjectReference} from '../core/v1.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'
import type {KnativeStatus} from '../serving/v1.ts'

/** PodAutoscaler (PA): a revision's wish to be scaled. */
export interface PodAutoscaler extends KubeObject {
  spec: {
    containerConcurrency?: number
    scaleTargetRef: ObjectReference
    reachability?: 'Reachable' | 'Unreachable' | ''
    protocolType?: 'http1' | 'h2c'
  }
  status?: KnativeStatus & {
    serviceName?: string
    metricsServiceName?: string
    desiredScale?: number
    actualScale?: number
  }
}
/** Metric: what to measure. Windows are nanoseconds, as Go durations. */
export interface Metric extends KubeObject {
  spec: {stableWindow: number; panicWindow: number; scrapeTarget: string}
  status?: KnativeStatus
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
