/** From flags and environment to the cluster a command acts on. */
import {existsSync} from 'node:fs'
import {Client} from '../client/client.ts'
import {type Impersonation, resolveSecurity} from '../client/credentials.ts'
import {HttpTransport} from '../client/http-transport.ts'
import {LoggingTransport} from '../client/logging-transport.ts'
import {inClusterTarget} from '../client/in-cluster.ts'
import {
  defaultKubeconfigPath,
  kubeconfigPaths,
  type KubeconfigTarget,
  loadKubeconfig,
  selectTarget,
} from '../client/kubeconfig.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {
  clusterDir,
  createDataDir,
  dataDirAt,
  DEFAULT_CLUSTER_NAME,
  readRunning,
  type RunningRecord,
} from '../local/data-dir.ts'
import {type Clock, SystemClock} from '../util/clock.ts'
import {WitnessTransport} from './blame-server.ts'
import {chooseCluster} from './choose-cluster.ts'
import type {Connection} from './connection.ts'
import {startEmbeddedConnection} from './embedded-connection.ts'
import {findClusterGateway} from './gateway.ts'

/** Who asks for a connection, and what for. */
export interface ConnectOptions {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly embedded?: boolean | undefined
  readonly impersonation?: Impersonation
  /** `read`: the API of an embedded cluster is enough. `write`: its controllers have to run. */
  readonly purpose: 'read' | 'write'
  /** Only to a cluster that runs: none is started. */
  readonly running?: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent?: string
  readonly clock?: Clock
  /** Warnings of the API server, each text once. */
  readonly onWarning?: (text: string) => void
  /** Tells which cluster was chosen where a person may expect another. */
  readonly onNotice?: (text: string) => void
  /** A line for every request that travels over HTTP; not for an embedded cluster in this process. */
  readonly onRequest?: (line: string) => void
  /** Ends the requests that are under way when it aborts. */
  readonly interruption?: AbortSignal
}

/** How long an embedded cluster may take to come to rest after a command. */
const SETTLE_MS = 30_000

/** Connects to the cluster that {@link chooseCluster} names. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const {env} = options
  const explicit = [options.kubeconfig, options.context, options.cluster]
  const named = explicit.some((value) => value !== undefined)
  if (options.embedded && named) {
    throw new KntoolError(
      'KN_USAGE',
      'Only one of the embedded cluster and a kubeconfig can be used.',
      {
        hint: 'Leave out --embedded, or --kubeconfig, --context and --cluster.',
      },
    )
  }
  const dir = clusterDir(env['KNTOOL_CLUSTER'] ?? DEFAULT_CLUSTER_NAME, env)
  const running = readRunning(dir)
  const choice = chooseCluster({
    embedded: options.embedded ?? false,
    named: named || Boolean(env['KUBECONFIG']),
    localRuns: running !== undefined,
    defaultKubeconfig: existsSync(defaultKubeconfigPath(env)),
    inPod: inClusterTarget(env) !== undefined,
  })
  switch (choice) {
    case 'embedded':
      if (options.running) throw new KntoolError('KN_NOT_FOUND', 'No cluster is running.')
      return startEmbedded(options, dir.path)
    case 'local':
      return connectToLocal(options, running as RunningRecord)
    case 'kubeconfig':
      return connectTo(await targetOf(options), options, 'kubeconfig', running)
    case 'pod':
      return connectTo(inClusterTarget(env) as KubeconfigTarget, options, 'pod', undefined)
  }
}

async function targetOf(options: ConnectOptions): Promise<KubeconfigTarget> {
  const {kubeconfig, env} = options
  if (kubeconfig !== undefined && !existsSync(kubeconfig)) {
    const several = kubeconfig.includes(':')
    throw new KntoolError('KN_CONFIG_INVALID', `The kubeconfig ${kubeconfig} does not exist.`, {
      ...(several && {hint: `For several files: export KUBECONFIG=${kubeconfig}`}),
    })
  }
  const paths = kubeconfig === undefined ? kubeconfigPaths(env) : [kubeconfig]
  const config = await loadKubeconfig(paths)
  if (config.files.length === 0) {
    throw new KntoolError('KN_CONFIG_INVALID', `There is no kubeconfig at ${paths.join(', ')}.`, {
      hint: ['Without a cluster: kntool local up', 'On the embedded cluster: add --embedded'],
    })
  }
  return selectTarget(config, options)
}

async function connectToLocal(
  options: ConnectOptions,
  running: RunningRecord,
): Promise<Connection> {
  const config = await loadKubeconfig([running.kubeconfig])
  if (existsSync(defaultKubeconfigPath(options.env))) {
    options.onNotice?.(
      `Using the running local cluster (${running.apiUrl}), not ~/.kube/config; ` +
        'choose with --context or KUBECONFIG.',
    )
  }
  return connectTo(selectTarget(config, {}), options, 'local', running)
}

async function connectTo(
  target: KubeconfigTarget,
  options: ConnectOptions,
  kind: 'local' | 'kubeconfig' | 'pod',
  running: RunningRecord | undefined,
): Promise<Connection> {
  const transport = new HttpTransport({
    server: target.cluster.server,
    security: await resolveSecurity(target, options.impersonation),
    ...(options.userAgent !== undefined && {userAgent: options.userAgent}),
    ...(options.interruption && {interruption: options.interruption}),
    ...(kind === 'local' && {
      unreachableHint: ['kntool local status', 'kntool local down && kntool local up --detach'],
    }),
  })
  const clock = options.clock ?? new SystemClock()
  const {onRequest} = options
  const witness = new WitnessTransport(
    onRequest ? new LoggingTransport(transport, clock, onRequest) : transport,
  )
  const client = new Client(witness, clientOptions(options))
  const local = running?.apiUrl === target.cluster.server ? running : undefined
  return {
    client,
    kind,
    namespace: target.namespace,
    description: kind === 'local' ? 'the local cluster' : `context "${target.contextName}"`,
    clock,
    gateway: () => findClusterGateway(client, local),
    blame: (cause) => witness.blame(cause),
    close: async () => transport.close(),
  }
}

async function startEmbedded(options: ConnectOptions, path: string): Promise<Connection> {
  if (!options.embedded) {
    options.onNotice?.('No kubeconfig found: using the embedded cluster (see kntool local up).')
  }
  const dir = dataDirAt(path)
  createDataDir(dir)
  // A first command finds nothing stored, not even Knative: then everything has to run once.
  const mode = options.purpose === 'read' && existsSync(dir.database) ? 'api' : 'full'
  return startEmbeddedConnection({
    cluster: {
      dataDir: dir.path,
      credentialsDir: dir,
      processesDir: dir.processes,
      mode,
      ...(options.clock && {clock: options.clock}),
    },
    ...(mode === 'full' && {settleMs: SETTLE_MS}),
    client: clientOptions(options),
    impersonation: options.impersonation,
  })
}

function clientOptions(options: ConnectOptions): {
  onWarning: (text: string) => void
  fieldManager: string
} {
  const seen = new Set<string>()
  return {
    fieldManager: 'kntool',
    onWarning: (text) => {
      if (seen.has(text)) return
      seen.add(text)
      options.onWarning?.(text)
    },
  }
}
