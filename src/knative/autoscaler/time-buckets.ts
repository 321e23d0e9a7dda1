/**
 * Averages of a value over a sliding window, in buckets of one second.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/aggregation`.
 */

/** The length of a bucket. Everything about windows is a whole number of these. */
const BUCKET_MS = 1_000

/** What a window answers, whichever way it averages. Times are milliseconds since the epoch. */
export interface WindowAverager {
  /** Adds `value` to the bucket of `nowMs`. Values older than the window are dropped. */
  record(nowMs: number, value: number): void
  /** The average at `nowMs`; 0 when nothing was recorded within the window. */
  average(nowMs: number): number
  /** Whether nothing was recorded within the window before `nowMs`. */
  isEmpty(nowMs: number): boolean
  /** Changes the length of the window and keeps what still fits. */
  resize(windowMs: number, nowMs: number): void
}

/**
 * The linear average over the window.
 *
 * - Before the window has filled once, the average is over the time since the first record.
 * - Gaps count as zero; the time after the last record does not count.
 * - After a whole window without a record it starts afresh.
 */
export class TimeBuckets implements WindowAverager {
  protected buckets: Float64Array
  protected lastWriteMs = -Infinity
  #firstWriteMs: number | undefined
  #windowMs: number
  #total = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
    this.buckets = new Float64Array(bucketCount(windowMs))
  }

  isEmpty(nowMs: number): boolean {
    return truncate(nowMs) - this.lastWriteMs > this.#windowMs
  }

  average(nowMs: number): number {
    const now = truncate(nowMs)
    const sinceMs = now - this.lastWriteMs
    if (sinceMs >= this.#windowMs && sinceMs > 0) return 0
    const written = (this.lastWriteMs - (this.#firstWriteMs ?? this.lastWriteMs)) / BUCKET_MS + 1
    const size = this.buckets.length
    if (sinceMs <= 0) return roundDown(this.#total / Math.min(written, size))
    const last = indexOf(this.lastWriteMs)
    const current = indexOf(now)
    let total = this.#total
    for (let index = last + 1; index <= current; index++) total -= this.at(index)
    return roundDown(total / Math.min(written, size - (current - last)))
  }

  record(nowMs: number, value: number): void {
    const bucketMs = truncate(nowMs)
    if (bucketMs !== this.lastWriteMs && !this.#advanceTo(bucketMs)) return
    const slot = indexOf(bucketMs) % this.buckets.length
    this.buckets[slot] = (this.buckets[slot] ?? 0) + value
    this.#total += value
  }

  resize(windowMs: number, nowMs: number): void {
    if (windowMs === this.#windowMs) return
    const resized = new Float64Array(bucketCount(windowMs))
    let total = 0
    if (this.isEmpty(nowMs)) {
      this.#firstWriteMs = undefined
    } else {
      const size = this.buckets.length
      let index = indexOf(this.lastWriteMs)
      for (let kept = 0; kept < Math.min(resized.length, size); kept++, index--) {
        resized[index % resized.length] = this.at(index)
        total += this.at(index)
      }
      this.#firstWriteMs = this.lastWriteMs - (size - 1) * BUCKET_MS
    }
    this.#windowMs = windowMs
    this.buckets = resized
    this.#total = total
  }

  /** The bucket of a running index. */
  protected at(index: number): number {
    return this.buckets[index % this.buckets.length] ?? 0
  }

  /** Moves the window so that it covers `bucketMs`; false when that lies before the window. */
  #advanceTo(bucketMs: number): boolean {
    if (bucketMs + this.#windowMs <= this.lastWriteMs) return false
    if (this.#firstWriteMs === undefined || this.#firstWriteMs > bucketMs) {
      this.#firstWriteMs = bucketMs
    }
    if (bucketMs < this.lastWriteMs) return true
    if (bucketMs - this.lastWriteMs >= this.#windowMs) {
      this.#firstWriteMs = bucketMs
      this.buckets.fill(0)
      this.#total = 0
    } else {
      for (let index = indexOf(this.lastWriteMs) + 1; index <= indexOf(bucketMs); index++) {
        const slot = index % this.buckets.length
        this.#total -= this.buckets[slot] ?? 0
        this.buckets[slot] = 0
      }
    }
    this.lastWriteMs = bucketMs
    return true
  }
}

/** The weights of a window sum up to 1 less this. */
const WEIGHT_REMAINDER = 0.0001
/** Below this a long window would weigh almost like a linear one. */
const SMALLEST_COEFFICIENT = 0.2

/** An average in which a bucket weighs the less the older it is, exponentially. */
export class WeightedTimeBuckets extends TimeBuckets {
  #coefficient: number

  constructor(windowMs: number) {
    super(windowMs)
    this.#coefficient = smoothingCoefficient(bucketCount(windowMs))
  }

  override average(nowMs: number): number {
    if (this.isEmpty(nowMs)) return 0
    const size = this.buckets.length
    const decay = 1 - this.#coefficient
    const zeros = Math.max(0, (truncate(nowMs) - this.lastWriteMs) / BUCKET_MS)
    // The buckets since the last record are zero: only their weights are passed over.
    let weight = this.#coefficient
    if (zeros > 0) weight *= decay ** zeros
    const start = indexOf(this.lastWriteMs) + size
    let average = 0
    for (let age = 0; age < size - zeros; age++) {
      average += this.at(start - age) * weight
      weight *= decay
    }
    return average
  }

  override resize(windowMs: number, nowMs: number): void {
    super.resize(windowMs, nowMs)
    this.#coefficient = smoothingCoefficient(bucketCount(windowMs))
  }
}

function smoothingCoefficient(buckets: number): number {
  return Math.max(1 - WEIGHT_REMAINDER ** (1 / buckets), SMALLEST_COEFFICIENT)
}

function bucketCount(windowMs: number): number {
  return Math.ceil(windowMs / BUCKET_MS)
}

function truncate(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS) * BUCKET_MS
}

function indexOf(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS)
}

/** Cuts after six digits, so that sums of floats do not ask for a pod too many. */
function roundDown(value: number): number {
  return Math.floor(value * 1e6) / 1e6
}
