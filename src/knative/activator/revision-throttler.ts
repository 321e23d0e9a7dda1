import {Breaker, InfiniteBreaker, type Throttle} from '../../http/breaker.ts'
import type {Abortable} from '../../http/exchange.ts'
import type {ActivatorLog} from './activator-log.ts'
import {type LbPolicy, makeLbPolicy} from './lb-policy.ts'
import {PodTracker} from './pod-tracker.ts'

/** Waiting places of a revision besides its capacity. */
const QUEUE_DEPTH = 10_000
/** Stands for "any number", as the largest value Go's counterpart can hold. */
const MAX_CAPACITY = 2_147_483_647

/** Where a pod of a revision is reached. */
export interface Destination {
  readonly ip: string
  readonly port: number
}

/** What a {@link RevisionThrottler} is made of. */
export interface RevisionThrottlerOptions {
  /** `namespace/name`. */
  readonly key: string
  readonly containerConcurrency: number
  readonly log: ActivatorLog
  readonly random: () => number
}

/**
 * Holds the requests of one revision until a pod has room for them.
 *
 * - With a concurrency limit, as many are let through as the pods take together, and never more to
 *   one pod than its limit; the rest waits in the order of arrival.
 * - Without a limit, everybody is let through as soon as there is a pod.
 *
 * Counterpart of revisionThrottler in knative.dev/serving `pkg/activator/net`. Differs from
 * upstream: there is one activator, so no pods are shared out among several.
 */
export class RevisionThrottler {
  readonly #options: RevisionThrottlerOptions
  readonly #policy: LbPolicy
  readonly #breaker: Throttle
  #trackers: readonly PodTracker[] = []

  constructor(options: RevisionThrottlerOptions) {
    const {containerConcurrency} = options
    this.#options = options
    this.#policy = makeLbPolicy(containerConcurrency, options.random)
    this.#breaker =
      containerConcurrency === 0
        ? new InfiniteBreaker()
        : new Breaker({
            queueDepth: QUEUE_DEPTH,
            maxConcurrency: MAX_CAPACITY,
            initialCapacity: 0,
          })
  }

  /** The pods requests go to now, by address. */
  get trackers(): readonly PodTracker[] {
    return this.#trackers
  }

  /** How many requests may be under way. */
  get capacity(): number {
    return this.#breaker.capacity
  }

  /**
   * Waits for a pod with room and runs `use` with it.
   *
   * Rejects like {@link Throttle.acquire} when there is no place, or when `waiting` is aborted.
   */
  async run<T>(waiting: Abortable, use: (pod: PodTracker) => Promise<T>): Promise<T> {
    for (;;) {
      if (!this.#breaker.tryAcquire()) await this.#breaker.acquire(waiting)
      const pod = this.#policy(this.#trackers)
      if (pod === undefined) {
        // Pods changed between the two steps, and their number with them.
        this.#breaker.release()
        await new Promise((resolve) => setImmediate(resolve))
        continue
      }
      try {
        return await use(pod)
      } finally {
        pod.release()
        this.#breaker.release()
      }
    }
  }

  /** Sets the pods that take requests. Those that stay keep the requests they have. */
  setDestinations(destinations: readonly Destination[]): void {
    const {containerConcurrency, log, key} = this.#options
    const known = new Map(this.#trackers.map((tracker) => [tracker.dest, tracker]))
    const trackers = destinations.map(
      ({ip, port}) => known.get(`${ip}:${port}`) ?? new PodTracker(ip, port, containerConcurrency),
    )
    trackers.sort((left, right) => (left.dest < right.dest ? -1 : 1))
    const count = trackers.length
    log.write(
      'INFO',
      `Updating Revision Throttler with: clusterIP = <nil>, trackers = ${count}, backends = ${count}`,
      {key, caller: 'net/throttler.go:331'},
    )
    // Pods before capacity: whoever is let in must find the pod that made room.
    this.#trackers = trackers
    const capacity = calculateCapacity(containerConcurrency, count)
    log.write('INFO', `Set capacity to ${capacity} (backends: ${count}, index: 0/1)`, {
      key,
      caller: 'net/throttler.go:323',
    })
    this.#breaker.updateCapacity(capacity)
  }
}

/** How many requests `pods` take together. */
export function calculateCapacity(containerConcurrency: number, pods: number): number {
  if (pods === 0) return 0
  return containerConcurrency === 0
    ? MAX_CAPACITY
    : Math.min(MAX_CAPACITY, containerConcurrency * pods)
}
