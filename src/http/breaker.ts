import type {Abortable} from './exchange.ts'
import {WaitingLine} from './waiting-line.ts'

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

/**
 * Limits how many run at once, and how many wait for it.
 *
 * - Those who wait are let in in the order they came.
 * - One that is aborted while waiting leaves the line at once.
 * - Capacity can change at any time; a larger one lets in as many as now fit.
 *
 * Counterpart of knative.dev/serving `pkg/queue` Breaker.
 */
export class Breaker {
  readonly #totalSlots: number
  readonly #line = new WaitingLine<void>()
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

  /** How many may run at once. */
  get capacity(): number {
    return this.#capacity
  }

  /** Those that run and those that wait. */
  get inFlight(): number {
    return this.#running + this.#line.size
  }

  /** Takes a slot without waiting, past everybody who waits. False when none is free. */
  tryAcquire(): boolean {
    if (this.#running >= this.#capacity || this.inFlight >= this.#totalSlots) return false
    this.#running++
    return true
  }

  /**
   * Takes a slot, waiting for one if need be; first come, first served.
   *
   * Rejects with {@link QueueFullError} when too many wait already, and with the reason of the
   * abort when `waiting` is aborted first. After either there is nothing to release.
   */
  acquire(waiting: Abortable): Promise<void> {
    if (this.inFlight >= this.#totalSlots) return Promise.reject(new QueueFullError())
    if (this.#line.size === 0 && this.tryAcquire()) return Promise.resolve()
    return this.#line.join(waiting)
  }

  /** Gives back a slot. Exactly once for each taken. */
  release(): void {
    if (this.#running === 0) throw new Error('release without acquire')
    this.#running--
    this.#admit()
  }

  /** Changes how many may run. Those above a smaller capacity finish undisturbed. */
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
