/**
 * The largest of the values recorded within the last `durationMs`, in steps of `granularityMs`.
 *
 * Values that are smaller than a later one can never be the largest again and are dropped at once,
 * so what is kept falls from the oldest to the newest. Memory is bounded by the number of steps.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/aggregation/max`.
 */
export class MaxWindow {
  readonly #size: number
  readonly #granularityMs: number
  readonly #falling: {readonly step: number; readonly value: number}[] = []

  constructor(durationMs: number, granularityMs: number) {
    this.#size = Math.ceil(durationMs / granularityMs)
    this.#granularityMs = granularityMs
  }

  /** Records a value. Times must not run backwards. */
  record(nowMs: number, value: number): void {
    // Upstream counts whole seconds since the epoch before it divides.
    const step = Math.floor(Math.floor(nowMs / 1_000) / Math.floor(this.#granularityMs / 1_000))
    const kept = this.#falling
    while (kept.length > 0 && value >= (kept.at(-1)?.value ?? 0)) kept.pop()
    let expired = 0
    while (expired < kept.length && step - (kept[expired]?.step ?? step) >= this.#size) expired++
    if (expired > 0) kept.splice(0, expired)
    const last = kept.at(-1)
    // Within one step the larger value stands.
    if (last?.step === step) return
    kept.push({step, value})
  }

  /** The largest value; undefined before the first record. */
  current(): number | undefined {
    return this.#falling[0]?.value
  }
}
