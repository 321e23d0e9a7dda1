import type {StorageEvent, StorageWatch} from './storage.ts'

type Result = IteratorResult<StorageEvent, undefined>

const DONE: Result = {done: true, value: undefined}

/**
 * The queue between storage and one consumer.
 *
 * - Events come out in the order they were pushed, each once.
 * - A consumer that lets more than `limit` events wait is evicted: its queue is dropped and the
 *   iteration ends, with `evicted` set. Writers never wait for readers.
 * - `close` drops what waits and ends the iteration; it may be called any number of times.
 */
export class BoundedWatch implements StorageWatch, AsyncIterator<StorageEvent, undefined> {
  readonly #afterRevision: number
  readonly #limit: number
  readonly #onEnd: (watch: BoundedWatch) => void
  #queue: StorageEvent[]
  #head = 0
  #waiting: ((result: Result) => void)[] = []
  #listener: ((event: StorageEvent) => void) | undefined
  #onEnded: (() => void) | undefined
  #ended = false
  #evicted = false

  /** `backlog` is delivered first and does not count as falling behind. */
  constructor(options: {
    afterRevision: number
    backlog: StorageEvent[]
    limit: number
    onEnd: (watch: BoundedWatch) => void
  }) {
    this.#afterRevision = options.afterRevision
    this.#queue = options.backlog
    this.#limit = options.limit + options.backlog.length
    this.#onEnd = options.onEnd
  }

  get evicted(): boolean {
    return this.#evicted
  }

  /** Hands an event to the consumer, or evicts the consumer. */
  push(event: StorageEvent): void {
    // A watch from a revision that is still to come must not see what leads up to it.
    if (this.#ended || event.storeRevision <= this.#afterRevision) return
    if (this.#listener !== undefined) {
      this.#listener(event)
      return
    }
    const waiting = this.#waiting.shift()
    if (waiting !== undefined) {
      waiting({done: false, value: event})
    } else if (this.#queue.length - this.#head >= this.#limit) {
      this.#evicted = true
      this.close()
    } else {
      this.#queue.push(event)
    }
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#queue = []
    this.#head = 0
    this.#onEnd(this)
    for (const waiting of this.#waiting.splice(0)) waiting(DONE)
    this.#onEnded?.()
  }

  subscribe(listener: (event: StorageEvent) => void, ended: () => void): void {
    // One by one, because a listener that writes adds to what waits.
    for (let event = this.#take(); event !== undefined; event = this.#take()) listener(event)
    if (this.#ended) {
      ended()
      return
    }
    this.#listener = listener
    this.#onEnded = ended
  }

  next(): Promise<Result> {
    const event = this.#take()
    if (event !== undefined) return Promise.resolve({done: false, value: event})
    if (this.#ended) return Promise.resolve(DONE)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #take(): StorageEvent | undefined {
    const event = this.#queue[this.#head]
    if (event === undefined) return undefined
    this.#head++
    if (this.#head === this.#queue.length || this.#head > 1_024) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
    return event
  }

  return(): Promise<Result> {
    this.close()
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
