import type {Clock} from '../util/clock.ts'
import {isConflict, statusErrorOf} from '../api/meta/status-error.ts'
import {type BackoffOptions, Workqueue} from './workqueue.ts'

/** A controller as the composition root runs it. */
export interface RunnableController {
  readonly queue: Workqueue
  /** Works until `signal` aborts; resolves when running work has finished. */
  run(signal: AbortSignal): Promise<void>
}

/** When to look at a key again although nothing changed; `undefined`: not before something does. */
export type Requeue = {readonly requeueAfterMs: number} | undefined

/** What a {@link KeyLoop} needs. */
export interface KeyLoopOptions {
  readonly clock: Clock
  /** Brings one key to what it should be. A thrown error means: again, each time twice as late. */
  readonly sync: (key: string) => Promise<Requeue | void>
  readonly workers?: number
  readonly backoff?: BackoffOptions
  /** Told of failures that are tried again; conflicts are not among them. */
  readonly onError: (key: string, error: unknown) => void
}

/**
 * A queue of keys and workers that bring each to what it should be: the loop of every controller.
 *
 * By itself it is for controllers that do not own the status of the objects they follow, or that must
 * act when the object is gone; the others use `Controller`.
 */
export class KeyLoop implements RunnableController {
  readonly queue: Workqueue
  readonly #options: KeyLoopOptions

  constructor(options: KeyLoopOptions) {
    this.#options = options
    this.queue = new Workqueue(options.clock, options.backoff)
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.queue.close(), {once: true})
    if (signal.aborted) this.queue.close()
    await Promise.all(Array.from({length: this.#options.workers ?? 5}, () => this.#work()))
  }

  async #work(): Promise<void> {
    for (;;) {
      const key = await this.queue.take()
      if (key === undefined) return
      try {
        const requeue = await this.#options.sync(key)
        this.queue.forget(key)
        if (requeue !== undefined) this.queue.addAfter(key, requeue.requeueAfterMs)
      } catch (error) {
        this.queue.addRateLimited(key)
        // A conflict only says that the cache was behind; the next round sees the newer object.
        if (!isConflict(statusErrorOf(error))) this.#options.onError(key, error)
      } finally {
        this.queue.done(key)
      }
    }
  }
}

/**
 * Holds a controller back until what it reads is in the caches: before the first list, everything
 * would look missing.
 */
export function afterSync(
  controller: RunnableController,
  synced: () => readonly Promise<void>[],
): RunnableController {
  return {
    queue: controller.queue,
    async run(signal) {
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), {once: true})
      })
      await Promise.race([Promise.all(synced()), aborted])
      await controller.run(signal)
    },
  }
}
