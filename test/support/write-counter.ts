/** Counts what is written to a cluster, kind by kind. */
import type {KubeObject} from '../../src/api/meta/object.ts'
import {type ResourceType, resourceType} from '../../src/api/meta/resource-type.ts'
import type {Client} from '../../src/client/client.ts'

/** Counts from {@link WriteCounter.start} on; stop it before the cluster stops. */
export class WriteCounter {
  readonly #stopping = new AbortController()
  #counts = new Map<string, number>()

  /** Follows every kind the cluster serves. */
  static async start(client: Client): Promise<WriteCounter> {
    const counter = new WriteCounter()
    const types = await discover(client)
    await Promise.all(types.map((type) => counter.#follow(client, type)))
    return counter
  }

  /** The writes since the last call, by kind: `Pod`, `Service.serving.knative.dev`. */
  take(): Map<string, number> {
    const counts = this.#counts
    this.#counts = new Map()
    return counts
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #follow(client: Client, type: ResourceType): Promise<void> {
    const name = type.group === '' ? type.kind : `${type.kind}.${type.group}`
    const {metadata} = await client.list(type)
    const {resourceVersion = '0'} = metadata
    const options = {resourceVersion, signal: this.#stopping.signal}
    void client.follow(type, options, (event) => {
      const isWrite = event.type !== 'BOOKMARK' && event.type !== 'ERROR'
      if (isWrite) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
      return true
    })
  }
}

interface ApiGroup {
  readonly name: string
  readonly preferredVersion: {readonly groupVersion: string}
}
interface ApiResource {
  readonly name: string
  readonly kind: string
  readonly verbs: readonly string[]
}

/** The kinds that can be watched, each under one name: events.k8s.io shows the core events again. */
export async function discover(client: Client): Promise<ResourceType[]> {
  const {groups} = await read<{groups: ApiGroup[]}>(client, '/apis')
  const versions = groups
    .filter(({name}) => name !== 'events.k8s.io')
    .map(({preferredVersion}) => preferredVersion.groupVersion)
  const lists = ['v1', ...versions].map(async (version) => {
    const path = version === 'v1' ? '/api/v1' : `/apis/${version}`
    const {resources} = await read<{resources: ApiResource[]}>(client, path)
    return resources
      .filter(({verbs}) => verbs.includes('watch'))
      .map(({kind, name}) => resourceType<KubeObject>(version, kind, name))
  })
  return (await Promise.all(lists)).flat()
}

async function read<T>(client: Client, path: string): Promise<T> {
  const {body} = await client.raw({method: 'GET', path})
  if (body.kind !== 'json') throw new Error(`${path} was not answered with a document`)
  return body.value as T
}
