import {aggregationAlgorithm} from '../../api/autoscaling/pod-autoscaler-settings.ts'
import type {Metric} from '../../api/autoscaling/v1alpha1.ts'
import type {Stat} from './stat.ts'
import {TimeBuckets, WeightedTimeBuckets, type WindowAverager} from './time-buckets.ts'

/** Stable and panic average of one value. */
interface WindowPair {
  readonly stable: WindowAverager
  readonly panic: WindowAverager
}

/** What a revision is scaled on. */
export type ScalingMetric = 'concurrency' | 'rps'

/** The windows of one revision. The way of averaging never changes: revisions are immutable. */
export class Collection {
  readonly #windows: Readonly<Record<ScalingMetric, WindowPair>>
  #metric: Metric

  constructor(metric: Metric) {
    this.#metric = metric
    this.#windows = {concurrency: makeWindows(metric), rps: makeWindows(metric)}
  }

  /** Whether the pods are to be read; with an activator always in the path they need not be. */
  get scraped(): boolean {
    return this.#metric.spec.scrapeTarget !== ''
  }

  /** Follows a changed Metric. */
  update(metric: Metric, nowMs: number): void {
    this.#metric = metric
    for (const {stable, panic} of Object.values(this.#windows)) {
      stable.resize(toMs(metric.spec.stableWindow), nowMs)
      panic.resize(toMs(metric.spec.panicWindow), nowMs)
    }
  }

  /** Adds one second of load. What the activator has counted already is taken out. */
  record(stat: Stat, nowMs: number): void {
    const {concurrency, rps} = this.#windows
    const requests = stat.averageConcurrentRequests - stat.averageProxiedConcurrentRequests
    concurrency.stable.record(nowMs, requests)
    concurrency.panic.record(nowMs, requests)
    const rate = stat.requestCount - stat.proxiedRequestCount
    rps.stable.record(nowMs, rate)
    rps.panic.record(nowMs, rate)
  }

  /** Whether nothing was recorded within the stable window. */
  isEmpty(metric: ScalingMetric, nowMs: number): boolean {
    return this.#windows[metric].stable.isEmpty(nowMs)
  }

  /** Stable and panic average. */
  averages(metric: ScalingMetric, nowMs: number): {stableValue: number; panicValue: number} {
    const {stable, panic} = this.#windows[metric]
    return {stableValue: stable.average(nowMs), panicValue: panic.average(nowMs)}
  }
}

function makeWindows(metric: Metric): WindowPair {
  const Buckets =
    aggregationAlgorithm(metric) === 'weighted-exponential' ? WeightedTimeBuckets : TimeBuckets
  const {stableWindow, panicWindow} = metric.spec
  return {stable: new Buckets(toMs(stableWindow)), panic: new Buckets(toMs(panicWindow))}
}

function toMs(windowNs: number): number {
  return windowNs / 1e6
}
