import {KntoolError} from '../../errors/kntool-error.ts'

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

/**
 * What a failure of SQLite or of the file system under it means to the owner of `file`.
 *
 * Anything not known is answered as it is: a bug should look like one.
 */
export function explainSqliteError(cause: unknown, file: string): unknown {
  if (!(cause instanceof Error) || cause instanceof KntoolError) return cause
  switch (primaryCode(cause)) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new KntoolError('KN_DATA_DIR_LOCKED', `Another process is using ${file}.`, {
        hint: ['See what runs: kntool local status', 'Stop it: kntool local down'],
        details: {file},
        cause,
      })
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new KntoolError('KN_DATA_CORRUPT', `The database ${file} is damaged.`, {
        hint: [RESET_HINT, OTHER_DIRECTORY_HINT],
        details: {file},
        cause,
      })
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

/** The lowest eight bits of an extended result code are the primary one; 0 for none. */
function primaryCode(error: Error): number {
  return Number((error as {errcode?: unknown}).errcode ?? 0) & 0xff
}
