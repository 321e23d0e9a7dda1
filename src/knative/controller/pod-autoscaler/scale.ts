/**
 * From the autoscaler's wish to the scale that is set: bounds, and the way down to zero.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/autoscaling/kpa/scaler.go`.
 */
import type {Activity} from '../../../api/autoscaling/pod-autoscaler-lifecycle.ts'

/** The autoscaler has not decided yet. */
export const SCALE_UNKNOWN = -1

/** Keeps a scale within bounds; 0 means that a bound is not set. */
export function applyBounds(bounds: {min: number; max: number}, scale: number): number {
  if (scale < bounds.min) return bounds.min
  return bounds.max !== 0 && scale > bounds.max ? bounds.max : scale
}

/** What the way down to zero depends on. */
export interface ZeroScaleSituation {
  readonly enableScaleToZero: boolean
  readonly activity: Activity | undefined
  /** How long `activity` has been what it is. */
  readonly activityForMs: number
  /** How long an activation may take. */
  readonly activationTimeoutMs: number
  readonly stableWindowMs: number
  readonly gracePeriodMs: number
  /** How long the last pod stays in any case. */
  readonly podRetentionMs: number
  readonly sksMode: 'Proxy' | 'Serve' | undefined
  /** How long the activator has been in the path. */
  readonly proxyForMs: number
  /** Whether requests reach the activator now. Looked at only while inactive. */
  readonly activatorInPath: boolean
}

/** What to do about a wish for zero. */
export interface ZeroScaleStep {
  readonly scale: number
  /** Whether the scale target is to be set to `scale`. If not, `scale` only goes into the status. */
  readonly apply: boolean
  /** When to look again, though nothing may have changed by then. */
  readonly againAfterMs?: number
}

/** Between two looks at whether the activator is in the path. */
const PROBE_AGAIN_MS = 1_000
/** Long enough for the status that goes with the decision to have arrived. */
const DEACTIVATED_AGAIN_MS = 3_000

/**
 * Decides what becomes of a wish for zero.
 *
 * | activity   | condition                                              | step                       |
 * | ---------- | ------------------------------------------------------ | -------------------------- |
 * | any        | scale to zero is off                                   | 1                          |
 * | activating | longer than the activation may take                    | 0: it will not succeed     |
 * | activating | else                                                   | wait                       |
 * | active     | for the stable window                                  | become inactive, keep pods |
 * | active     | else                                                   | 1 for the rest of it       |
 * | inactive   | the activator is not in the path                       | keep pods, look again      |
 * | inactive   | longer than grace period and retention                 | 0                          |
 * | inactive   | shorter than the retention                             | keep pods for the rest     |
 * | inactive   | activator in the path for the grace period             | 0                          |
 * | inactive   | else                                                   | keep pods for the rest     |
 */
export function decideZeroScale(seen: ZeroScaleSituation): ZeroScaleStep {
  if (!seen.enableScaleToZero) return {scale: 1, apply: true}
  if (seen.activity === 'activating') {
    const leftMs = seen.activationTimeoutMs - seen.activityForMs
    if (leftMs <= 0) return {scale: 0, apply: true}
    return {scale: SCALE_UNKNOWN, apply: false, againAfterMs: leftMs}
  }
  if (seen.activity === 'active') return deactivate(seen)
  return removeLastPods(seen)
}

function deactivate(seen: ZeroScaleSituation): ZeroScaleStep {
  const leftMs = seen.stableWindowMs - seen.activityForMs
  if (leftMs > 0) return {scale: 1, apply: true, againAfterMs: leftMs}
  // In proxy mode already, the ServerlessService will not change and nothing would call us again.
  if (seen.sksMode === 'Proxy') {
    return {scale: 0, apply: false, againAfterMs: DEACTIVATED_AGAIN_MS}
  }
  return {scale: 0, apply: false}
}

function removeLastPods(seen: ZeroScaleSituation): ZeroScaleStep {
  if (!seen.activatorInPath) return {scale: 0, apply: false, againAfterMs: PROBE_AGAIN_MS}
  const inactiveForMs = seen.activityForMs
  if (inactiveForMs >= Math.max(seen.gracePeriodMs, seen.podRetentionMs)) {
    return {scale: 0, apply: true}
  }
  const retentionLeftMs = seen.podRetentionMs - inactiveForMs
  if (seen.podRetentionMs > 0 && retentionLeftMs > 0) {
    return {scale: 0, apply: false, againAfterMs: retentionLeftMs}
  }
  const graceLeftMs = seen.gracePeriodMs - seen.proxyForMs
  if (graceLeftMs <= 0) return {scale: 0, apply: true}
  return {scale: 0, apply: false, againAfterMs: graceLeftMs}
}
