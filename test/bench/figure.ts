/** One measured figure: ours beside a peer measured in the same run, or beside a fixed budget. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `value` divided by the peer's. */
  readonly ratio?: number
  readonly peer?: string
  /** How DESIGN words the budget. */
  readonly budget?: string
}

/** Prints figures as JSON lines, for the runner that started this bench as a child process. */
export function report(...figures: Figure[]): void {
  for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`)
}

/** The median of at least one number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The value below which `share` (0 to 1) of the numbers lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Resident memory of this process in MB, after a collection where `--expose-gc` allows one. */
export function residentMegabytes(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().rss / 1e6)
}
