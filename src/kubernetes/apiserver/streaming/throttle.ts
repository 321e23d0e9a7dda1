/** A connection that can be told to wait. */
export interface ThrottledSource {
  pause(): void
  resume(): void
  /** Sends the far end something that costs it nothing. */
  ping(): void
}

const PING_PERIOD_MS = 1000

/**
 * Holds a client back while nobody takes what it sends.
 *
 * A connection that is not read does not tell that its other end is gone; one that is written to
 * does. So that a command without a client ends, the client is pinged as long as it waits.
 */
export class Throttle {
  readonly #source: ThrottledSource
  #timer: NodeJS.Timeout | undefined

  constructor(source: ThrottledSource) {
    this.#source = source
  }

  hold(): void {
    if (this.#timer !== undefined) return
    this.#source.pause()
    this.#timer = setInterval(() => this.#source.ping(), PING_PERIOD_MS).unref()
  }

  /** Lets the client go on; nothing happens when it was not held. */
  release(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#source.resume()
  }
}
