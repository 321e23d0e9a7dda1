import type {Abortable} from '../../http/exchange.ts'
import {WaitingLine} from '../../http/waiting-line.ts'
import type {ActivatorLog} from './activator-log.ts'
import {type LbPolicy, makeLbPolicy} from './lb-policy.ts'
import {PodTracker} from './pod-tracker.ts'

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
 * - With a concurrency limit, never more are let through to one pod than its limit; the rest waits,
 *   in the order of arrival.
 * - Without a limit, everybody is let through as soon as there is a pod.
 * - Requests that a pod has when it leaves the revision finish there.
 *
 * Counterpart of revisionThrottler in knative.dev/serving `pkg/activator/net`. Differs from
 * upstream: room is looked for pod by pod, not counted for the revision as a whole, because there
 * requests on a pod that has left take the room of its successor. And there is one activator, so no
 * pods are shared out among several.
 */
export class RevisionThrottler {
  readonly #options: RevisionThrottlerOptions
  readonly #policy: LbPolicy
  readonly #line = new WaitingLine<PodTracker>()
  #trackers: readonly PodTracker[] = []
  /** Pods that left with requests: should one come back, they still count. */
  readonly #departed = new Map<string, PodTracker>()

  constructor(options: RevisionThrottlerOptions) {
    this.#options = options
    this.#policy = makeLbPolicy(options.containerConcurrency, options.random)
  }

  /** How many requests may be under way. */
  get capacity(): number {
    return calculateCapacity(this.#options.containerConcurrency, this.#trackers.length)
  }

  /**
   * Reserves a place on a pod; the caller gives it back by {@link release}.
   *
   * A promise only if one has to wait; it rejects with the reason when `waiting` is aborted.
   */
  acquire(waiting: Abortable): PodTracker | Promise<PodTracker> {
    // Whoever waits already goes first.
    const free = this.#line.size === 0 ? this.#policy(this.#trackers) : undefined
    return free ?? this.#line.join(waiting)
  }

  /** Gives back a place, which the next one in line may get. */
  release(pod: PodTracker): void {
    pod.release()
    if (pod.weight === 0) this.#departed.delete(pod.dest)
    this.#admit()
  }

  /** Sets the pods that take requests. Those that stay keep the requests they have. */
  setDestinations(destinations: readonly Destination[]): void {
    const {containerConcurrency, log, key} = this.#options
    for (const tracker of this.#trackers) this.#departed.set(tracker.dest, tracker)
    const trackers = destinations.map(
      ({ip, port}) =>
        this.#departed.get(`${ip}:${port}`) ?? new PodTracker(ip, port, containerConcurrency),
    )
    trackers.sort((left, right) => (left.dest < right.dest ? -1 : 1))
    for (const {dest} of trackers) this.#departed.delete(dest)
    for (const [dest, {weight}] of this.#departed) if (weight === 0) this.#departed.delete(dest)
    const count = trackers.length
    log.write(
      'INFO',
      `Updating Revision Throttler with: clusterIP = <nil>, trackers = ${count}, backends = ${count}`,
      {key},
    )
    this.#trackers = trackers
    log.write('INFO', `Set capacity to ${this.capacity} (backends: ${count}, index: 0/1)`, {key})
    this.#admit()
  }

  /** Lets in those who now find room. */
  #admit(): void {
    while (this.#line.size > 0) {
      const pod = this.#policy(this.#trackers)
      if (pod === undefined) return
      this.#line.admitFirst(pod)
    }
  }
}

/** How many requests `pods` take together. */
function calculateCapacity(containerConcurrency: number, pods: number): number {
  if (pods === 0) return 0
  return containerConcurrency === 0
    ? MAX_CAPACITY
    : Math.min(MAX_CAPACITY, containerConcurrency * pods)
}
