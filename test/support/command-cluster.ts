import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ClusterOptions, EmbeddedCluster} from '../../src/local/cluster.ts'
import {
  createDataDir,
  dataDirAt,
  DEFAULT_CLUSTER_NAME,
  writeRunning,
} from '../../src/local/data-dir.ts'
import {startCluster} from '../../src/local/start-cluster.ts'
import {processStartTime} from '../../src/util/process-identity.ts'
import {type CommandRun, type CommandSurroundings, runCommand} from './run-command.ts'

/** An embedded cluster that commands reach as any other, over HTTP, by a kubeconfig. */
export interface CommandCluster {
  readonly cluster: EmbeddedCluster
  /** A folder of its own: home, configuration, kubeconfig. */
  readonly folder: string
  /** The variables that lead a program to the cluster. */
  readonly env: Readonly<Record<string, string>>
  /** Runs a command, one after another. */
  run(argv: readonly string[], surroundings?: CommandSurroundings): Promise<CommandRun>
  /** Runs a command that has to succeed; answers its standard output. */
  ok(...argv: string[]): Promise<string>
  /** The requests since the last call, as `GET services` or `WATCH services`. */
  requests(): string[]
  stop(): Promise<void>
}

/** Starts the cluster and, in front of its API, somebody who notes every request. */
export async function startCommandCluster(options: ClusterOptions = {}): Promise<CommandCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'kntool-commands-'))
  const cluster = await startCluster({
    listen: {apiPort: 0, gatewayPort: 0},
    domain: 'example.com',
    ...options,
  })
  const kubeconfig = join(folder, 'kubeconfig')
  const noted: string[] = []
  const front = await noteRequests(cluster, noted)
  const {port} = front.address() as AddressInfo
  const text = (cluster.kubeconfig ?? '')
    .replace(cluster.apiUrl ?? '', `http://127.0.0.1:${port}`)
    .replaceAll(/^.*certificate-authority-data.*\n/gm, '')
  writeFileSync(kubeconfig, text, {mode: 0o600})
  // As `local up` would: how commands find the gateway's port.
  const dir = dataDirAt(join(folder, 'clusters', DEFAULT_CLUSTER_NAME))
  createDataDir(dir)
  writeRunning(dir, {
    pid: process.pid,
    processStart: processStartTime(process.pid) ?? '',
    apiUrl: `http://127.0.0.1:${port}`,
    gatewayUrl: cluster.gatewayUrl ?? '',
    kubeconfig,
    startedAt: '2024-05-01T10:00:00Z',
  })
  const env = {KUBECONFIG: kubeconfig, HOME: folder, XDG_CONFIG_HOME: folder, KNTOOL_HOME: folder}
  const run: CommandCluster['run'] = (argv, surroundings = {}) =>
    runCommand(argv, {...surroundings, env: {...env, ...surroundings.env}})
  return {
    cluster,
    folder,
    env,
    run,
    async ok(...argv) {
      const {exitCode, stdout, stderr} = await run(argv)
      if (exitCode !== 0)
        throw new Error(`kntool ${argv.join(' ')} ended with ${exitCode}: ${stderr}`)
      return stdout
    },
    requests: () => noted.splice(0),
    async stop() {
      front.closeAllConnections()
      front.close()
      await cluster.stop()
      rmSync(folder, {recursive: true})
    },
  }
}

async function noteRequests(cluster: EmbeddedCluster, noted: string[]): Promise<http.Server> {
  const agent = new https.Agent({keepAlive: true, rejectUnauthorized: false})
  const front = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', cluster.apiUrl)
    noted.push(nameOf(request.method ?? '', url))
    const {host: _, ...headers} = request.headers
    const inner = https.request(url, {agent, method: request.method ?? 'GET', headers})
    inner.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      answer.pipe(response)
    })
    inner.on('error', () => response.destroy())
    response.on('close', () => inner.destroy())
    request.pipe(inner)
  })
  await new Promise<void>((listening) => void front.listen(0, '127.0.0.1', listening))
  return front
}

/** `GET services` for a collection, `GET services/web` for an object, `WATCH …` for a watch. */
function nameOf(method: string, {pathname, searchParams}: URL): string {
  const verb = searchParams.get('watch') === 'true' ? 'WATCH' : method
  const path = pathname
    .replace(/^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\//, '')
    .replace(/^namespaces\/[^/]+\/(?=.)/, '')
  return `${verb} ${path}`
}
