import type {DatabaseSync, StatementSync} from 'node:sqlite'
import type {LogEntry} from './history.ts'
import type {Journal, JournalRecord, JournalState, SizedObject} from './journal.ts'
import {deletedObject} from './log-storage.ts'
import {openDatabase} from './sqlite-database.ts'
import {explainSqliteError} from './sqlite-errors.ts'
import type {Stored, StorageEvent} from './storage.ts'
import {StoredText} from './stored-text.ts'

/**
 * A journal in an SQLite database: one row per write, one transaction per row.
 *
 * Counterpart of the `kine` table of k3s-io/kine, without its index over names: this process keeps
 * that index in memory.
 */
export class SqliteJournal implements Journal {
  readonly state: JournalState
  readonly #file: string
  readonly #database: DatabaseSync
  readonly #insert: StatementSync

  /** @throws {KntoolError} as {@link openDatabase} */
  constructor(file: string) {
    this.#file = file
    this.#database = openDatabase(file)
    try {
      this.#insert = this.#database.prepare(
        'INSERT INTO log (revision, key, previous, value) VALUES (?, ?, ?, ?)',
      )
      this.state = readState(this.#database)
    } catch (error) {
      this.#database.close()
      throw explainSqliteError(error, file)
    }
  }

  append(record: JournalRecord): void {
    const value = record.object === undefined ? null : JSON.stringify(record.object)
    try {
      this.#insert.run(record.revision, record.key, record.previous ?? null, value)
    } catch (error) {
      throw explainSqliteError(error, this.#file)
    }
  }

  compact(after: number, through: number): void {
    this.#transaction(() => {
      // A row that a later one up to `through` replaced is of no use to anybody. What a write after
      // `through` replaced stays: it is the `previous` of an event that can still be watched.
      this.#database
        .prepare(
          `DELETE FROM log WHERE revision IN
            (SELECT previous FROM log WHERE revision > ? AND revision <= ?)`,
        )
        .run(after, through)
      this.#database
        .prepare('DELETE FROM log WHERE revision > ? AND revision <= ? AND value IS NULL')
        .run(after, through)
      this.#database.prepare('UPDATE compaction SET oldest_revision = ?').run(through)
    })
  }

  read(after: number, through: number): LogEntry[] {
    const rows = this.#database
      .prepare(
        `SELECT log.revision, log.key, log.previous, log.value, before.value AS before
         FROM log LEFT JOIN log AS before ON before.revision = log.previous
         WHERE log.revision > ? AND log.revision <= ? ORDER BY log.revision`,
      )
      .all(after, through)
    return rows.map((row) => entryOf(row))
  }

  close(): void {
    this.#database.close()
  }

  #transaction(run: () => void): void {
    try {
      this.#database.exec('BEGIN')
      try {
        run()
        this.#database.exec('COMMIT')
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    } catch (error) {
      throw explainSqliteError(error, this.#file)
    }
  }
}

function readState(database: DatabaseSync): JournalState {
  const {oldest} = database.prepare('SELECT oldest_revision AS oldest FROM compaction').get() ?? {}
  const {newest} = database.prepare('SELECT max(revision) AS newest FROM log').get() ?? {}
  const rows = database
    .prepare(
      `SELECT revision, key, value FROM log
       WHERE value IS NOT NULL
         AND revision NOT IN (SELECT previous FROM log WHERE previous IS NOT NULL)`,
    )
    .iterate()
  const objects: SizedObject[] = []
  for (const row of rows) {
    objects.push(new StoredText(String(row['key']), Number(row['revision']), String(row['value'])))
  }
  objects.sort((left, right) => (left.key < right.key ? -1 : 1))
  const oldestRevision = Number(oldest ?? 0)
  // Compaction takes the row of a removal with it, which may have been the newest of all.
  const currentRevision = Math.max(Number(newest ?? 0), oldestRevision)
  return {currentRevision, oldestRevision, objects}
}

function entryOf(row: Record<string, unknown>): LogEntry {
  const {value, before: beforeText} = row
  const key = String(row['key'])
  const storeRevision = Number(row['revision'])
  const before =
    typeof beforeText === 'string'
      ? new StoredText(key, Number(row['previous']), beforeText)
      : undefined
  if (typeof value !== 'string') {
    return {event: removedEvent(key, storeRevision, before), before, bytes: 0}
  }
  const after = new StoredText(key, storeRevision, value)
  return {event: writtenEvent(after, before), before, bytes: value.length}
}

// The objects of these events are built when a watch delivers them, if ever: hence the getters.

function writtenEvent(after: Stored, before: Stored | undefined): StorageEvent {
  const {key, storeRevision} = after
  if (before === undefined) {
    return {
      type: 'ADDED',
      key,
      storeRevision,
      get object() {
        return after.object
      },
    }
  }
  return {
    type: 'MODIFIED',
    key,
    storeRevision,
    get object() {
      return after.object
    },
    get previous() {
      return before.object
    },
  }
}

function removedEvent(
  key: string,
  storeRevision: number,
  before: Stored | undefined,
): StorageEvent {
  if (before === undefined) throw new Error(`the log lost what ${key} was before ${storeRevision}`)
  return {
    type: 'DELETED',
    key,
    storeRevision,
    get object() {
      return deletedObject(before.object, storeRevision)
    },
    get previous() {
      return before.object
    },
  }
}
