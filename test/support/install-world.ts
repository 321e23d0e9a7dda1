import type {Transport} from '../../src/api/transport.ts'
import {Client} from '../../src/client/client.ts'
import {startCluster} from '../../src/local/start-cluster.ts'
import type {Connection} from '../../src/operations/connection.ts'
import {FakeClock} from '../../src/util/fake-clock.ts'
import {passTime} from './pass-time.ts'

/** An embedded cluster on a fake clock, as operations see it. */
export interface InstallWorld {
  readonly connection: Connection
  readonly client: Client
  readonly clock: FakeClock
  /** Lets time pass until `promise` settles. */
  pass<T>(promise: Promise<T>): Promise<T>
  stop(): Promise<void>
}

/**
 * Starts an embedded cluster whose image of the smoke test is a function.
 *
 * @param wrap stands between the operations and the API, to make it fail.
 */
export async function startInstallWorld(
  wrap: (transport: Transport) => Transport = (transport) => transport,
): Promise<InstallWorld> {
  const clock = new FakeClock()
  const pass = <T>(promise: Promise<T>): Promise<T> => passTime(clock, promise)
  const cluster = await pass(
    startCluster({
      clock,
      handlers: {
        'ghcr.io/knative/helloworld-go': (_request, {env}) =>
          new Response(`Hello ${env['TARGET']}!\n`),
      },
    }),
  )
  await cluster.settled()
  const connection: Connection = {
    client: new Client(wrap(cluster.transport), {fieldManager: 'kntool'}),
    kind: 'embedded',
    namespace: 'default',
    description: 'the embedded cluster',
    clock,
    gateway: async () => ({kind: 'in-process', fetch: cluster.fetch.bind(cluster)}),
    close: async () => undefined,
  }
  return {connection, client: cluster.client, clock, pass, stop: () => pass(cluster.stop())}
}
