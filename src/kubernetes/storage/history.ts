import type {Stored, StorageEvent} from './storage.ts'

/** One write as the history keeps it. */
export interface LogEntry {
  readonly event: StorageEvent
  /** What was stored under the key before the write. */
  readonly before: Stored | undefined
  /** Roughly the memory that only the history holds on to. */
  readonly bytes: number
}

/**
 * The newest writes, in the order of their revisions and without gaps.
 *
 * Entries leave at the old end only. Their slots are cleared at once, the array itself is shortened
 * now and then, so that dropping entries one by one stays cheap.
 */
export class History {
  #entries: (LogEntry | undefined)[] = []
  #head = 0
  #bytes = 0

  get length(): number {
    return this.#entries.length - this.#head
  }

  get bytes(): number {
    return this.#bytes
  }

  push(entry: LogEntry): void {
    this.#entries.push(entry)
    this.#bytes += entry.bytes
  }

  /** Puts older entries in front; the last of them is the direct predecessor of the oldest here. */
  prepend(older: readonly LogEntry[]): void {
    this.#entries = [...older, ...this.#entries.slice(this.#head)]
    this.#head = 0
    for (const entry of older) this.#bytes += entry.bytes
  }

  /** The entries after `revision`, oldest first. */
  *since(revision: number): Generator<LogEntry, void, undefined> {
    const first = this.#entries[this.#head]?.event.storeRevision ?? 0
    const start = this.#head + Math.max(0, revision + 1 - first)
    for (let index = start; index < this.#entries.length; index++) {
      const entry = this.#entries[index]
      if (entry !== undefined) yield entry
    }
  }

  /** Forgets the entries up to and with `revision`. */
  dropThrough(revision: number): void {
    for (;;) {
      const entry = this.#entries[this.#head]
      if (entry === undefined || entry.event.storeRevision > revision) break
      this.#entries[this.#head++] = undefined
      this.#bytes -= entry.bytes
    }
    if (this.#head > 1_024 && this.#head > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
  }

  /** The revision to drop through so that entries of at most `bytes` remain; 0 for none. */
  revisionToFit(bytes: number): number {
    let surplus = this.#bytes - bytes
    let revision = 0
    for (let index = this.#head; surplus > 0 && index < this.#entries.length; index++) {
      const entry = this.#entries[index]
      if (entry === undefined) break
      surplus -= entry.bytes
      revision = entry.event.storeRevision
    }
    return revision
  }
}
