import {KntoolError} from '../../errors/kntool-error.ts'
import type {RuntimeChoice} from '../../local/cluster.ts'
import {createDataDir, type RunningRecord} from '../../local/data-dir.ts'
import {findLocalCluster, type LocalClusterChoice} from './find-local-cluster.ts'
import {hintsFor} from './hints-for.ts'
import {openLogFile} from './log-file.ts'
import {surviveExceptions} from './survive-exceptions.ts'

/** How a cluster of this machine is run. */
export interface RunLocalRequest extends LocalClusterChoice {
  /** 0: the port of the last time, or any free one. */
  readonly apiPort: number
  /** 0: any free one. */
  readonly gatewayPort: number
  /** Undefined: 8443 where it is free, else no HTTPS. */
  readonly gatewayHttpsPort?: number | undefined
  readonly domain?: string | undefined
  readonly imagesFile?: string | undefined
  readonly runtime?: RuntimeChoice | undefined
  readonly ephemeral?: boolean | undefined
  /** Called once other programs can reach it. */
  readonly onReady: (record: RunningRecord) => void | Promise<void>
  /** Stops the cluster. */
  readonly signal: AbortSignal
}

/** Runs an embedded cluster in this process until `signal` aborts; then everything is stopped. */
export async function runLocalCluster(request: RunLocalRequest): Promise<void> {
  const cluster = findLocalCluster(request)
  const {name, dir, flags, running} = cluster
  const pid = running?.pid ?? cluster.unrecorded
  if (pid !== undefined) {
    throw new KntoolError(
      'KN_DATA_DIR_LOCKED',
      `The local cluster "${name}" is running already (process ${pid}).`,
      {
        hint: [
          `kntool local status${flags}`,
          `kntool local down${flags}`,
          'Another one: kntool local up --name NAME',
        ],
        details: {name, pid, ...(running !== undefined && {apiUrl: running.apiUrl})},
      },
    )
  }
  createDataDir(dir)
  const log = openLogFile(dir.log)
  try {
    const {serveCluster} = await import('../../local/serve-cluster.ts')
    const served = await serveCluster({
      name,
      dir,
      apiPort: request.apiPort,
      gatewayPort: request.gatewayPort,
      ...(request.gatewayHttpsPort !== undefined && {gatewayHttpsPort: request.gatewayHttpsPort}),
      ...(request.ephemeral !== undefined && {ephemeral: request.ephemeral}),
      ...(request.domain !== undefined && {domain: request.domain}),
      ...(request.imagesFile !== undefined && {imagesFile: request.imagesFile}),
      ...(request.runtime !== undefined && {runtime: request.runtime}),
      onLog: (component, line) => log.write(component, line),
    })
    // What breaks before this point ends the command; from here on it would end other people's work.
    const letExceptionsEndIt = surviveExceptions(process, (line) => log.write('kntool', line))
    try {
      await request.onReady(served.record)
      await aborted(request.signal)
    } finally {
      await served.stop()
      letExceptionsEndIt()
    }
  } catch (error) {
    throw hintsFor(cluster, error)
  } finally {
    log.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const {promise, resolve} = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  signal.addEventListener('abort', () => resolve(), {once: true})
  return promise
}
