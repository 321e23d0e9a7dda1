import {Breaker} from '../../http/breaker.ts'

/** Waiting places of a pod's breaker. They are never used: the line forms before the revision. */
const POD_QUEUE_DEPTH = 10_000

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
  readonly #breaker: Breaker | undefined
  #weight = 0

  constructor(ip: string, port: number, containerConcurrency: number) {
    this.ip = ip
    this.port = port
    if (containerConcurrency > 0) {
      this.#breaker = new Breaker({
        queueDepth: POD_QUEUE_DEPTH,
        maxConcurrency: containerConcurrency,
        initialCapacity: containerConcurrency,
      })
    }
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
    if (this.#breaker !== undefined && !this.#breaker.tryAcquire()) return false
    this.#weight++
    return true
  }

  release(): void {
    this.#weight--
    this.#breaker?.release()
  }
}
