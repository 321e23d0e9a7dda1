import {LogStorage, type StorageOptions} from './log-storage.ts'
import {SqliteJournal} from './sqlite-journal.ts'
import type {Storage} from './storage.ts'

/** Where an SQLite storage is, and how much of the past it keeps. */
export interface SqliteStorageOptions extends StorageOptions {
  /** Path of the database; the file and its directory are created when missing. */
  readonly file: string
  /** Goes on with what can be read, whatever else was acknowledged. */
  readonly acceptsLoss?: boolean
}

/**
 * Opens a storage that survives the process, even when it is killed in the middle of a write.
 *
 * The caller closes it; until then no other process can open the same file.
 *
 * @throws {KntoolError} KN_DATA_DIR_LOCKED, KN_DATA_DIR_UNUSABLE, KN_DATA_CORRUPT, KN_DATA_TOO_NEW
 */
export function openSqliteStorage(options: SqliteStorageOptions): Storage {
  return new LogStorage(options, new SqliteJournal(options.file, options))
}
