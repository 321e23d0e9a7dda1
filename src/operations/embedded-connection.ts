import {Client} from '../client/client.ts'
import type {ClusterOptions, EmbeddedCluster} from '../local/cluster.ts'
import {type Clock, SystemClock} from '../util/clock.ts'
import type {Connection, GatewayAccess} from './connection.ts'
import {localGatewayAccess} from './gateway.ts'

/** How an embedded cluster is started for one connection. */
export interface EmbeddedConnectionOptions {
  readonly cluster: ClusterOptions
  /** How long the cluster may take to come to rest before it is stopped; without it, no time. */
  readonly settleMs?: number | undefined
  readonly client?: ConstructorParameters<typeof Client>[1]
}

/** Starts an embedded cluster inside this process; closing the connection stops it. */
export async function startEmbeddedConnection(
  options: EmbeddedConnectionOptions,
): Promise<Connection> {
  // Imported on use: it is larger than everything else together.
  const {startCluster} = await import('../local/start-cluster.ts')
  const clock: Clock = options.cluster.clock ?? new SystemClock()
  const cluster = await startCluster(options.cluster)
  return {
    client: new Client(cluster.transport, options.client),
    kind: 'embedded',
    namespace: 'default',
    description: 'the embedded cluster',
    clock,
    gateway: async () => gatewayOf(cluster),
    async close() {
      try {
        if (options.settleMs !== undefined) await cluster.settled(options.settleMs)
      } finally {
        await cluster.stop()
      }
    },
  }
}

function gatewayOf(cluster: EmbeddedCluster): GatewayAccess {
  const {gatewayUrl, gatewayHttpsUrl} = cluster
  return gatewayUrl === undefined
    ? {kind: 'in-process', fetch: (url, init) => cluster.fetch(url, init)}
    : localGatewayAccess({gatewayUrl, gatewayHttpsUrl})
}
