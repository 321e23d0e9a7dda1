import type {NewestWrite} from './newest-write.ts'
import {type LoggedWrite, sumAfter} from './stored-checksum.ts'

/** What became of what was acknowledged. */
export type StoredVerdict =
  | {readonly kind: 'whole'}
  /** The newest writes are gone. */
  | {readonly kind: 'lost'; readonly from: number; readonly to: number}
  /** What is stored is not what was written. */
  | {readonly kind: 'changed'}

/**
 * Compares what a database holds with the note of its newest write.
 *
 * | newest write that was found | sum of what is stored         | verdict |
 * | --------------------------- | ----------------------------- | ------- |
 * | before the noted one        | any                           | lost    |
 * | the noted one               | as noted                      | whole   |
 * | after the noted one         | as noted, with those after it | whole   |
 * | the noted one, or after it  | any other                     | changed |
 *
 * A write may be there without a note: the process was killed between the two, or the machine lost
 * power before the note was on the disk.
 */
export function checkStored(
  noted: NewestWrite,
  found: NewestWrite,
  /** The writes after the noted one, oldest first. */
  later: readonly LoggedWrite[],
): StoredVerdict {
  if (found.revision < noted.revision) {
    return {kind: 'lost', from: found.revision + 1, to: noted.revision}
  }
  return sumAfter(noted.checksum, later) === found.checksum ? {kind: 'whole'} : {kind: 'changed'}
}

/** What is on the disk where a database is about to be opened. */
export interface FilesFound {
  /** `empty`: a file of no bytes, as a start that was killed leaves it. */
  readonly database: 'absent' | 'empty' | 'present'
  readonly log: 'absent' | 'present'
  readonly note: NewestWrite | 'absent' | 'damaged'
}

/** Which file keeps a database from being opened, if one does. */
export type FileProblem = 'database-missing' | 'note-damaged' | undefined

/**
 * Judges the files before SQLite sees them: it deletes a log whose database is not there.
 *
 * | database | note                     | log     | problem          |
 * | -------- | ------------------------ | ------- | ---------------- |
 * | any      | damaged                  | any     | note-damaged     |
 * | none     | of no write              | any     | none: a new one  |
 * | none     | of a write               | any     | database-missing |
 * | none     | absent                   | present | database-missing |
 * | none     | absent                   | absent  | none: a new one  |
 * | present  | absent, or of some write | any     | none             |
 */
export function checkFiles({database, log, note}: FilesFound): FileProblem {
  if (note === 'damaged') return 'note-damaged'
  if (database === 'present') return undefined
  const isMissing = note === 'absent' ? log === 'present' : note.revision > 0
  return isMissing ? 'database-missing' : undefined
}
