import type {Clock} from '../../util/clock.ts'
import {isConflict} from '../../api/meta/status-error.ts'
import {Workqueue} from '../../controller/workqueue.ts'

/** A controller as the composition root runs it. */
export interface RunnableController {
  readonly queue: Workqueue
  /** Works until `signal` aborts; resolves when running work has finished. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * A queue of keys and workers that bring each to what it should be.
 *
 * For controllers that do not own the status of the objects they follow, or that must act when the
 * object is gone; the others use `Controller`.
 */
export class KeyLoop implements RunnableController {
  readonly queue: Workqueue
  readonly #sync: (key: string) => Promise<void>
  readonly #workers: number
  readonly #onError: (key: string, error: unknown) => void

  constructor(options: {
    clock: Clock
    sync: (key: string) => Promise<void>
    workers?: number
    onError: (key: string, error: unknown) => void
  }) {
    this.queue = new Workqueue(options.clock)
    this.#sync = options.sync
    this.#workers = options.workers ?? 5
    this.#onError = options.onError
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.queue.close(), {once: true})
    if (signal.aborted) this.queue.close()
    await Promise.all(Array.from({length: this.#workers}, () => this.#work()))
  }

  async #work(): Promise<void> {
    for (;;) {
      const key = await this.queue.take()
      if (key === undefined) return
      try {
        await this.#sync(key)
        this.queue.forget(key)
      } catch (error) {
        this.queue.addRateLimited(key)
        // A conflict only says that the cache was behind.
        if (!isConflict(error)) this.#onError(key, error)
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
