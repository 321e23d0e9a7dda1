import type {Clock, Timer} from '../util/clock.ts'
import {PLAIN_TEXT} from './error-response.ts'
import type {Exchange, HttpHandler} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'

/** How long a response may take. 0 means that there is no limit. */
export interface TimeLimits {
  /** Until the response begins. */
  readonly totalMs: number
  /** Until the response begins, too: the shorter of the two wins. */
  readonly responseStartMs: number
  /** Between two pieces of the response. Counts from the request before there is any. */
  readonly idleMs: number
}

/** An exchange took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

/**
 * Runs `next` under time limits: an exchange whose response has not begun in time is answered 504
 * with `text`, one that pauses for too long is broken off; in both cases whoever works on it is
 * told to stop.
 *
 * | limit         | response not begun | response under way        |
 * | ------------- | ------------------ | ------------------------- |
 * | total         | 504                | goes on                   |
 * | responseStart | 504                | goes on                   |
 * | idle          | 504                | `text` is appended, ended |
 *
 * Counterpart of knative.dev/serving `pkg/http/handler` timeout.go. Differs from upstream: a
 * response with a `content-length` is broken off when it idles, because text appended to it would
 * be taken for its content.
 */
export async function withTimeLimits(
  exchange: Exchange,
  limits: TimeLimits,
  options: {readonly clock: Clock; readonly text: string; readonly next: HttpHandler},
): Promise<void> {
  const watch = new LimitWatch(exchange, limits, options)
  try {
    await options.next(exchange)
  } finally {
    watch.cancel()
  }
}

class LimitWatch {
  readonly #exchange: Exchange
  readonly #clock: Clock
  readonly #text: string
  readonly #start: Timer | undefined
  #idle: Timer | undefined
  #lastSentAtMs = Number.NEGATIVE_INFINITY
  #hasLength = false

  constructor(
    exchange: Exchange,
    limits: TimeLimits,
    options: {readonly clock: Clock; readonly text: string},
  ) {
    this.#exchange = exchange
    this.#clock = options.clock
    this.#text = options.text
    const startMs = shorter(limits.totalMs, limits.responseStartMs)
    if (startMs > 0) this.#start = this.#clock.after(startMs, () => this.#startOverdue())
    if (limits.idleMs > 0) {
      exchange.beforeHead((head) => {
        this.#hasLength = head.headers.has('content-length')
      })
      exchange.onProgress(() => {
        this.#lastSentAtMs = this.#clock.now()
      })
      this.#watchIdle(limits.idleMs, limits.idleMs)
    }
  }

  cancel(): void {
    this.#start?.cancel()
    this.#idle?.cancel()
  }

  #startOverdue(): void {
    if (this.#exchange.status === 0) this.#timeOut()
  }

  /** One timer for the whole response: it is set again for what is left of the interval. */
  #watchIdle(idleMs: number, delayMs: number): void {
    this.#idle = this.#clock.after(delayMs, () => {
      if (this.#exchange.finished) return
      const silentMs = this.#clock.now() - this.#lastSentAtMs
      if (silentMs >= idleMs) this.#timeOut()
      else this.#watchIdle(idleMs, idleMs - silentMs)
    })
  }

  #timeOut(): void {
    const reason = new TimeLimitError(this.#text)
    const exchange = this.#exchange
    if (exchange.status === 0) {
      exchange.respond(504, this.#text, HeaderFields.from(PLAIN_TEXT))
    } else if (this.#hasLength) {
      exchange.fail(reason)
    } else {
      exchange.write(Buffer.from(this.#text))
      exchange.end()
    }
    exchange.abort(reason)
  }
}

function shorter(left: number, right: number): number {
  if (left <= 0) return right
  if (right <= 0) return left
  return Math.min(left, right)
}
