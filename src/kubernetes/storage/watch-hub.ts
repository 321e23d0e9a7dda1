import {BoundedWatch} from './bounded-watch.ts'
import {prefixesOf} from './key-range.ts'
import type {StorageEvent} from './storage.ts'

/**
 * The open watches by prefix.
 *
 * An event visits only the watches whose prefix its key has: the cost of a write grows with those,
 * not with all watches there are.
 */
export class WatchHub {
  readonly #byPrefix = new Map<string, Set<BoundedWatch>>()
  readonly #limit: number
  /** Events that a listener's own writes made while another event was on its way. */
  readonly #pending: StorageEvent[] = []
  #publishing = false

  /** `limit` is the number of events that may wait for one consumer. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Opens a watch which delivers `backlog` and then what is published after `afterRevision`. */
  open(prefix: string, afterRevision: number, backlog: StorageEvent[]): BoundedWatch {
    const watch = new BoundedWatch({
      afterRevision,
      backlog,
      limit: this.#limit,
      onEnd: (ended) => this.#remove(prefix, ended),
    })
    const watches = this.#byPrefix.get(prefix)
    if (watches === undefined) this.#byPrefix.set(prefix, new Set([watch]))
    else watches.add(watch)
    return watch
  }

  /** Delivers an event. Everybody sees all events in one order, also when a listener writes. */
  publish(event: StorageEvent): void {
    if (this.#byPrefix.size === 0) return
    this.#pending.push(event)
    if (this.#publishing) return
    this.#publishing = true
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        this.#deliver(next)
      }
    } finally {
      this.#publishing = false
    }
  }

  #deliver(event: StorageEvent): void {
    for (const prefix of prefixesOf(event.key)) {
      const watches = this.#byPrefix.get(prefix)
      if (watches === undefined) continue
      for (const watch of watches) watch.push(event)
    }
  }

  closeAll(): void {
    for (const watches of this.#byPrefix.values()) {
      for (const watch of watches) watch.close()
    }
  }

  #remove(prefix: string, watch: BoundedWatch): void {
    const watches = this.#byPrefix.get(prefix)
    watches?.delete(watch)
    if (watches?.size === 0) this.#byPrefix.delete(prefix)
  }
}
