/** What happened since the last report. */
export interface RequestStatsReport {
  /** Requests under way, averaged over the time since the last report. */
  readonly averageConcurrency: number
  /** The same for requests that came through a proxy which counts them too. */
  readonly averageProxiedConcurrency: number
  /** Requests that arrived. */
  readonly requestCount: number
  readonly proxiedRequestCount: number
  /** The time the report is about. */
  readonly elapsedMs: number
}

/**
 * Counts requests as they come and go, and averages how many are under way, weighted by time: two
 * requests of half a second each within one second make an average concurrency of 1.
 *
 * Counterpart of knative.dev/networking `pkg/http/stats` RequestStats.
 */
export class RequestStats {
  #concurrency = 0
  #proxiedConcurrency = 0
  #lastChangeMs: number
  #requestCount = 0
  #proxiedCount = 0
  #concurrencyMs = 0
  #proxiedConcurrencyMs = 0
  #elapsedMs = 0

  constructor(startedAtMs: number) {
    this.#lastChangeMs = startedAtMs
  }

  /** Requests under way right now. */
  get concurrency(): number {
    return this.#concurrency
  }

  /** A request came in. */
  in(nowMs: number, proxied: boolean): void {
    this.#advance(nowMs)
    this.#concurrency++
    this.#requestCount++
    if (!proxied) return
    this.#proxiedConcurrency++
    this.#proxiedCount++
  }

  /** A request is done. `proxied` must be what it was when it came in. */
  out(nowMs: number, proxied: boolean): void {
    this.#advance(nowMs)
    this.#concurrency--
    if (proxied) this.#proxiedConcurrency--
  }

  /** What happened since the last report, and begins the next period. */
  report(nowMs: number): RequestStatsReport {
    this.#advance(nowMs)
    const elapsedMs = this.#elapsedMs
    const report: RequestStatsReport = {
      averageConcurrency: elapsedMs > 0 ? this.#concurrencyMs / elapsedMs : 0,
      averageProxiedConcurrency: elapsedMs > 0 ? this.#proxiedConcurrencyMs / elapsedMs : 0,
      requestCount: this.#requestCount,
      proxiedRequestCount: this.#proxiedCount,
      elapsedMs,
    }
    this.#requestCount = 0
    this.#proxiedCount = 0
    this.#concurrencyMs = 0
    this.#proxiedConcurrencyMs = 0
    this.#elapsedMs = 0
    return report
  }

  /** A clock that steps back adds nothing, rather than a negative share. */
  #advance(nowMs: number): void {
    const sinceChangeMs = nowMs - this.#lastChangeMs
    if (sinceChangeMs <= 0) return
    this.#elapsedMs += sinceChangeMs
    this.#concurrencyMs += this.#concurrency * sinceChangeMs
    this.#proxiedConcurrencyMs += this.#proxiedConcurrency * sinceChangeMs
    this.#lastChangeMs = nowMs
  }
}
