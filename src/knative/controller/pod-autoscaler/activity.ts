import {
  type DeciderSpec,
  resolveInitialScale,
  resolveScaleBounds,
} from '../../../api/autoscaling/decider.ts'
import type {PodAutoscalerLifecycle} from '../../../api/autoscaling/pod-autoscaler-lifecycle.ts'
import type {PodAutoscaler} from '../../../api/autoscaling/v1alpha1.ts'
import type {AutoscalerConfig} from '../../../api/config/autoscaler.ts'
import {SCALE_UNKNOWN} from './scale.ts'

/** A decider as the reconciler sees it. */
export interface DeciderView {
  readonly spec: DeciderSpec
  readonly status: {readonly desiredScale: number; readonly excessBurstCapacity: number}
}

/**
 * Whether the revision's public name leads straight to its pods.
 *
 * | wanted scale | PA       | excess burst capacity | mode  |
 * | ------------ | -------- | --------------------- | ----- |
 * | unknown      | inactive | any                   | Proxy |
 * | > 0          | any      | ≥ 0                   | Serve |
 * | else         |          |                       | Proxy |
 *
 * With TLS inside the cluster the activator stays in the path always.
 */
export function chooseMode(
  want: number,
  inactive: boolean,
  excessBurstCapacity: number,
  systemInternalTls: boolean,
): 'Proxy' | 'Serve' {
  if (systemInternalTls) return 'Proxy'
  if (want === SCALE_UNKNOWN && inactive) return 'Proxy'
  return want > 0 && excessBurstCapacity >= 0 ? 'Serve' : 'Proxy'
}

/** How many ready pods make a revision active: until it was active once, its initial scale. */
function activeThreshold(
  pa: PodAutoscaler,
  config: AutoscalerConfig,
  initialized: boolean,
): number {
  const {min} = resolveScaleBounds(pa, config)
  return Math.max(min, initialized ? 1 : resolveInitialScale(pa, config))
}

/**
 * Writes scale and Active condition.
 *
 * | want | ready   | min | Active was | Active becomes                                    |
 * | ---- | ------- | --- | ---------- | ------------------------------------------------- |
 * | 0    | any     | > 0 | Unknown    | False, TimedOut: the only way down while starting |
 * | 0    | any     | any | else       | False, NoTraffic                                  |
 * | any  | any     | 0   | any        | False, NoTraffic: an initial scale of 0           |
 * | > 0  | < min   | > 0 | any        | Unknown, Queued                                   |
 * | -1   | < min   | > 0 | False      | False, NoTraffic: nothing measured since          |
 * | -1   | < min   | > 0 | else       | Unknown, Queued                                   |
 * | > 0  | ≥ min   | > 0 | any        | True                                              |
 * | -1   | ≥ min   | > 0 | False      | as it was                                         |
 * | -1   | ≥ min   | > 0 | else       | True                                              |
 */
export function computeStatus(
  pa: PodAutoscaler,
  lifecycle: PodAutoscalerLifecycle,
  scale: {readonly want: number; readonly ready: number},
  config: AutoscalerConfig,
): void {
  const {want, ready} = scale
  const status = (pa.status ??= {})
  status.desiredScale = want
  status.actualScale = ready

  const min = activeThreshold(pa, config, lifecycle.scaleTargetInitialized)
  if (ready >= min && (status.serviceName ?? '') !== '') lifecycle.markScaleTargetInitialized()

  const {activity} = lifecycle
  const goesOn = want > 0 || activity !== 'inactive'
  if (want === 0 || min === 0) {
    if (activity === 'activating' && min > 0) {
      lifecycle.markInactive('TimedOut', 'The target could not be activated.')
    } else {
      lifecycle.markInactive('NoTraffic', 'The target is not receiving traffic.')
    }
  } else if (ready >= min) {
    if (goesOn) lifecycle.markActive()
  } else if (goesOn) {
    lifecycle.markActivating(
      'Queued',
      'Requests to the target are being buffered as resources are provisioned.',
    )
  } else {
    lifecycle.markInactive('NoTraffic', 'The target is not receiving traffic.')
  }
}
