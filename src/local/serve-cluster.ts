import {readFileSync} from 'node:fs'

import {KntoolError} from '../errors/kntool-error.ts'
import {processStartTime} from '../util/process-identity.ts'
import {backUp} from './backups.ts'
import type {ClusterOptions, EmbeddedCluster} from './cluster.ts'
import {
  createDataDir,
  type DataDir,
  removeRunning,
  type RunningRecord,
  unusableFile,
  writePrivateFile,
  writeRunning,
} from './data-dir.ts'
import {startCluster} from './start-cluster.ts'

const DEFAULT_HTTPS_PORT = 8443

/** What a served cluster is started with. */
export interface ServeOptions {
  readonly name: string
  readonly dir: DataDir
  /** Keeps nothing of the objects; the kubeconfig is written all the same. */
  readonly ephemeral?: boolean
  /** 0: the port of the last time, or any free one. */
  readonly apiPort: number
  readonly gatewayPort: number
  /** Undefined: 8443 where it is free, else none. */
  readonly gatewayHttpsPort?: number
  readonly domain?: string
  readonly imagesFile?: string
  readonly runtime?: ClusterOptions['runtime']
  readonly onLog?: ClusterOptions['onLog']
}

/** A cluster that other programs can reach. */
export interface ServedCluster {
  readonly cluster: EmbeddedCluster
  readonly record: RunningRecord
  /** Takes the record back, stops everything, and keeps a copy of what is stored. */
  stop(): Promise<void>
}

/**
 * Starts an embedded cluster on loopback ports, writes its kubeconfig, and tells other commands
 * that it runs.
 *
 * Throws `KN_PORT_IN_USE`, `KN_DATA_DIR_LOCKED` and the like; then nothing is left running.
 */
export async function serveCluster(options: ServeOptions): Promise<ServedCluster> {
  const {dir} = options
  createDataDir(dir)
  const cluster = await startOnPorts(options)
  let record: RunningRecord
  try {
    record = announce(cluster, dir)
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return {
    cluster,
    record,
    async stop() {
      removeRunning(dir)
      await cluster.stop()
      if (!options.ephemeral) backUp(dir, new Date())
    },
  }
}

/** Writes what other commands find the cluster by. */
function announce(cluster: EmbeddedCluster, dir: DataDir): RunningRecord {
  if (cluster.apiUrl === undefined || cluster.gatewayUrl === undefined || !cluster.kubeconfig) {
    throw new KntoolError('KN_BUG', 'The embedded cluster started without listening.')
  }
  writePrivateFile(dir.kubeconfig, cluster.kubeconfig)
  writePrivateFile(dir.apiPort, new URL(cluster.apiUrl).port)
  const record: RunningRecord = {
    pid: process.pid,
    processStart: processStartTime(process.pid) ?? '',
    apiUrl: cluster.apiUrl,
    gatewayUrl: cluster.gatewayUrl,
    ...(cluster.gatewayHttpsUrl !== undefined && {gatewayHttpsUrl: cluster.gatewayHttpsUrl}),
    kubeconfig: dir.kubeconfig,
    startedAt: new Date().toISOString(),
  }
  writeRunning(dir, record)
  return record
}

/** A kubeconfig stays valid over restarts if the API server comes back on its old port. */
async function startOnPorts(options: ServeOptions): Promise<EmbeddedCluster> {
  const {dir, name, gatewayPort, gatewayHttpsPort} = options
  const ports = {
    gatewayPort,
    gatewayHttps: {
      port: gatewayHttpsPort ?? DEFAULT_HTTPS_PORT,
      optional: gatewayHttpsPort === undefined,
    },
  }
  const base: ClusterOptions = {
    name,
    credentialsDir: dir,
    processesDir: dir.processes,
    ...(!options.ephemeral && {dataDir: dir.path}),
    ...(options.domain !== undefined && {domain: options.domain}),
    ...(options.imagesFile !== undefined && {imagesFile: options.imagesFile}),
    ...(options.runtime !== undefined && {runtime: options.runtime}),
    ...(options.onLog !== undefined && {onLog: options.onLog}),
  }
  const lastPort = options.apiPort === 0 ? readPort(dir) : 0
  if (lastPort !== 0) {
    try {
      return await startCluster({...base, listen: {...ports, apiPort: lastPort}})
    } catch (error) {
      const taken = error instanceof KntoolError && error.code === 'KN_PORT_IN_USE'
      if (!taken || error.details['port'] !== lastPort) throw error
    }
  }
  return startCluster({...base, listen: {...ports, apiPort: options.apiPort}})
}

/** The port of the last time; 0 at the first. Throws `KN_DATA_CORRUPT`. */
function readPort({apiPort: path}: DataDir): number {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw unusableFile(path, cause)
  }
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  if (port > 0 && port < 65_536) return port
  throw new KntoolError('KN_DATA_CORRUPT', `${path} does not hold the number of a port.`, {
    hint: [
      `Say which port kubeconfigs expect: kntool local up --api-port PORT`,
      `Take any free one: rm ${path}, then kntool local up`,
    ],
    details: {file: path},
  })
}
