import {KntoolError} from '../../errors/kntool-error.ts'

const RESTORE_HINT = 'Go back to the copy of the last clean stop: kntool local restore'
const READABLE_HINT = 'Go on with what can still be read: kntool local restore --readable'
const RESET_HINT = 'Delete the data of this cluster and start afresh: kntool local reset'
const OTHER_DIRECTORY_HINT = 'Choose another directory: kntool local up --data-dir DIR'

/** SQLite's primary result codes that have a meaning of their own here. */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const

/** `SQLITE_IOERR_SHORT_READ` */
const SHORT_READ = 522

/**
 * What a failure of SQLite or of the file system under it means to the owner of `file`.
 *
 * Anything not known is answered as it is: a bug should look like one.
 */
export function explainSqliteError(cause: unknown, file: string): unknown {
  if (!(cause instanceof Error) || cause instanceof KntoolError) return cause
  // A file that ends too early is no problem of permissions.
  if (errorCode(cause) === SHORT_READ) return damaged(file, cause.message, cause)
  switch (errorCode(cause) & 0xff) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new KntoolError('KN_DATA_DIR_LOCKED', `Another process is using ${file}.`, {
        hint: ['See what runs: kntool local status', 'Stop it: kntool local down'],
        details: {file},
        cause,
      })
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return damaged(file, cause.message, cause)
    case SQLITE.FULL:
      return new KntoolError('KN_DATA_DIR_UNUSABLE', `There is no space left for ${file}.`, {
        hint: ['Free some space on that disk, then try again', OTHER_DIRECTORY_HINT],
        details: {file},
        cause,
      })
    case SQLITE.PERM:
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
    case SQLITE.IOERR:
      return unusable(file, cause)
    default:
      return cause
  }
}

/** The database is not what was written. */
export function damaged(file: string, why: string, cause?: unknown): KntoolError {
  return new KntoolError('KN_DATA_CORRUPT', `The database ${file} is damaged: ${why}.`, {
    hint: [RESTORE_HINT, RESET_HINT],
    details: {file},
    cause,
  })
}

/** The database can be read, and what it says is not what was acknowledged. */
export function changedStored(file: string): KntoolError {
  return new KntoolError(
    'KN_DATA_CORRUPT',
    `The database ${file} is damaged: what it holds is not what was written.`,
    {hint: [RESTORE_HINT, READABLE_HINT, RESET_HINT], details: {file}},
  )
}

/** The database is gone, and what stands beside it says that there was one. */
export function missingDatabase(file: string, writes: number | undefined): KntoolError {
  const what = writes === undefined ? 'what it held' : `its ${writes} writes`
  return new KntoolError('KN_DATA_CORRUPT', `The database ${file} is missing, and ${what}.`, {
    hint: [RESTORE_HINT, RESET_HINT],
    details: {file},
  })
}

/** The log ends before the newest write that was acknowledged. */
export function lostWrites(
  file: string,
  log: 'damaged' | 'missing',
  {from, to}: {readonly from: number; readonly to: number},
): KntoolError {
  const count = to - from + 1
  const which =
    count === 1 ? `the newest write (${to})` : `the newest ${count} writes (${from} to ${to})`
  return new KntoolError(
    'KN_DATA_CORRUPT',
    `${file}-wal is ${log}: ${which} cannot be read any more.`,
    {hint: [READABLE_HINT, RESTORE_HINT, RESET_HINT], details: {file: `${file}-wal`, from, to}},
  )
}

/** Nobody can tell whether the newest writes are there. */
export function unknownNewest(note: string, why: 'damaged' | 'missing'): KntoolError {
  return new KntoolError(
    'KN_DATA_CORRUPT',
    `${note} is ${why}: whether the newest writes are still there cannot be told without it.`,
    {hint: [READABLE_HINT, RESTORE_HINT, RESET_HINT], details: {file: note}},
  )
}

/** The directory of `file` cannot be written to. */
export function unusable(file: string, cause: unknown): KntoolError {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  return new KntoolError('KN_DATA_DIR_UNUSABLE', `The database ${file} cannot be written${why}.`, {
    hint: [`Check the permissions of its directory`, OTHER_DIRECTORY_HINT],
    details: {file},
    cause,
  })
}

/** The file is a database, but not one of ours. */
export function foreignDatabase(file: string): KntoolError {
  return new KntoolError('KN_DATA_CORRUPT', `${file} is not a database of kntool.`, {
    hint: OTHER_DIRECTORY_HINT,
    details: {file},
  })
}

/** The file was written by a later kntool. */
export function tooNew(file: string, found: number, known: number): KntoolError {
  return new KntoolError(
    'KN_DATA_TOO_NEW',
    `The database ${file} has format ${found}, this kntool knows formats up to ${known}.`,
    {
      hint: ['Update kntool: npm install --global kntool@latest', RESET_HINT],
      details: {file, found, known},
    },
  )
}

/** SQLite's extended result code, whose lowest eight bits are the primary one; 0 for none. */
function errorCode(error: Error): number {
  return Number((error as {errcode?: unknown}).errcode ?? 0)
}
