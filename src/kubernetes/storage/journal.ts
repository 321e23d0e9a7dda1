import type {KubeObject} from '../../api/meta/object.ts'
import type {LogEntry} from './history.ts'
import type {Stored} from './storage.ts'

/** One write on its way to a disk. */
export interface JournalRecord {
  readonly revision: number
  readonly key: string
  /** The revision that wrote what this write replaces or removes. */
  readonly previous: number | undefined
  /** What is stored now; undefined when the key was removed. */
  readonly object: KubeObject | undefined
}

/** A stored object and roughly what it takes: no fewer characters than its JSON has. */
export interface SizedObject extends Stored {
  readonly size: number
}

/** What a journal held when it was opened. */
export interface JournalState {
  readonly currentRevision: number
  readonly oldestRevision: number
  /** The current objects, in the order of their keys. */
  readonly objects: readonly SizedObject[]
}

/** Where a storage keeps its log besides memory. A method that throws has changed nothing. */
export interface Journal {
  readonly state: JournalState
  /** Durable when it returns. */
  append(record: JournalRecord): void
  /** Forgets writes up to and with `through` unless something after it needs them. */
  compact(after: number, through: number): void
  /** The writes after `after`, up to and with `through`, oldest first. */
  read(after: number, through: number): LogEntry[]
  close(): void
}
