import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

import {KntoolError} from '../errors/kntool-error.ts'
import {messageOf} from '../util/message-of.ts'
import {processStartTime} from '../util/process-identity.ts'

/** The name of the cluster nobody named. */
export const DEFAULT_CLUSTER_NAME = 'default'

/** What a running `local up` tells other commands about itself. Holds the token: mode 0600. */
export interface RunningRecord {
  readonly pid: number
  /** Tells the process from a later one of the same number. */
  readonly processStart: string
  readonly apiUrl: string
  readonly gatewayUrl: string
  /** Where the gateway serves HTTPS, if it does. */
  readonly gatewayHttpsUrl?: string
  readonly kubeconfig: string
  /** ISO 8601. */
  readonly startedAt: string
}

/** The files of one embedded cluster. */
export interface DataDir {
  readonly path: string
  /** The objects, in SQLite. */
  readonly database: string
  /** {@link RunningRecord}, while the cluster runs. */
  readonly running: string
  readonly kubeconfig: string
  readonly credentials: string
  /** The port of the API at the last start, so that a kubeconfig outlives a restart. */
  readonly apiPort: string
  readonly log: string
  /** What the process runtime started, so that nothing outlives a killed parent. */
  readonly processes: string
  /** Copies of the database from clean stops. */
  readonly backups: string
}

/**
 * The folder of the cluster `name`: under `KNTOOL_HOME`, else under `XDG_DATA_HOME`, else under
 * `~/.local/share`. Creates nothing.
 */
export function clusterDir(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): DataDir {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    throw new KntoolError('KN_USAGE', `"${name}" cannot name a cluster.`, {
      hint: 'Use lower-case letters, digits and dashes, at most 63: kntool local up --name demo',
    })
  }
  const home =
    env['KNTOOL_HOME'] ??
    join(env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? homedir(), '.local', 'share'), 'kntool')
  return dataDirAt(join(home, 'clusters', name))
}

/** The files of the cluster kept in `path`. Creates nothing. */
export function dataDirAt(path: string): DataDir {
  return {
    path,
    database: join(path, 'cluster.db'),
    running: join(path, 'running.json'),
    kubeconfig: join(path, 'kubeconfig'),
    credentials: join(path, 'credentials.json'),
    apiPort: join(path, 'api-port'),
    log: join(path, 'cluster.log'),
    processes: join(path, 'processes'),
    backups: join(path, 'backups'),
  }
}

/** Makes the folder, readable for its owner only. Throws `KN_DATA_DIR_UNUSABLE`. */
export function createDataDir(dir: DataDir): void {
  try {
    mkdirSync(dir.path, {recursive: true, mode: 0o700})
  } catch (cause) {
    throw new KntoolError('KN_DATA_DIR_UNUSABLE', `Cannot create the data directory ${dir.path}.`, {
      hint: 'Choose another one: kntool local up --data-dir DIR',
      cause,
    })
  }
}

/**
 * Writes a file that only its owner may read, so that a reader sees all of it or nothing. Throws
 * `KN_DATA_DIR_UNUSABLE`.
 */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.new`
  try {
    writeFileSync(temporary, text, {mode: 0o600})
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, {force: true})
    throw unusableFile(path, cause)
  }
}

/** A file of a data directory that cannot be read or written. */
export function unusableFile(path: string, cause: unknown): KntoolError {
  const {code} = cause as NodeJS.ErrnoException
  const inTheWay = code === 'EISDIR' || code === 'ENOTEMPTY' || code === 'EEXIST'
  return new KntoolError(
    'KN_DATA_DIR_UNUSABLE',
    inTheWay
      ? `${path} has to be a file, and there is a directory.`
      : `${path} cannot be used: ${messageOf(cause)}.`,
    {
      hint: inTheWay
        ? `Move it away: mv ${path} ${path}.directory`
        : `Check its permissions: ls -ld ${path}`,
      details: {file: path},
      cause,
    },
  )
}

/**
 * The cluster that runs on this folder, if its record says so. A record that a killed process left is
 * ignored, and so is one that cannot be read: the process behind it may be there all the same.
 */
export function readRunning(dir: DataDir): RunningRecord | undefined {
  let record: unknown
  try {
    record = JSON.parse(readFileSync(dir.running, 'utf8'))
  } catch {
    return undefined
  }
  if (!isRecord(record)) return undefined
  return processStartTime(record.pid) === record.processStart ? record : undefined
}

const RECORD_TEXTS = ['processStart', 'apiUrl', 'gatewayUrl', 'kubeconfig', 'startedAt'] as const

/** Numbers below 1 would name groups of processes to whoever sends them a signal. */
function isRecord(value: unknown): value is RunningRecord {
  if (typeof value !== 'object' || value === null) return false
  const record: Partial<Record<keyof RunningRecord, unknown>> = value
  const {pid, gatewayHttpsUrl} = record
  return (
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    RECORD_TEXTS.every((name) => typeof record[name] === 'string') &&
    (gatewayHttpsUrl === undefined || typeof gatewayHttpsUrl === 'string')
  )
}

/** Says to other commands that the cluster runs. */
export function writeRunning(dir: DataDir, record: RunningRecord): void {
  writePrivateFile(dir.running, JSON.stringify(record, undefined, 2))
}

/** Takes back {@link writeRunning}. */
export function removeRunning(dir: DataDir): void {
  try {
    rmSync(dir.running, {force: true})
  } catch {
    // A directory in its place was never ours.
  }
}
