import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

import {KntoolError} from '../errors/kntool-error.ts'
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
  readonly log: string
  /** What the process runtime started, so that nothing outlives a killed parent. */
  readonly processes: string
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
    log: join(path, 'cluster.log'),
    processes: join(path, 'processes'),
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

/** Writes a file that only its owner may read, so that a reader sees all of it or nothing. */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.new`
  writeFileSync(temporary, text, {mode: 0o600})
  renameSync(temporary, path)
}

/** The cluster that runs on this folder, if one does. A record that a killed process left is ignored. */
export function readRunning(dir: DataDir): RunningRecord | undefined {
  let record: RunningRecord
  try {
    record = JSON.parse(readFileSync(dir.running, 'utf8')) as RunningRecord
  } catch {
    return undefined
  }
  return processStartTime(record.pid) === record.processStart ? record : undefined
}

/** Says to other commands that the cluster runs. */
export function writeRunning(dir: DataDir, record: RunningRecord): void {
  writePrivateFile(dir.running, JSON.stringify(record, undefined, 2))
}

/** Takes back {@link writeRunning}. */
export function removeRunning(dir: DataDir): void {
  rmSync(dir.running, {force: true})
}
