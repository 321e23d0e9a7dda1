import {type Pod, PODS} from '../../api/core/v1.ts'
import {isConflict, isNotFound} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import type {Clock, Timer} from '../../util/clock.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'

/** How long a change that nobody waits for may be held back to be written with the next one. */
const CALM_DELAY_MS = 100

/**
 * Writes the status of one pod, as seldom as it can and as soon as it matters.
 *
 * - Changes in one turn of the event loop are one write; calm ones wait for {@link CALM_DELAY_MS}.
 * - One write at a time; what changes meanwhile is written afterwards.
 * - Equal statuses are not written.
 */
export class StatusWriter {
  readonly #client: Client
  readonly #clock: Clock
  readonly #make: (pod: Pod) => NonNullable<Pod['status']>
  readonly #onError: (error: unknown) => void
  #pod: Pod
  #timer: Timer | undefined
  #isScheduled = false
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: {
    client: Client
    clock: Clock
    pod: Pod
    make: (pod: Pod) => NonNullable<Pod['status']>
    onError: (error: unknown) => void
  }) {
    this.#client = options.client
    this.#clock = options.clock
    this.#pod = options.pod
    this.#make = options.make
    this.#onError = options.onError
  }

  /** The newest version of the pod that was seen or written. */
  get pod(): Pod {
    return this.#pod
  }

  /** Whether a write is under way or about to be. */
  get busy(): boolean {
    return this.#isScheduled || this.#running !== undefined
  }

  /** Takes a version of the pod that a watch brought. */
  observe(pod: Pod): void {
    if (versionOf(pod) > versionOf(this.#pod)) this.#pod = pod
  }

  /** Says that the status changed. `calm`: nobody waits for this one. */
  changed(calm: boolean): void {
    if (this.#closed || this.#isScheduled) return
    if (calm) {
      this.#timer ??= this.#clock.after(CALM_DELAY_MS, () => {
        this.#timer = undefined
        this.changed(false)
      })
      return
    }
    this.#timer?.cancel()
    this.#timer = undefined
    this.#isScheduled = true
    // After the microtasks: a container that starts at once is then Running and Ready in one write.
    setImmediate(() => {
      this.#isScheduled = false
      this.#running ??= this.#write().finally(() => (this.#running = undefined))
    })
  }

  /** Stops writing; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.cancel()
    await this.#running
  }

  async #write(): Promise<void> {
    while (!this.#closed) {
      const status = this.#make(this.#pod)
      if (semanticEqual(status, this.#pod.status)) return
      try {
        this.#pod = await this.#client.updateStatus(PODS, {...this.#pod, status})
      } catch (error) {
        if (isNotFound(error)) return
        if (!isConflict(error)) {
          this.#onError(error)
          this.changed(true)
          return
        }
        const newest = await this.#client.find(PODS, this.#pod.metadata).catch(this.#onError)
        if (newest === undefined || newest.metadata.uid !== this.#pod.metadata.uid) return
        this.#pod = newest
      }
    }
  }
}

/** Kubernetes promises that versions of one resource can be compared as numbers. */
function versionOf({metadata}: Pod): number {
  return Number(metadata.resourceVersion ?? 0)
}
