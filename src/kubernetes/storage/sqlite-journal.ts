import {openSync} from 'node:fs'
import type {DatabaseSync, StatementSync} from 'node:sqlite'
import {KntoolError} from '../../errors/kntool-error.ts'
import {BackgroundSync} from './background-sync.ts'
import {checkStored} from './check-stored.ts'
import type {LogEntry} from './history.ts'
import type {Journal, JournalRecord, JournalState, SizedObject} from './journal.ts'
import {keepLog} from './keep-log.ts'
import {entryOf, loggedWrites} from './logged-writes.ts'
import {NewestWriteFile, newestWritePath, type NewestWrite} from './newest-write.ts'
import {openDatabase, setNoted, type OpenedDatabase} from './sqlite-database.ts'
import {changedStored, explainSqliteError, lostWrites, unknownNewest} from './sqlite-errors.ts'
import {StoredChecksum} from './stored-checksum.ts'
import {noteOf, refuseFiles, type Note} from './stored-files.ts'
import {StoredText} from './stored-text.ts'

/** How a journal is opened. */
export interface SqliteJournalOptions {
  /** Goes on with what can be read, whatever else was acknowledged. */
  readonly acceptsLoss?: boolean
}

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
  readonly #checksum = new StoredChecksum()
  readonly #note: NewestWriteFile
  #sync: BackgroundSync | undefined

  /** @throws {KntoolError} as {@link openDatabase}, and KN_DATA_CORRUPT for what is not as noted */
  constructor(file: string, {acceptsLoss = false}: SqliteJournalOptions = {}) {
    this.#file = file
    const note = noteOf(file)
    if (!acceptsLoss) refuseFiles(file, note)
    const log = keepLog(file)
    let opened: OpenedDatabase | undefined
    try {
      opened = openDatabase(file)
      const {database, needsNote} = opened
      this.#database = database
      this.#insert = database.prepare(
        'INSERT INTO log (revision, key, previous, value) VALUES (?, ?, ?, ?)',
      )
      this.state = readState(database, this.#checksum)
      if (!acceptsLoss) this.#refuseLoss(note, {needsNote, hasLog: log.exists})
      this.#note = NewestWriteFile.open(
        newestWritePath(file),
        this.#newest(this.state.currentRevision),
        note,
      )
      if (needsNote) setNoted(database)
      log.release()
    } catch (error) {
      opened?.database.close()
      const explained = explainSqliteError(error, file)
      // Another process goes on writing its log.
      if (isLocked(explained)) log.release()
      else log.putBack()
      throw explained
    }
  }

  append({revision, key, previous, object}: JournalRecord): void {
    const text = object === undefined ? null : JSON.stringify(object)
    const change = this.#checksum.after({revision, key, text, previous})
    try {
      this.#insert.run(revision, key, previous ?? null, text)
      this.#noteOrUndo({revision, checksum: change.sum})
    } catch (error) {
      throw explainSqliteError(error, this.#file)
    }
    this.#checksum.take(change)
    this.#syncSoon()
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
    return loggedWrites(this.#database, after, through).map((write) => entryOf(write))
  }

  close(): void {
    this.#database.close()
    this.#note.sync()
    this.#sync ??= new BackgroundSync([this.#note.descriptor])
    this.#sync.close()
  }

  /** A write that is not noted was not made. */
  #noteOrUndo(newest: NewestWrite): void {
    try {
      this.#note.write(newest)
    } catch (error) {
      this.#database.prepare('DELETE FROM log WHERE revision = ?').run(newest.revision)
      throw error
    }
  }

  #syncSoon(): void {
    try {
      // The log exists from the first write on.
      const log = (): number => openSync(`${this.#file}-wal`, 'r+')
      this.#sync ??= new BackgroundSync([log(), this.#note.descriptor])
    } catch {
      // Too many open files, say. The write is made; the next one tries again.
      return
    }
    this.#sync.request()
  }

  #newest(revision: number): NewestWrite {
    return {revision, checksum: this.#checksum.sum}
  }

  #refuseLoss(note: Note, {needsNote, hasLog}: {needsNote: boolean; hasLog: boolean}): void {
    const file = this.#file
    if (note === 'damaged') throw unknownNewest(newestWritePath(file), note)
    if (note === 'absent') {
      // A database of before there were notes.
      if (needsNote) return
      throw unknownNewest(newestWritePath(file), 'missing')
    }
    const {currentRevision} = this.state
    const later = loggedWrites(this.#database, note.revision, currentRevision)
    const verdict = checkStored(note, this.#newest(currentRevision), later)
    if (verdict.kind === 'lost') throw lostWrites(file, hasLog ? 'damaged' : 'missing', verdict)
    if (verdict.kind === 'changed') throw changedStored(file)
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

function isLocked(error: unknown): boolean {
  return error instanceof KntoolError && error.code === 'KN_DATA_DIR_LOCKED'
}

function readState(database: DatabaseSync, checksum: StoredChecksum): JournalState {
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
  for (const {revision, key, value} of rows) {
    const text = String(value)
    objects.push(new StoredText(String(key), Number(revision), text))
    checksum.add(Number(revision), String(key), text)
  }
  objects.sort((left, right) => (left.key < right.key ? -1 : 1))
  const oldestRevision = Number(oldest ?? 0)
  // Compaction takes the row of a removal with it, which may have been the newest of all.
  const currentRevision = Math.max(Number(newest ?? 0), oldestRevision)
  return {currentRevision, oldestRevision, objects}
}
