import type {DatabaseSync} from 'node:sqlite'
import type {LogEntry} from './history.ts'
import {deletedObject} from './log-storage.ts'
import type {Stored, StorageEvent} from './storage.ts'
import type {LoggedWrite} from './stored-checksum.ts'
import {StoredText} from './stored-text.ts'

const LOGGED_WRITES = `
  SELECT log.revision, log.key, log.previous, log.value, before.value AS before
  FROM log LEFT JOIN log AS before ON before.revision = log.previous
  WHERE log.revision > ? AND log.revision <= ? ORDER BY log.revision
`

/** The writes after `after`, up to and with `through`, oldest first. */
export function loggedWrites(
  database: DatabaseSync,
  after: number,
  through: number,
): LoggedWrite[] {
  return database
    .prepare(LOGGED_WRITES)
    .all(after, through)
    .map(({revision, key, value, previous, before}) => ({
      revision: Number(revision),
      key: String(key),
      text: typeof value === 'string' ? value : null,
      previous: typeof before === 'string' ? {revision: Number(previous), text: before} : undefined,
    }))
}

/** A write as the history keeps it. */
export function entryOf({key, revision, text, previous}: LoggedWrite): LogEntry {
  const before = previous && new StoredText(key, previous.revision, previous.text)
  if (text === null) return {event: removedEvent(key, revision, before), before, bytes: 0}
  const after = new StoredText(key, revision, text)
  return {event: writtenEvent(after, before), before, bytes: text.length}
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
