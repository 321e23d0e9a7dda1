import type {UserInfo} from '../api/admission.ts'
import {isTrue} from '../api/condition-set.ts'
import {type Pod, PODS} from '../api/core/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import {SERVICES, type Service} from '../api/serving/v1.ts'
import {applyObjects} from '../client/apply-objects.ts'
import {Client} from '../client/client.ts'
import {RestMapper} from '../client/rest-mapper.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {parseManifest} from '../install/parse-manifest.ts'
import {FakeClock, settle} from '../util/fake-clock.ts'
import type {ClusterOptions, EmbeddedCluster} from './cluster.ts'
import {startCluster} from './start-cluster.ts'
import {SERVICE_LABEL} from '../api/serving/metadata-keys.ts'

/** How a cluster for a test is created. */
export type CreateClusterOptions = Pick<
  ClusterOptions,
  'handlers' | 'domain' | 'imagesFile' | 'onLog'
>

/** How much time of the cluster {@link TestCluster.until} lets pass before it gives up. */
const PATIENCE_MS = 10 * 60_000

/**
 * Starts an embedded cluster for a test: in memory, without ports, on a clock that stands still
 * until the test advances it. Call {@link TestCluster.stop} at the end.
 */
export async function createCluster(options: CreateClusterOptions = {}): Promise<TestCluster> {
  const clock = new FakeClock()
  const starting = startCluster({...options, clock})
  // Starting waits for probes, and probes wait for the clock.
  const cluster = await passTime(clock, starting)
  await cluster.settled()
  return new TestCluster(cluster, clock)
}

/**
 * A Knative cluster inside a test.
 *
 * Time passes only in {@link advance}, and as far as needed in {@link until} and {@link fetch}.
 */
export class TestCluster {
  readonly #cluster: EmbeddedCluster
  readonly #clock: FakeClock

  constructor(cluster: EmbeddedCluster, clock: FakeClock) {
    this.#cluster = cluster
    this.#clock = clock
  }

  /** The Kubernetes API, as administrator. */
  get client(): Client {
    return this.#cluster.client
  }

  /**
   * The Kubernetes API as somebody else: what they write bears their name.
   *
   * @param onWarning gets what the server warns of.
   */
  as(user: UserInfo, onWarning?: (text: string) => void): Client {
    return new Client(this.#cluster.transportFor(user), {...(onWarning && {onWarning})})
  }

  /** Milliseconds since the epoch on the cluster's clock. */
  now(): number {
    return this.#clock.now()
  }

  /** Applies objects, or YAML with any number of documents. Returns when nothing is left to do. */
  async apply(objects: string | KubeObject | readonly KubeObject[]): Promise<void> {
    const list = typeof objects === 'string' ? parseManifest(objects, 'apply()') : [objects].flat()
    await applyObjects(list, {
      client: this.client,
      mapper: new RestMapper(this.client),
      fieldManager: 'test',
    })
    await this.#cluster.settled()
  }

  /** The Service, once it is Ready in its newest generation. Throws `KN_TIMEOUT` with the reason. */
  async ready(name: string, namespace = 'default'): Promise<Service> {
    const read = (): Promise<Service> => this.client.get(SERVICES, {namespace, name})
    const isReady = ({metadata, status}: Service): boolean =>
      status?.observedGeneration === metadata.generation && isTrue(status, 'Ready')
    try {
      await this.until(async () => isReady(await read()))
    } catch (error) {
      const {status} = await read()
      const why = status?.conditions?.find((condition) => condition.status !== 'True')
      throw new KntoolError(
        'KN_TIMEOUT',
        `Service ${name} is not Ready: ${why?.message ?? 'no reason given'}`,
        {
          cause: error,
        },
      )
    }
    return read()
  }

  /** Running pods of a Service, those that are going away left out. */
  async pods(name: string, namespace = 'default'): Promise<Pod[]> {
    const {items} = await this.client.list(PODS, {
      namespace,
      labelSelector: `${SERVICE_LABEL}=${name}`,
    })
    return items.filter(({metadata}) => metadata.deletionTimestamp === undefined)
  }

  /** Sends a request through the gateway, waking a revision at zero if need be. */
  fetch(url: string, init?: RequestInit): Promise<Response> {
    return passTime(this.#clock, this.#cluster.fetch(url, init))
  }

  /**
   * Sends a request for which no time passes by itself: one that lasts, while the test goes on and
   * advances the clock.
   */
  send(url: string, init?: RequestInit): Promise<Response> {
    return this.#cluster.fetch(url, init)
  }

  /** Lets time pass, and everything happen that becomes due. */
  async advance(durationMs: number): Promise<void> {
    await this.#clock.advance(durationMs)
    await this.#cluster.settled()
  }

  /** Lets time pass until `condition` holds; throws `KN_TIMEOUT` after ten minutes of it. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadlineMs = this.now() + PATIENCE_MS
    for (;;) {
      await this.#cluster.settled()
      if (await condition()) return
      if (this.now() >= deadlineMs) {
        throw new KntoolError('KN_TIMEOUT', 'The condition did not come true in ten minutes.')
      }
      await this.#clock.advance(Math.max(1, this.#clock.untilNextMs() ?? 1000))
    }
  }

  /** Stops everything. */
  async stop(): Promise<void> {
    await passTime(this.#clock, this.#cluster.stop())
  }
}

/** Advances the clock, timer by timer, until `promise` settles. */
async function passTime<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let settled = false
  const done = promise.finally(() => (settled = true))
  // The caller gets the rejection from `promise`; this copy must not be reported as unhandled.
  done.catch(() => undefined)
  for (;;) {
    await settle()
    if (settled) return promise
    await clock.advance(Math.min(clock.untilNextMs() ?? 1, 1000))
  }
}
