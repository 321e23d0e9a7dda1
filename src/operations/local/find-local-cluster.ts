import {resolve} from 'node:path'
import {
  clusterDir,
  type DataDir,
  dataDirAt,
  DEFAULT_CLUSTER_NAME,
  readRunning,
  type RunningRecord,
} from '../../local/data-dir.ts'
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
}

/** Finds the cluster that is meant; it need not exist. Throws `KN_USAGE` for impossible names. */
export function findLocalCluster({name, dataDir, env}: LocalClusterChoice): LocalCluster {
  const chosen = name ?? env['KNTOOL_CLUSTER'] ?? DEFAULT_CLUSTER_NAME
  const named = clusterDir(chosen, env)
  const dir = dataDir === undefined ? named : dataDirAt(resolve(dataDir))
  return {name: chosen, dir, running: readRunning(dir)}
}

/** The cluster that is meant, which has to run. Throws `KN_NOT_FOUND`. */
export function requireRunning(
  choice: LocalClusterChoice,
): LocalCluster & {readonly running: RunningRecord} {
  const cluster = findLocalCluster(choice)
  const {running} = cluster
  if (running !== undefined) return {...cluster, running}
  throw new KntoolError('KN_NOT_FOUND', `The local cluster "${cluster.name}" is not running.`, {
    hint: `kntool local up${cluster.name === DEFAULT_CLUSTER_NAME ? '' : ` --name ${cluster.name}`} --detach`,
    details: {name: cluster.name, dataDir: cluster.dir.path},
  })
}
