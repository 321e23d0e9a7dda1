import {
  closeSync,
  copyFileSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import {join} from 'node:path'
import {newestWritePath} from '../kubernetes/storage/newest-write.ts'
import type {DataDir} from './data-dir.ts'

/** Copies that are kept; older ones go when a new one is made. */
const MAX_BACKUPS = 3

/** A copy of the database from a clean stop. */
export interface Backup {
  /** When it was made: `2026-01-31T12-00-00Z`. */
  readonly name: string
  readonly database: string
}

/**
 * Copies the database of a cluster that has just stopped, unless the newest copy has all that it
 * has. A copy is there as a whole or not at all. Answers its name.
 *
 * Does nothing where a log is left: then the stop was not clean.
 */
export function backUp(dir: DataDir, now: Date): string | undefined {
  const [newest] = listBackups(dir)
  if (!existsSync(dir.database) || existsSync(`${dir.database}-wal`)) return undefined
  if (newest !== undefined && noteText(newest.database) === noteText(dir.database)) return undefined
  const name = timeName(now)
  const unfinished = join(dir.backups, `${name}.new`)
  rmSync(unfinished, {recursive: true, force: true})
  mkdirSync(unfinished, {recursive: true, mode: 0o700})
  copyDatabase(dir.database, backupAt(unfinished).database)
  renameSync(unfinished, join(dir.backups, name))
  for (const old of listBackups(dir).slice(MAX_BACKUPS)) {
    rmSync(join(dir.backups, old.name), {recursive: true, force: true})
  }
  return name
}

/** The copies there are, the newest first. */
export function listBackups(dir: DataDir): Backup[] {
  if (!existsSync(dir.backups)) return []
  return readdirSync(dir.backups)
    .filter((name) => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/.test(name))
    .toSorted()
    .toReversed()
    .map((name) => ({...backupAt(join(dir.backups, name)), name}))
}

function backupAt(folder: string): Omit<Backup, 'name'> {
  return {database: join(folder, 'cluster.db')}
}

/** A moment as the name of a file. */
export function timeName(now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

/** Copies a database that nobody has open, with the note of its newest write, onto the disk. */
export function copyDatabase(from: string, to: string): void {
  for (const path of [from, newestWritePath(from)]) {
    copyFileSync(path, path.replace(from, to), constants.COPYFILE_FICLONE)
  }
  for (const path of [to, newestWritePath(to)]) syncFile(path)
}

function noteText(database: string): string | undefined {
  try {
    return readFileSync(newestWritePath(database), 'latin1')
  } catch {
    return undefined
  }
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
