/**
 * Load of one revision during one second, as the activator reports it or as the queue-proxies of
 * all its pods sum it up.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/metrics.Stat`.
 */
export interface Stat {
  readonly averageConcurrentRequests: number
  /** The part of it that came through the activator, which has counted it already. */
  readonly averageProxiedConcurrentRequests: number
  readonly requestCount: number
  readonly proxiedRequestCount: number
}

/**
 * Reads the load of a revision (`namespace/name`) since the last time: the sum over its ready pods,
 * or undefined when there is none.
 *
 * Differs from upstream: every pod is read instead of a sample, because nothing has to travel.
 *
 * @throws Error when the pods cannot be read; the text goes into the Metric's condition.
 */
export type StatScraper = (revision: string) => Stat | undefined

/** What the pods do not say: {@link StatScraper} failed for a reason the Metric's condition names. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError'
  readonly reason: 'NoEndpoints' | 'DidNotReceiveStat'

  constructor(reason: 'NoEndpoints' | 'DidNotReceiveStat', message: string) {
    super(message)
    this.reason = reason
  }
}
