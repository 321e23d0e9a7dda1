import type {Abortable} from './exchange.ts'

/** The line in front of a breaker is full. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError'

  constructor() {
    super('pending request queue full')
  }
}

/** Limits of a {@link Breaker}. */
export interface BreakerLimits {
  /** How many may wait besides those that run. At least 1. */
  readonly queueDepth: number
  /** The largest capacity there will ever be. */
  readonly maxConcurrency: number
  /** How many may run at first. */
  readonly initialCapacity: number
}

/** What throttles: a {@link Breaker}, or an {@link InfiniteBreaker}. */
export interface Throttle {
  /** How many may run at once. */
  readonly capacity: number
  /** Takes a slot without waiting, past everybody who waits. False when none is free. */
  tryAcquire(): boolean
  /**
   * Takes a slot, waiting for one if need be; first come, first served.
   *
   * Rejects with {@link QueueFullError} when too many wait already, and with the reason of the
   * abort when `waiting` is aborted first. After either there is nothing to release.
   */
  acquire(waiting: Abortable): Promise<void>
  /** Gives back a slot. Exactly once for each taken. */
  release(): void
  /** Changes how many may run. Those above a smaller capacity finish undisturbed. */
  updateCapacity(capacity: number): void
}

/**
 * Limits how many run at once, and how many wait for it.
 *
 * - Those who wait are let in in the order they came.
 * - One that is aborted while waiting leaves the line at once.
 * - Capacity can change at any time; a larger one lets in as many as now fit.
 *
 * Counterpart of knative.dev/serving `pkg/queue` Breaker.
 */
export class Breaker implements Throttle {
  readonly #totalSlots: number
  readonly #line = new WaitingLine()
  #capacity: number
  #running = 0

  constructor(limits: BreakerLimits) {
    if (limits.queueDepth <= 0) throw new RangeError('queueDepth must be at least 1')
    if (limits.initialCapacity < 0 || limits.initialCapacity > limits.maxConcurrency) {
      throw new RangeError('initialCapacity must be between 0 and maxConcurrency')
    }
    this.#totalSlots = limits.queueDepth + limits.maxConcurrency
    this.#capacity = limits.initialCapacity
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Those that run and those that wait. */
  get inFlight(): number {
    return this.#running + this.#line.size
  }

  tryAcquire(): boolean {
    if (this.#running >= this.#capacity || this.inFlight >= this.#totalSlots) return false
    this.#running++
    return true
  }

  acquire(waiting: Abortable): Promise<void> {
    if (this.inFlight >= this.#totalSlots) return Promise.reject(new QueueFullError())
    if (this.#line.size === 0 && this.tryAcquire()) return Promise.resolve()
    return this.#line.join(waiting)
  }

  release(): void {
    if (this.#running === 0) throw new Error('release without acquire')
    this.#running--
    this.#admit()
  }

  updateCapacity(capacity: number): void {
    this.#capacity = capacity
    this.#admit()
  }

  #admit(): void {
    while (this.#running < this.#capacity && this.#line.size > 0) {
      this.#running++
      this.#line.admitFirst()
    }
  }
}

/**
 * Lets everybody through while there is any capacity, and makes everybody wait while there is none.
 *
 * Counterpart of the infiniteBreaker in knative.dev/serving `pkg/activator/net`, which serves
 * revisions without a concurrency limit.
 */
export class InfiniteBreaker implements Throttle {
  readonly #line = new WaitingLine()
  #open = false

  /** 1 while open, 0 while closed. */
  get capacity(): number {
    return this.#open ? 1 : 0
  }

  tryAcquire(): boolean {
    return this.#open
  }

  acquire(waiting: Abortable): Promise<void> {
    return this.#open ? Promise.resolve() : this.#line.join(waiting)
  }

  release(): void {}

  updateCapacity(capacity: number): void {
    this.#open = capacity > 0
    while (this.#open && this.#line.size > 0) this.#line.admitFirst()
  }
}

/** Those who wait, in order. A Set keeps the order and lets anybody leave from the middle. */
class WaitingLine {
  readonly #tickets = new Set<() => void>()

  get size(): number {
    return this.#tickets.size
  }

  join(waiting: Abortable): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        leave()
        resolve()
      }
      this.#tickets.add(admit)
      const leave = waiting.onAbort((reason) => {
        this.#tickets.delete(admit)
        reject(reason)
      })
    })
  }

  admitFirst(): void {
    for (const admit of this.#tickets) {
      this.#tickets.delete(admit)
      admit()
      return
    }
  }
}
