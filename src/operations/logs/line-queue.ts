/** How many items wait before whoever adds one has to. */
const CAPACITY = 1_000

/** Items from many sources for one reader, who holds up the sources when it is slow. */
export class LineQueue<T> implements AsyncIterable<T> {
  #items: T[] = []
  #ended = false
  #failure: {readonly error: unknown} | undefined
  #wakeReader = (): void => undefined
  #wakeSources: (() => void)[] = []

  /** Adds an item; resolves when there is room for another. */
  async push(item: T): Promise<void> {
    if (this.#ended) return
    this.#items.push(item)
    this.#wakeReader()
    if (this.#items.length < CAPACITY) return
    await new Promise<void>((wake) => this.#wakeSources.push(wake))
  }

  /** Nothing more comes; the reader still gets what is there, then the error if there is one. */
  end(failure?: {readonly error: unknown}): void {
    this.#ended = true
    this.#failure ??= failure
    this.#wakeReader()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for (;;) {
        const items = this.#items
        this.#items = []
        for (const wake of this.#wakeSources.splice(0)) wake()
        yield* items
        if (this.#items.length > 0) continue
        if (this.#ended) break
        await new Promise<void>((wake) => (this.#wakeReader = wake))
      }
    } finally {
      this.#ended = true
      for (const wake of this.#wakeSources.splice(0)) wake()
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error as Error)
  }
}
