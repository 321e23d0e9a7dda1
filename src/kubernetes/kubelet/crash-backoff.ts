const BASE_MS = 10_000
const MAX_MS = 5 * 60_000
/** A container that ran this long is taken for healthy again. */
const RESET_MS = 10 * 60_000

/**
 * How long a container that keeps ending waits before it is started again: not at all the first
 * time, then 10 s, 20 s, 40 s … at most 5 min. Ten minutes without an end begin anew.
 *
 * Counterpart of client-go `util/flowcontrol` Backoff as the kubelet uses it.
 */
export class CrashBackoff {
  #delayMs = 0
  #lastEndMs = Number.NEGATIVE_INFINITY

  /** The delay after an end at `endMs`. */
  next(endMs: number): number {
    const isFresh = endMs - this.#lastEndMs > RESET_MS + this.#delayMs
    this.#lastEndMs = endMs
    if (isFresh) {
      this.#delayMs = 0
      return 0
    }
    this.#delayMs = this.#delayMs === 0 ? BASE_MS : Math.min(this.#delayMs * 2, MAX_MS)
    return this.#delayMs
  }
}

/** The delays between attempts to get an image: 10 s, doubled each time, at most 5 min. */
export function pullBackoffMs(failures: number): number {
  return Math.min(BASE_MS * 2 ** (failures - 1), MAX_MS)
}
