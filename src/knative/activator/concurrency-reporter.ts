import {RequestStats} from '../../http/request-stats.ts'
import type {Clock, Timer} from '../../util/clock.ts'

const REPORT_INTERVAL_MS = 1000

/**
 * Load of one revision as the activator sees it.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/metrics.Stat`.
 */
export interface ActivatorStat {
  readonly averageConcurrentRequests: number
  readonly averageProxiedConcurrentRequests: number
  readonly requestCount: number
  readonly proxiedRequestCount: number
}

/** The load of one revision. */
export interface StatMessage {
  /** `namespace/name`. */
  readonly revision: string
  readonly stat: ActivatorStat
}

/** Takes the messages to the autoscaler. */
export type StatSink = (messages: readonly StatMessage[]) => void

/** A request that is counted; call it when the request is done. */
export type Leave = () => void

interface RevisionLoad {
  readonly stats: RequestStats
  /** Requests under way. */
  refs: number
  /** 1 while the first request was reported on its own, and must not be reported again. */
  reported: 0 | 1
}

/**
 * Tells the autoscaler once a second how many requests each revision has here.
 *
 * The first request of a revision that had none is told at once, so that a revision at zero wakes
 * without waiting for the second to end. While nothing is under way, no timer runs.
 *
 * Counterpart of ConcurrencyReporter in knative.dev/serving `pkg/activator/handler`.
 */
export class ConcurrencyReporter {
  readonly #clock: Clock
  readonly #sink: StatSink
  readonly #loads = new Map<string, RevisionLoad>()
  #timer: Timer | undefined

  constructor(clock: Clock, sink: StatSink) {
    this.#clock = clock
    this.#sink = sink
  }

  /** Counts a request in. */
  enter(revision: string): Leave {
    const nowMs = this.#clock.now()
    let load = this.#loads.get(revision)
    if (load === undefined) {
      load = {stats: new RequestStats(nowMs), refs: 0, reported: 1}
      this.#loads.set(revision, load)
      this.#sink([{revision, stat: makeStat(1, 1)}])
      this.#timer ??= this.#clock.after(REPORT_INTERVAL_MS, () => this.#tick())
    }
    const entered = load
    entered.refs++
    entered.stats.in(nowMs, false)
    return () => {
      entered.refs--
      entered.stats.out(this.#clock.now(), false)
    }
  }

  /** Stops reporting. */
  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#loads.clear()
  }

  #tick(): void {
    this.#timer = undefined
    const messages = this.#report()
    if (this.#loads.size > 0) {
      this.#timer = this.#clock.after(REPORT_INTERVAL_MS, () => this.#tick())
    }
    if (messages.length > 0) this.#sink(messages)
  }

  #report(): StatMessage[] {
    const nowMs = this.#clock.now()
    const messages: StatMessage[] = []
    for (const [revision, load] of this.#loads) {
      const {averageConcurrency, requestCount} = load.stats.report(nowMs)
      const {reported} = load
      load.reported = 0
      // Nothing went on for the whole period: the next request is a first one again.
      if (averageConcurrency === 0 && load.refs === 0) this.#loads.delete(revision)
      messages.push({
        revision,
        // The concurrency of 1 reported at once may be more than the average became.
        stat: makeStat(Math.max(averageConcurrency - reported, 0), requestCount - reported),
      })
    }
    return messages
  }
}

function makeStat(averageConcurrentRequests: number, requestCount: number): ActivatorStat {
  return {
    averageConcurrentRequests,
    averageProxiedConcurrentRequests: 0,
    requestCount,
    proxiedRequestCount: 0,
  }
}
