import {existsSync, statSync} from 'node:fs'
import {checkFiles} from './check-stored.ts'
import {newestWritePath, readNewestWrite} from './newest-write.ts'
import {missingDatabase, unknownNewest, unusable} from './sqlite-errors.ts'

/** The note of the newest write of a database, as it was found. */
export type Note = ReturnType<typeof readNewestWrite>

/** Reads the note of the newest write. Throws `KN_DATA_DIR_UNUSABLE` when it cannot be read. */
export function noteOf(file: string): Note {
  const path = newestWritePath(file)
  try {
    return readNewestWrite(path)
  } catch (error) {
    throw unusable(path, error)
  }
}

/** Throws `KN_DATA_CORRUPT` for files that do not belong together, before SQLite sees them. */
export function refuseFiles(file: string, note: Note): void {
  const size = statSync(file, {throwIfNoEntry: false})?.size
  const problem = checkFiles({
    database: size === undefined ? 'absent' : size === 0 ? 'empty' : 'present',
    log: existsSync(`${file}-wal`) ? 'present' : 'absent',
    note,
  })
  if (problem === 'note-damaged') throw unknownNewest(newestWritePath(file), 'damaged')
  if (problem === 'database-missing') {
    throw missingDatabase(file, typeof note === 'object' ? note.revision : undefined)
  }
}
