import {copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {KntoolError} from '../../errors/kntool-error.ts'
import {newestWritePath} from '../../kubernetes/storage/newest-write.ts'
import {openSqliteStorage} from '../../kubernetes/storage/sqlite-storage.ts'
import {type Backup, copyDatabase, listBackups, timeName} from '../../local/backups.ts'
import type {DataDir} from '../../local/data-dir.ts'
import {type LocalCluster, type LocalClusterChoice, requireStopped} from './find-local-cluster.ts'

/** What to go on from. */
export interface RestoreRequest extends LocalClusterChoice {
  /** The name of a copy; without it, the newest one that is whole. */
  readonly backup?: string | undefined
  /** Whatever of the current database can be read, instead of a copy. */
  readonly readable?: boolean | undefined
  readonly now: Date
}

/** What a cluster goes on from now. */
export interface Restored {
  /** The copy; undefined for the current database. */
  readonly backup: string | undefined
  /** The newest write that is there, and how many objects are. */
  readonly revision: number
  readonly objects: number
  /** Where the files are that were there before; undefined when there were none. */
  readonly kept: string | undefined
}

/**
 * Puts back a copy of the database of a stopped cluster, or goes on with what can be read of the
 * current one. The files that were there are kept.
 *
 * Throws `KN_DATA_DIR_LOCKED` while it runs, `KN_NOT_FOUND` without a copy, `KN_DATA_CORRUPT` for
 * one that is damaged itself.
 */
export function restoreLocalCluster(request: RestoreRequest): Restored {
  const cluster = requireStopped(request, 'restore')
  if (request.readable) return goOnWithReadable(cluster, request.now)
  const {dir} = cluster
  const restoring = join(dir.path, 'restoring')
  try {
    const {backup, ...found} = takeWhole(cluster, request.backup, restoring)
    const kept = keepFiles(dir, request.now)
    // The note goes last: with the old one beside it, a database that was put back is refused.
    for (const file of [`${dir.database}-wal`, dir.database]) rmSync(file, {force: true})
    const database = join(restoring, 'cluster.db')
    renameSync(database, dir.database)
    renameSync(newestWritePath(database), newestWritePath(dir.database))
    return {backup: backup.name, ...found, kept}
  } finally {
    rmSync(restoring, {recursive: true, force: true})
  }
}

type Found = Pick<Restored, 'revision' | 'objects'>

/** Copies the wanted backup to `folder`, or the newest that is whole. */
function takeWhole(
  {dir, flags}: LocalCluster,
  wanted: string | undefined,
  folder: string,
): Found & {backup: Backup} {
  const all = listBackups(dir)
  const backups = wanted === undefined ? all : all.filter(({name}) => name === wanted)
  for (const [index, backup] of backups.entries()) {
    try {
      return {backup, ...takeCopy(backup, folder)}
    } catch (error) {
      if (index === backups.length - 1) throw error
    }
  }
  throw new KntoolError(
    'KN_NOT_FOUND',
    wanted === undefined
      ? `There is no copy of a clean stop in ${dir.backups}.`
      : `There is no copy "${wanted}" in ${dir.backups}.`,
    {
      hint: [
        ...all.map(({name}) => `kntool local restore${flags} ${name}`),
        `Go on with what can still be read: kntool local restore${flags} --readable`,
        `Start afresh: kntool local reset${flags}`,
      ],
    },
  )
}

function takeCopy(backup: Backup, folder: string): Found {
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {mode: 0o700})
  const database = join(folder, 'cluster.db')
  copyDatabase(backup.database, database)
  return readThrough(database, false)
}

function goOnWithReadable({dir}: LocalCluster, now: Date): Restored {
  if (!existsSync(dir.database)) {
    throw new KntoolError('KN_NOT_FOUND', `There is no database ${dir.database} to go on with.`)
  }
  const kept = keepFiles(dir, now)
  return {backup: undefined, ...readThrough(dir.database, true), kept}
}

/** Opens a database, looks at every object, and closes it. */
function readThrough(file: string, acceptsLoss: boolean): Found {
  const storage = openSqliteStorage({file, acceptsLoss})
  try {
    const {items, storeRevision: revision} = storage.list('')
    for (const item of items) void item.object
    return {revision, objects: items.length}
  } finally {
    storage.close()
  }
}

/** Copies the files of the database to a folder of their own. */
function keepFiles(dir: DataDir, now: Date): string | undefined {
  const files = readdirSync(dir.path).filter((file) => /^cluster\.db(-wal|-newest)?$/.test(file))
  if (files.length === 0) return undefined
  const folder = join(dir.path, `damaged-${timeName(now)}`)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  for (const file of files) copyFileSync(join(dir.path, file), join(folder, file))
  return folder
}
