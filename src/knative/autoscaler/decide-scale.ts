/**
 * The decision of the Knative pod autoscaler (KPA): numbers in, desired pods out.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/scaling/autoscaler.go`.
 */
import type {DeciderSpec} from '../../api/autoscaling/decider.ts'

/** What is seen at one moment. */
export interface Observation {
  readonly nowMs: number
  readonly readyPods: number
  /** The metric, averaged over the stable window, summed over all pods. */
  readonly stableValue: number
  /** The same over the panic window. */
  readonly panicValue: number
}

/** What a decision leaves for the next one. */
export interface PanicState {
  /** When the load was last over the threshold; undefined outside panic. */
  readonly panicSinceMs: number | undefined
  /** While in panic, the scale only grows: this is the largest so far. */
  readonly maxPanicPods: number
}

/** What a decision says. */
export interface ScaleDecision {
  readonly desiredPodCount: number
  readonly excessBurstCapacity: number
}

/**
 * The state a scaler starts with. A restarted autoscaler has lost its metrics, so it holds a scale
 * above one by starting in panic.
 */
export function initialPanicState(nowMs: number, readyPods: number): PanicState {
  return {panicSinceMs: readyPods > 1 ? nowMs : undefined, maxPanicPods: readyPods}
}

/**
 * Decides how many pods a revision needs, before bounds and scale-down delay.
 *
 * | panic before | load ≥ threshold | stable window over | panic after        | scale                  |
 * | ------------ | ---------------- | ------------------ | ------------------ | ---------------------- |
 * | no           | no               | –                  | no                 | stable                 |
 * | any          | yes              | –                  | yes, from now      | largest since it began |
 * | yes          | no               | no                 | yes                | largest since it began |
 * | yes          | no               | yes                | no                 | stable                 |
 */
export function decidePods(
  spec: DeciderSpec,
  state: PanicState,
  seen: Observation,
): {readonly pods: number; readonly state: PanicState} {
  const pods = Math.max(1, seen.readyPods)
  const wantedStable = Math.ceil(seen.stableValue / spec.targetValue)
  const wantedPanic = Math.ceil(seen.panicValue / spec.targetValue)
  const bounded = (wanted: number): number => {
    // Ceil: with 3 pods and a rate of 1.1 there would else be no way up. An unreachable revision
    // may fall at once: nobody is routed to it.
    const highest = Math.ceil(spec.maxScaleUpRate * pods)
    const lowest = spec.reachable ? Math.floor(pods / spec.maxScaleDownRate) : 0
    const scale = toInt32(Math.min(Math.max(wanted, lowest), highest))
    return spec.activationScale > 1 && wanted > 0 ? Math.max(scale, spec.activationScale) : scale
  }

  const over = wantedPanic / pods >= spec.panicThreshold
  const next = nextPanicState(spec, state, seen.nowMs, over)
  const stable = bounded(wantedStable)
  if (next.panicSinceMs === undefined) return {pods: stable, state: next}
  const maxPanicPods = Math.max(stable, bounded(wantedPanic), next.maxPanicPods)
  return {pods: maxPanicPods, state: {...next, maxPanicPods}}
}

function nextPanicState(
  spec: DeciderSpec,
  state: PanicState,
  nowMs: number,
  over: boolean,
): PanicState {
  if (over) return {...state, panicSinceMs: nowMs}
  if (state.panicSinceMs !== undefined && state.panicSinceMs + spec.stableWindowMs < nowMs) {
    return {panicSinceMs: undefined, maxPanicPods: 0}
  }
  return state
}

/**
 * Room beyond the target burst capacity, by the panic window: a knee-jerk is wanted here.
 *
 * | target burst capacity | excess                                    |
 * | --------------------- | ----------------------------------------- |
 * | 0                     | 0: the activator is never needed          |
 * | > 0                   | capacity of ready pods − target − load    |
 * | -1                    | -1: the activator is always needed        |
 */
export function excessBurstCapacity(spec: DeciderSpec, seen: Observation): number {
  if (spec.targetBurstCapacity === 0) return 0
  if (spec.targetBurstCapacity < 0) return -1
  const capacity = seen.readyPods * spec.totalValue
  return toInt32(Math.floor(capacity - spec.targetBurstCapacity - seen.panicValue))
}

/** As Go on amd64: what does not fit becomes the smallest number. */
function toInt32(value: number): number {
  const whole = Math.trunc(value)
  return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole + 0 : -(2 ** 31)
}
