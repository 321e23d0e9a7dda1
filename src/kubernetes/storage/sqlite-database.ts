import {closeSync, mkdirSync, openSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {damaged, explainSqliteError, foreignDatabase, tooNew, unusable} from './sqlite-errors.ts'

/** The format of the tables below. Add a migration when it grows. */
const TABLES_VERSION = 1

/** The format in which the newest write is noted in a file beside the database, too. */
const SCHEMA_VERSION = 2

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
  PRAGMA user_version = ${TABLES_VERSION};
`

/** A database that is open. */
export interface OpenedDatabase {
  readonly database: DatabaseSync
  /** Whether nobody has noted its newest write yet: it is new, or of an earlier format. */
  readonly needsNote: boolean
}

/**
 * Opens the database at `file` for this process alone, creating it and its directory if need be.
 *
 * A killed process leaves nothing to repair: the lock goes with it, and every committed write is
 * in the write-ahead log. What a power failure takes is said in
 * docs/decisions/0011-what-survives.md.
 *
 * @throws {KntoolError} KN_DATA_DIR_LOCKED, KN_DATA_DIR_UNUSABLE, KN_DATA_CORRUPT, KN_DATA_TOO_NEW
 */
export function openDatabase(file: string): OpenedDatabase {
  createPrivately(file)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    // Before the first access, which then takes the lock and keeps it until the database closes.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    const version = versionOf(database, file)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;
    `)
    // Fails now, and not in the middle of the first request, if the file cannot be written.
    database.exec('BEGIN EXCLUSIVE')
    if (version === 0) database.exec(SCHEMA)
    database.exec('COMMIT')
    if (version > 0) checkStructure(database, file)
    return {database, needsNote: version < SCHEMA_VERSION}
  } catch (error) {
    database?.close()
    throw explainSqliteError(error, file)
  }
}

/**
 * Says that there is a note of the newest write from now on, in the database itself and not only in
 * its log: somebody may lose the log and the note together.
 */
export function setNoted(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; PRAGMA wal_checkpoint(TRUNCATE)`)
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

/** The format of a database of ours; 0 of one that is empty. */
function versionOf(database: DatabaseSync, file: string): number {
  const version = pragma(database, 'user_version')
  const application = pragma(database, 'application_id')
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()
  if (application === 0 && version === 0 && tables?.['count'] === 0) return 0
  if (application !== APPLICATION_ID) throw foreignDatabase(file)
  if (version > SCHEMA_VERSION) throw tooNew(file, version, SCHEMA_VERSION)
  if (version < 1) throw damaged(file, 'it has no format')
  return version
}

/** Pages that are looked at before a start: 16 MB, in a few hundredths of a second. */
const MAX_CHECKED_PAGES = 4_000

/**
 * Looks whether the pages belong together, also those that no object is on: what is free, and what
 * was. The objects themselves are checked when they are read, however many there are.
 */
function checkStructure(database: DatabaseSync, file: string): void {
  if (pragma(database, 'page_count') > MAX_CHECKED_PAGES) return
  const {quick_check: finding} = database.prepare('PRAGMA quick_check(1)').get() ?? {}
  if (finding !== 'ok') throw damaged(file, String(finding).replaceAll(/\s+/g, ' '))
}

function pragma(
  database: DatabaseSync,
  name: 'user_version' | 'application_id' | 'page_count',
): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
