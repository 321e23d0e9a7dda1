import {
  type DeciderSpec,
  type DeciderStatus,
  initialDeciderStatus,
} from '../../api/autoscaling/decider.ts'
import type {Clock} from '../../util/clock.ts'
import type {ScalingMetric} from './collection.ts'
import {KpaScaler, TICK_MS} from './kpa-scaler.ts'
import type {MetricReading} from './metric-collector.ts'
import {PhasedTicker} from './phased-ticker.ts'
import type {Stat} from './stat.ts'

/** The load of revisions, as {@link MetricCollector} knows it. */
export interface MetricSource {
  read(revision: string, metric: ScalingMetric): MetricReading
}

/** A revision's spec and the last decision about it. */
export interface Decider {
  readonly spec: DeciderSpec
  readonly status: DeciderStatus
}

interface Runner {
  readonly scaler: KpaScaler
  readonly ticker: PhasedTicker
  decider: Decider
}

/**
 * Decides about every revision, each on its own, every two seconds.
 *
 * - A decider whose next decisions can only repeat the last one is parked until {@link wake}:
 *   revisions idle at zero cost nothing.
 * - Listeners hear of a decider when its scale or the sign of its excess burst capacity changes.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/scaling.MultiScaler`.
 */
export class MultiScaler {
  readonly #clock: Clock
  readonly #metrics: MetricSource
  readonly #readyPods: (revision: string) => number
  readonly #runners = new Map<string, Runner>()
  #onDecision: (revision: string) => void = () => undefined

  constructor(options: {
    clock: Clock
    metrics: MetricSource
    /** Ready pods of a revision (`namespace/name`). */
    readyPods: (revision: string) => number
  }) {
    this.#clock = options.clock
    this.#metrics = options.metrics
    this.#readyPods = options.readyPods
  }

  /** The decider of a revision, if there is one. */
  get(revision: string): Decider | undefined {
    return this.#runners.get(revision)?.decider
  }

  /** Begins to decide about a revision; one that is there already stays as it is. */
  create(revision: string, spec: DeciderSpec): Decider {
    const existing = this.#runners.get(revision)
    if (existing !== undefined) return existing.decider
    const runner: Runner = {
      scaler: new KpaScaler(spec, this.#clock.now(), this.#readyPods(revision)),
      ticker: new PhasedTicker(this.#clock, TICK_MS, () => this.#tick(revision)),
      decider: {spec, status: initialDeciderStatus(spec)},
    }
    this.#runners.set(revision, runner)
    return runner.decider
  }

  /** Decides by `spec` from the next tick on. Throws when there is no such decider. */
  update(revision: string, spec: DeciderSpec): Decider {
    const runner = this.#runners.get(revision)
    if (runner === undefined) throw new Error(`there is no decider for ${revision}`)
    runner.scaler.update(spec)
    runner.decider = {spec, status: runner.decider.status}
    runner.ticker.wake()
    return runner.decider
  }

  /** Ends deciding about a revision. */
  delete(revision: string): void {
    this.#runners.get(revision)?.ticker.stop()
    this.#runners.delete(revision)
  }

  /** Calls `changed` with the revision whose decision changed. One listener. */
  watch(changed: (revision: string) => void): void {
    this.#onDecision = changed
  }

  /** Says that the load or the pods of a revision changed. */
  wake(revision: string): void {
    this.#runners.get(revision)?.ticker.wake()
  }

  /**
   * Decides at once when a revision at zero has load: somebody is waiting.
   *
   * Differs from upstream: also before the first decision, where there are no pods. After a restart
   * of the autoscaler the first request would else wait for a tick.
   */
  poke(revision: string, stat: Stat): void {
    const runner = this.#runners.get(revision)
    if (runner === undefined || stat.averageConcurrentRequests === 0) return
    const {desiredScale} = runner.decider.status
    if (desiredScale === 0 || (desiredScale < 0 && this.#readyPods(revision) === 0)) {
      this.#decide(revision, runner)
    }
  }

  /** How many deciders tick, for measurements. */
  get activeCount(): number {
    let active = 0
    for (const {ticker} of this.#runners.values()) if (!ticker.parked) active += 1
    return active
  }

  /** Ends all deciding. */
  stop(): void {
    for (const {ticker} of this.#runners.values()) ticker.stop()
    this.#runners.clear()
  }

  #tick(revision: string): 'again' | 'park' {
    const runner = this.#runners.get(revision)
    return runner === undefined ? 'park' : this.#decide(revision, runner)
  }

  /**
   * Decides, and says whether the next tick could come to anything else.
   *
   * | load                  | ready pods | panic or delay | next tick                          |
   * | --------------------- | ---------- | -------------- | ---------------------------------- |
   * | none to decide upon   | any        | any            | parked: it would decide nothing    |
   * | within the window     | any        | any            | comes                              |
   * | none, pods not read   | > 0        | any            | comes                              |
   * | none, pods not read   | 0          | yes            | comes                              |
   * | none, pods not read   | 0          | no             | parked: it would decide the same   |
   */
  #decide(revision: string, runner: Runner): 'again' | 'park' {
    const {spec, status} = runner.decider
    const reading = this.#metrics.read(
      revision,
      spec.scalingMetric === 'rps' ? 'rps' : 'concurrency',
    )
    if (reading.kind !== 'averages') return 'park'
    const readyPods = this.#readyPods(revision)
    const decision = runner.scaler.scale({...reading, readyPods, nowMs: this.#clock.now()})
    const {desiredPodCount: desiredScale, excessBurstCapacity} = decision
    runner.decider = {spec, status: {desiredScale, excessBurstCapacity}}
    if (
      status.desiredScale !== desiredScale ||
      status.excessBurstCapacity < 0 !== excessBurstCapacity < 0
    ) {
      this.#onDecision(revision)
    }
    const settled = reading.empty && readyPods === 0 && runner.scaler.steady
    return settled ? 'park' : 'again'
  }
}
