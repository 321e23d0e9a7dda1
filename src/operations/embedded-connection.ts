import {Client} from '../client/client.ts'
import type {Impersonation} from '../client/credentials.ts'
import {impersonate} from '../kubernetes/apiserver/authentication/impersonate.ts'
import {CLUSTER_OWNER, type ClusterOptions, type EmbeddedCluster} from '../local/cluster.ts'
import {type Clock, SystemClock} from '../util/clock.ts'
import type {Connection, GatewayAccess} from './connection.ts'
import {localGatewayAccess} from './gateway.ts'

/** How an embedded cluster is started for one connection. */
export interface EmbeddedConnectionOptions {
  readonly cluster: ClusterOptions
  /** How long the cluster may take to come to rest before it is stopped; without it, no time. */
  readonly settleMs?: number | undefined
  readonly client?: ConstructorParameters<typeof Client>[1]
  /** Whom to act as; without it, as the owner of the cluster. */
  readonly impersonation?: Impersonation | undefined
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
    client: new Client(transportOf(cluster, options.impersonation), options.client),
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

function transportOf(
  cluster: EmbeddedCluster,
  {user, uid, groups}: Impersonation = {},
): EmbeddedCluster['transport'] {
  const headers = {
    ...(user !== undefined && {'impersonate-user': [user]}),
    ...(uid !== undefined && {'impersonate-uid': [uid]}),
    ...(groups !== undefined && {'impersonate-group': groups}),
  }
  return Object.keys(headers).length === 0
    ? cluster.transport
    : cluster.transportFor(impersonate(CLUSTER_OWNER, headers))
}

function gatewayOf(cluster: EmbeddedCluster): GatewayAccess {
  const {gatewayUrl, gatewayHttpsUrl} = cluster
  return gatewayUrl === undefined
    ? {kind: 'in-process', fetch: (url, init) => cluster.fetch(url, init)}
    : localGatewayAccess({gatewayUrl, gatewayHttpsUrl})
}
