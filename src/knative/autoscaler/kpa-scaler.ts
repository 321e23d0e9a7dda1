import type {DeciderSpec} from '../../api/autoscaling/decider.ts'
import {
  decidePods,
  excessBurstCapacity,
  initialPanicState,
  type Observation,
  type PanicState,
  type ScaleDecision,
} from './decide-scale.ts'
import {MaxWindow} from './max-window.ts'

/** How often a revision is decided upon. */
export const TICK_MS = 2_000

/**
 * Decides about one revision, tick after tick: the decision and what it must remember.
 *
 * - The scale-down delay of the first spec stays in force, as upstream.
 * - Times must not run backwards.
 */
export class KpaScaler {
  readonly #delay: MaxWindow | undefined
  #spec: DeciderSpec
  #panic: PanicState
  /** The last decision before the delay. */
  #undelayed: number | undefined

  constructor(spec: DeciderSpec, nowMs: number, readyPods: number) {
    this.#spec = spec
    this.#panic = initialPanicState(nowMs, readyPods)
    if (spec.scaleDownDelayMs > 0) this.#delay = new MaxWindow(spec.scaleDownDelayMs, TICK_MS)
  }

  /** Decides by `spec` from now on. */
  update(spec: DeciderSpec): void {
    this.#spec = spec
  }

  /** Decides and remembers. */
  scale(seen: Observation): ScaleDecision {
    const {pods, state} = decidePods(this.#spec, this.#panic, seen)
    this.#panic = state
    this.#undelayed = pods
    this.#delay?.record(seen.nowMs, pods)
    return {
      desiredPodCount: this.#delay?.current() ?? pods,
      excessBurstCapacity: excessBurstCapacity(this.#spec, seen),
    }
  }

  /**
   * Whether another {@link scale} with the same numbers would say the same for ever: no panic to
   * leave, no delay to run out.
   */
  get steady(): boolean {
    const held = this.#delay?.current()
    const delayed = held !== undefined && held !== this.#undelayed
    return this.#panic.panicSinceMs === undefined && !delayed
  }
}
