/**
 * One pod of a revision, and how many requests it has from here.
 *
 * With a concurrency limit, at most so many are let through; without, requests are only counted.
 *
 * Counterpart of podTracker in knative.dev/serving `pkg/activator/net`.
 */
export class PodTracker {
  readonly ip: string
  readonly port: number
  readonly #limit: number
  #weight = 0

  /** A limit of 0 is none. */
  constructor(ip: string, port: number, containerConcurrency: number) {
    this.ip = ip
    this.port = port
    this.#limit = containerConcurrency === 0 ? Infinity : containerConcurrency
  }

  /** `ip:port`. */
  get dest(): string {
    return `${this.ip}:${this.port}`
  }

  /** Requests it has from here. */
  get weight(): number {
    return this.#weight
  }

  /** Takes a place if there is one; the caller gives it back by {@link release}. */
  reserve(): boolean {
    if (this.#weight >= this.#limit) return false
    this.#weight++
    return true
  }

  release(): void {
    this.#weight--
  }
}
