import type {Clock, Timer} from '../util/clock.ts'
import {DeadlineQueue} from './deadline-queue.ts'
import {respondText} from './error-response.ts'
import type {Exchange} from './exchange.ts'

/** The status of a response that changes the protocol. */
const SWITCHED = 101

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
class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

/**
 * Keeps exchanges within time limits: one whose response has not begun in time is answered 504 with
 * a text, one that pauses for too long is broken off; in both cases whoever works on it is told to
 * stop.
 *
 * | limit         | response not begun | response under way            | protocol changed |
 * | ------------- | ------------------ | ----------------------------- | ---------------- |
 * | total         | 504                | goes on                       | cut              |
 * | responseStart | 504                | goes on                       | cut              |
 * | idle          | 504                | the text is appended, the end | cut              |
 *
 * Upstream bug kept: it does not see what is sent after a change of protocol, so that a WebSocket
 * lasts no longer than the shortest limit, busy or not.
 *
 * Counterpart of knative.dev/serving `pkg/http/handler` timeout.go. Differs from upstream: a
 * response with a `content-length` is broken off when it idles, because text appended to it would
 * be taken for its content.
 */
export class TimeLimiter {
  readonly #clock: Clock
  readonly #text: string
  readonly #idleMs: number
  readonly #starts: DeadlineQueue<Exchange> | undefined

  constructor(limits: TimeLimits, options: {readonly clock: Clock; readonly text: string}) {
    this.#clock = options.clock
    this.#text = options.text
    this.#idleMs = limits.idleMs
    const startMs = shorter(limits.totalMs, limits.responseStartMs)
    if (startMs > 0) {
      this.#starts = new DeadlineQueue(options.clock, startMs, (exchange) => {
        if (exchange.status === 0 || exchange.status === SWITCHED) timeOut(exchange, options.text)
      })
    }
  }

  /** Nothing new will be passed on: ends with the last exchange that is under way. */
  close(): void {
    this.#starts?.close()
  }

  /** Watches the exchange until the returned function is called. */
  watch(exchange: Exchange): () => void {
    const start = this.#starts?.add(exchange)
    const idle = this.#idleMs > 0 ? this.#watchIdle(exchange) : undefined
    return () => {
      if (start !== undefined) this.#starts?.remove(start)
      idle?.cancel()
    }
  }

  /** One timer for the whole response: it is set again for what is left of the interval. */
  #watchIdle(exchange: Exchange): Timer {
    let lastSentAtMs = Number.NEGATIVE_INFINITY
    let timer: Timer
    exchange.onProgress(() => {
      lastSentAtMs = this.#clock.now()
    })
    const watch = (delayMs: number): void => {
      timer = this.#clock.after(delayMs, () => {
        if (exchange.status === SWITCHED) {
          timeOut(exchange, this.#text)
          return
        }
        if (exchange.finished) return
        const silentMs = this.#clock.now() - lastSentAtMs
        if (silentMs >= this.#idleMs) timeOut(exchange, this.#text)
        else watch(this.#idleMs - silentMs)
      })
    }
    watch(this.#idleMs)
    return {cancel: () => timer.cancel()}
  }
}

function timeOut(exchange: Exchange, text: string): void {
  const reason = new TimeLimitError(text)
  if (exchange.status === 0) {
    respondText(exchange, 504, text)
  } else if (exchange.hasLength) {
    exchange.fail(reason)
  } else if (!exchange.finished) {
    exchange.write(Buffer.from(text))
    exchange.end()
  }
  // Cuts a connection whose protocol was changed.
  exchange.abort(reason)
}

function shorter(left: number, right: number): number {
  if (left <= 0) return right
  if (right <= 0) return left
  return Math.min(left, right)
}
