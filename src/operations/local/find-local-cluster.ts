import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {
  clusterDir,
  type DataDir,
  dataDirAt,
  DEFAULT_CLUSTER_NAME,
  readRunning,
  type RunningRecord,
} from '../../local/data-dir.ts'
import {findServingProcess} from '../../local/serving-process.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

/** Which embedded cluster of this machine is meant. */
export interface LocalClusterChoice {
  /** Without it, `KNTOOL_CLUSTER`, else `default`. */
  readonly name?: string | undefined
  /** Instead of the folder that belongs to the name. */
  readonly dataDir?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** An embedded cluster of this machine: its files, and its process if it runs. */
export interface LocalCluster {
  readonly name: string
  readonly dir: DataDir
  readonly running: RunningRecord | undefined
  /** Its process, when it runs though its record is gone or damaged. */
  readonly unrecorded: number | undefined
  /** The flags that mean this cluster in a command; empty for the one that is meant without. */
  readonly flags: string
}

/** Finds the cluster that is meant; it need not exist. Throws `KN_USAGE` for impossible names. */
export function findLocalCluster({name, dataDir, env}: LocalClusterChoice): LocalCluster {
  const chosen = name ?? env['KNTOOL_CLUSTER'] ?? DEFAULT_CLUSTER_NAME
  const named = clusterDir(chosen, env)
  const dir = dataDir === undefined ? named : dataDirAt(resolve(dataDir))
  const running = readRunning(dir)
  return {
    name: chosen,
    dir,
    running,
    unrecorded: running === undefined ? findServingProcess(dir) : undefined,
    flags: `${chosen === DEFAULT_CLUSTER_NAME ? '' : ` --name ${chosen}`}${
      dataDir === undefined ? '' : ` --data-dir ${dir.path}`
    }`,
  }
}

/** What is wrong with the record of a cluster that runs without one. */
export function recordProblem({dir}: LocalCluster): string {
  return `${dir.running} is ${existsSync(dir.running) ? 'damaged' : 'missing'}`
}

/** The cluster that is meant, which has to run. Throws `KN_NOT_FOUND`. */
export function requireRunning(
  choice: LocalClusterChoice,
): LocalCluster & {readonly running: RunningRecord} {
  const cluster = findLocalCluster(choice)
  const {running, unrecorded} = cluster
  if (running !== undefined) return {...cluster, running}
  if (unrecorded !== undefined) {
    throw new KntoolError(
      'KN_DATA_CORRUPT',
      `The local cluster "${cluster.name}" is running (process ${unrecorded}), but ${recordProblem(cluster)}.`,
      {
        hint: `Start it anew: kntool local down${cluster.flags} && kntool local up${cluster.flags} --detach`,
      },
    )
  }
  throw new KntoolError('KN_NOT_FOUND', `The local cluster "${cluster.name}" is not running.`, {
    hint: `kntool local up${cluster.flags} --detach`,
    details: {name: cluster.name, dataDir: cluster.dir.path},
  })
}

/** The cluster that is meant, which must not run. Throws `KN_DATA_DIR_LOCKED`. */
export function requireStopped(
  choice: LocalClusterChoice,
  verb: 'reset' | 'restore',
): LocalCluster {
  const cluster = findLocalCluster(choice)
  const {name, flags, running, unrecorded} = cluster
  const pid = running?.pid ?? unrecorded
  if (pid === undefined) return cluster
  throw new KntoolError(
    'KN_DATA_DIR_LOCKED',
    `The local cluster "${name}" is running (process ${pid}).`,
    {hint: `kntool local down${flags} && kntool local ${verb}${flags}`, details: {name, pid}},
  )
}
