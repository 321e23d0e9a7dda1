import {keyOf} from '../../api/meta/object.ts'
import type {Metric} from '../../api/autoscaling/v1alpha1.ts'
import type {Clock} from '../../util/clock.ts'
import {Collection, type ScalingMetric} from './collection.ts'
import {PhasedTicker} from './phased-ticker.ts'
import type {Stat, StatScraper} from './stat.ts'

const SCRAPE_INTERVAL_MS = 1_000

/** The load of a revision, as far as it is known. */
export type MetricReading =
  | {
      readonly kind: 'averages'
      readonly stableValue: number
      readonly panicValue: number
      /** Nothing was recorded within the window; the averages are zero for that reason. */
      readonly empty: boolean
    }
  /** Nothing was recorded within the window although the pods are read: no ground to decide upon. */
  | {readonly kind: 'no-data'}
  | {readonly kind: 'not-collecting'}

interface Entry {
  readonly collection: Collection
  readonly ticker: PhasedTicker
  error: Error | undefined
}

/**
 * Collects the load of revisions: reads the pods of each once a second and takes what the
 * activator reports.
 *
 * A revision without pods is not read again until {@link wake}, so idle revisions cost nothing.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/metrics.MetricCollector`.
 */
export class MetricCollector {
  readonly #clock: Clock
  readonly #scrape: StatScraper
  readonly #entries = new Map<string, Entry>()
  #onStatus: (revision: string) => void = () => undefined
  #onActivity: (revision: string) => void = () => undefined

  constructor(options: {clock: Clock; scrape: StatScraper}) {
    this.#clock = options.clock
    this.#scrape = options.scrape
  }

  /** Begins to collect for a Metric, or follows its change. Throws what the last scrape threw. */
  createOrUpdate(metric: Metric): void {
    const revision = keyOf(metric)
    const existing = this.#entries.get(revision)
    if (existing === undefined) {
      this.#entries.set(revision, {
        collection: new Collection(metric),
        ticker: new PhasedTicker(this.#clock, SCRAPE_INTERVAL_MS, () => this.#tick(revision)),
        error: undefined,
      })
      this.#onActivity(revision)
      return
    }
    existing.collection.update(metric, this.#clock.now())
    existing.ticker.wake()
    this.#onActivity(revision)
    if (existing.error !== undefined) throw existing.error
  }

  /** Forgets a revision. */
  delete(revision: string): void {
    this.#entries.get(revision)?.ticker.stop()
    this.#entries.delete(revision)
  }

  /** Takes load that was measured elsewhere. Unknown revisions are ignored. */
  record(revision: string, stat: Stat): void {
    const entry = this.#entries.get(revision)
    if (entry === undefined) return
    entry.collection.record(stat, this.#clock.now())
    this.#onActivity(revision)
  }

  /** Says that the pods of a revision changed. */
  wake(revision: string): void {
    this.#entries.get(revision)?.ticker.wake()
  }

  /** Calls `changed` when scraping a revision begins to fail or to succeed. One listener. */
  watch(changed: (revision: string) => void): void {
    this.#onStatus = changed
  }

  /** Calls `active` when a revision has new load or a new Metric. One listener. */
  watchActivity(active: (revision: string) => void): void {
    this.#onActivity = active
  }

  /** The load of a revision now. */
  read(revision: string, metric: ScalingMetric): MetricReading {
    const entry = this.#entries.get(revision)
    if (entry === undefined) return {kind: 'not-collecting'}
    const nowMs = this.#clock.now()
    const empty = entry.collection.isEmpty(metric, nowMs)
    if (empty && entry.collection.scraped) return {kind: 'no-data'}
    return {kind: 'averages', ...entry.collection.averages(metric, nowMs), empty}
  }

  /** How many revisions are being read, for measurements. */
  get activeCount(): number {
    let active = 0
    for (const {ticker} of this.#entries.values()) if (!ticker.parked) active += 1
    return active
  }

  /** Ends all collecting. */
  stop(): void {
    for (const {ticker} of this.#entries.values()) ticker.stop()
    this.#entries.clear()
  }

  #tick(revision: string): 'again' | 'park' {
    const entry = this.#entries.get(revision)
    if (entry === undefined) return 'park'
    if (!entry.collection.scraped) {
      this.#setError(revision, entry, undefined)
      return 'park'
    }
    let stat: Stat | undefined
    let error: Error | undefined
    try {
      stat = this.#scrape(revision)
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown))
    }
    this.#setError(revision, entry, error)
    if (stat !== undefined) this.record(revision, stat)
    return stat === undefined && error === undefined ? 'park' : 'again'
  }

  #setError(revision: string, entry: Entry, error: Error | undefined): void {
    if (entry.error?.message === error?.message) return
    entry.error = error
    this.#onStatus(revision)
  }
}
