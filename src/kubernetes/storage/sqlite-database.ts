import {closeSync, mkdirSync, openSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {explainSqliteError, foreignDatabase, tooNew, unusable} from './sqlite-errors.ts'

/** The format of the tables below. Add a migration when it grows. */
const SCHEMA_VERSION = 1

/** `kntl`: marks our databases, so that a file of somebody else is never touched. */
const APPLICATION_ID = 0x6b_6e_74_6c

/**
 * `value` comes last and is null for a removed key. Rows are found by revision alone: the current
 * state is the rows that are nobody's `previous`, so that no second index has to be written.
 */
const SCHEMA = `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    previous INTEGER,
    value TEXT
  ) STRICT;
  CREATE TABLE compaction (oldest_revision INTEGER NOT NULL) STRICT;
  INSERT INTO compaction VALUES (0);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/**
 * Opens the database at `file` for this process alone, creating it and its directory if need be.
 *
 * A killed process leaves nothing to repair: the lock goes with it, and every committed write is
 * in the write-ahead log. `synchronous=NORMAL` loses at most the newest writes when the whole
 * machine loses power, and never the database.
 *
 * @throws {KntoolError} KN_DATA_DIR_LOCKED, KN_DATA_DIR_UNUSABLE, KN_DATA_CORRUPT, KN_DATA_TOO_NEW
 */
export function openDatabase(file: string): DatabaseSync {
  createPrivately(file)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    // Before the first access, which then takes the lock and keeps it until the database closes.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    checkOrigin(database, file)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;
    `)
    // Fails now, and not in the middle of the first request, if the file cannot be written.
    database.exec('BEGIN EXCLUSIVE')
    if (pragma(database, 'user_version') === 0) database.exec(SCHEMA)
    database.exec('COMMIT')
    return database
  } catch (error) {
    database?.close()
    throw explainSqliteError(error, file)
  }
}

/** The objects hold Secrets: nobody else may read the file. SQLite gives its log the same mode. */
function createPrivately(file: string): void {
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700})
    closeSync(openSync(file, 'a', 0o600))
  } catch (cause) {
    throw unusable(file, cause)
  }
}

function checkOrigin(database: DatabaseSync, file: string): void {
  const version = pragma(database, 'user_version')
  const application = pragma(database, 'application_id')
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()
  if (application === 0 && version === 0 && tables?.['count'] === 0) return
  if (application !== APPLICATION_ID) throw foreignDatabase(file)
  if (version > SCHEMA_VERSION) throw tooNew(file, version, SCHEMA_VERSION)
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
