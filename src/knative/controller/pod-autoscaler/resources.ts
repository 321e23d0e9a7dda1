/**
 * What a PodAutoscaler wants to exist, as pure functions.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/autoscaling/resources`.
 */
import {METRIC_ANNOTATION} from '../../../api/autoscaling/annotations.ts'
import {type DeciderSpec, resolveStableWindowMs} from '../../../api/autoscaling/decider.ts'
import {panicWindowPercentage} from '../../../api/autoscaling/pod-autoscaler-settings.ts'
import {
  type Metric,
  POD_AUTOSCALERS,
  type PodAutoscaler,
} from '../../../api/autoscaling/v1alpha1.ts'
import type {AutoscalerConfig} from '../../../api/config/autoscaler.ts'
import type {ObjectMeta} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import type {ServerlessService} from '../../../api/networking/v1alpha1.ts'
import {annotationsWithout} from '../metadata.ts'

const NS_PER_MS = 1e6
const NS_PER_SECOND = 1e9
/** However many replicas of the activator there are, a revision is served by at least this many. */
const MIN_ACTIVATORS = 2

/** How many activators a revision needs in its path, by what its pods and its burst can carry. */
export function countActivators(readyPods: number, spec: DeciderSpec): number {
  if (spec.targetBurstCapacity === 0) return MIN_ACTIVATORS
  const capacity = readyPods * spec.totalValue + Math.max(0, spec.targetBurstCapacity)
  return Math.max(MIN_ACTIVATORS, Math.ceil(capacity / spec.activatorCapacity))
}

/** The ServerlessService of a revision. */
export function makeServerlessService(
  pa: PodAutoscaler,
  mode: 'Proxy' | 'Serve',
  numActivators = MIN_ACTIVATORS,
): ServerlessService {
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ServerlessService',
    metadata: ownedMeta(pa, METRIC_ANNOTATION),
    spec: {
      mode,
      objectRef: pa.spec.scaleTargetRef,
      protocolType: pa.spec.protocolType,
      numActivators,
    },
  }
}

/** The Metric of a revision. An empty `scrapeTarget` says that the activator sees all requests. */
export function makeMetric(
  pa: PodAutoscaler,
  scrapeTarget: string,
  config: AutoscalerConfig,
): Metric {
  const stableWindow = resolveStableWindowMs(pa, config) * NS_PER_MS
  const percentage = panicWindowPercentage(pa) ?? config.panicWindowPercentage
  const panicSeconds = Math.round((stableWindow * percentage) / 100 / NS_PER_SECOND)
  return {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'Metric',
    metadata: ownedMeta(pa, []),
    spec: {stableWindow, panicWindow: Math.max(1, panicSeconds) * NS_PER_SECOND, scrapeTarget},
  }
}

function ownedMeta(pa: PodAutoscaler, withoutAnnotations: readonly string[]): ObjectMeta {
  const {name, namespace, labels, annotations} = pa.metadata
  return {
    name,
    ...(namespace !== undefined && {namespace}),
    ...(labels !== undefined && {labels: {...labels}}),
    ...annotationsWithout(annotations, withoutAnnotations),
    ownerReferences: [controllerReference(pa, POD_AUTOSCALERS)],
  }
}
