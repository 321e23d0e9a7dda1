import {copyFileSync, existsSync, linkSync, renameSync, rmSync} from 'node:fs'

/** A write-ahead log as it was found. */
export interface KeptLog {
  /** Whether there was one. */
  readonly exists: boolean
  /** Puts it back where it was, after the database was closed. */
  putBack(): void
  /** Forgets it. */
  release(): void
}

/**
 * Keeps hold of the write-ahead log of a database that is about to be opened. SQLite deletes it when
 * the database closes, with everything it could not read, which somebody may still want to look at.
 */
export function keepLog(database: string): KeptLog {
  const log = `${database}-wal`
  const kept = `${log}.found`
  rmSync(kept, {force: true})
  if (!existsSync(log)) return {exists: false, putBack: () => undefined, release: () => undefined}
  try {
    linkSync(log, kept)
  } catch {
    // A file system without links.
    copyFileSync(log, kept)
  }
  return {
    exists: true,
    putBack() {
      renameSync(kept, log)
      // Two names of one file stay what they are.
      rmSync(kept, {force: true})
    },
    release: () => rmSync(kept, {force: true}),
  }
}
