import {crc32} from 'node:zlib'

const MODULUS = 2 ** 32

/** The checksum of one stored object as the text it is on disk. */
function writeChecksum(revision: number, key: string, text: string): number {
  return crc32(text, crc32(key, revision % MODULUS))
}

/**
 * A checksum of all stored objects, in whichever order they come: the sum of theirs.
 *
 * It follows every write without looking at the other objects, and is made anew from what is read
 * when a database is opened.
 */
export class StoredChecksum {
  /** Of each stored object, by the revision that wrote it. */
  readonly #byRevision = new Map<number, number>()
  #sum = 0

  get sum(): number {
    return this.#sum
  }

  add(revision: number, key: string, text: string): void {
    this.take(this.after({revision, key, text, previous: undefined}))
  }

  /** What a write changes; nothing has changed until it is taken. */
  after({revision, key, text, previous}: StoredWrite): ChecksumChange {
    const added = text === null ? undefined : writeChecksum(revision, key, text)
    const removed = previous === undefined ? 0 : (this.#byRevision.get(previous) ?? 0)
    return {
      revision,
      added,
      previous,
      sum: (this.#sum + (added ?? 0) - removed + MODULUS) % MODULUS,
    }
  }

  take({revision, added, previous, sum}: ChecksumChange): void {
    if (added !== undefined) this.#byRevision.set(revision, added)
    if (previous !== undefined) this.#byRevision.delete(previous)
    this.#sum = sum
  }
}

interface StoredWrite {
  readonly revision: number
  readonly key: string
  /** Null: the key is removed. */
  readonly text: string | null
  /** The revision that wrote what this write replaces or removes. */
  readonly previous: number | undefined
}

interface ChecksumChange {
  readonly revision: number
  readonly added: number | undefined
  readonly previous: number | undefined
  readonly sum: number
}

/** A write of the log with what it replaced, as texts. */
export interface LoggedWrite {
  readonly revision: number
  readonly key: string
  /** Null: the key was removed. */
  readonly text: string | null
  readonly previous: {readonly revision: number; readonly text: string} | undefined
}

/** What `sum` becomes by `writes`. */
export function sumAfter(sum: number, writes: readonly LoggedWrite[]): number {
  return writes.reduce((total, {revision, key, text, previous}) => {
    const added = text === null ? 0 : writeChecksum(revision, key, text)
    const removed = previous && writeChecksum(previous.revision, key, previous.text)
    return (total + added - (removed ?? 0) + MODULUS) % MODULUS
  }, sum)
}
