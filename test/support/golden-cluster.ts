/** An embedded cluster set up as the one that was recorded, and used as its user used it. */
import {CONFIG_MAPS, NAMESPACES} from '../../src/api/core/v1.ts'
import type {KubeObject} from '../../src/api/meta/object.ts'
import type {ResourceType} from '../../src/api/meta/resource-type.ts'
import {SERVICES, type TrafficTarget} from '../../src/api/serving/v1.ts'
import type {Client} from '../../src/client/client.ts'
import {RestMapper} from '../../src/client/rest-mapper.ts'
import {createCluster, type HandlerImage, type TestCluster} from '../../src/index.ts'
import {parseManifest} from '../../src/install/parse-manifest.ts'
import {threeWayMergePatch} from '../../src/operations/service/three-way-merge.ts'
import {
  compareObjects,
  formatDifferences,
  type Recording,
  type Tolerance,
} from './golden-compare.ts'
import {compareEvents} from './golden-events.ts'
import {GOLDEN_KINDS} from './golden-kinds.ts'
import {goldenText} from './golden-objects.ts'
import {StateLog} from './golden-states.ts'
import {compareTables} from './golden-tables.ts'

const AS_KUBECTL = {
  fieldManager: 'kubectl-client-side-apply',
  fieldValidation: 'Strict',
} as const
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The registries whose tags the recorded Knative did not resolve, having no way out. */
const OFFLINE = {'registries-skipping-tag-resolving': 'ghcr.io,docker.io,index.docker.io,quay.io'}

/** A request to this path is under way until the number that follows is released. */
const HELD_PATH = '/held/'
const held = new Map<string, PromiseWithResolvers<void>>()
let lastHeld = 0

const greet: HandlerImage = async ({url}, {env}) => {
  const {pathname} = new URL(url)
  if (pathname.startsWith(HELD_PATH)) await held.get(pathname.slice(HELD_PATH.length))?.promise
  return new Response(`Hello ${env['TARGET']}!\n`)
}

/** The images of the recordings. `ghcr.io/knative/broken` is missing: it cannot be pulled. */
const IMAGES: Record<string, HandlerImage> = {
  'ghcr.io/knative/helloworld-go*': greet,
  'ghcr.io/knative/neverready*': {},
  'ghcr.io/knative/crash*': {
    main: (context) => {
      context.log('panic: boom')
      return Promise.resolve(1)
    },
  },
  'docker.io/library/sidecar*': greet,
  'quay.io/example/*': greet,
  'ghcr.io/knative/sidecar*': greet,
}

/** Starts the cluster. */
export async function createGoldenCluster(): Promise<GoldenCluster> {
  const errors: string[] = []
  const cluster = await createCluster({
    domain: 'knative.example.com',
    handlers: IMAGES,
    onLog: (component, line) => {
      if (line.includes('"severity":"ERROR"')) errors.push(`${component}: ${line}`)
    },
  })
  const key = {namespace: 'knative-serving', name: 'config-deployment'}
  await cluster.client.patch(CONFIG_MAPS, key, {type: 'merge', body: {data: OFFLINE}})
  await cluster.advance(0)
  return new GoldenCluster(cluster, errors)
}

/** What the recorded user did with kubectl, and what was recorded then. */
export class GoldenCluster {
  readonly cluster: TestCluster
  /** The API as the user of the recordings. */
  readonly client: Client
  readonly #mapper: RestMapper

  /** What components reported that a person would have to look at. */
  readonly errors: readonly string[]

  constructor(cluster: TestCluster, errors: readonly string[]) {
    this.cluster = cluster
    this.errors = errors
    const groups = ['system:masters', 'system:authenticated']
    this.client = cluster.as({username: 'lab-admin', groups})
    this.#mapper = new RestMapper(this.client)
  }

  /** `kubectl create namespace`. */
  async createNamespace(name: string): Promise<void> {
    await this.client.create(NAMESPACES, {apiVersion: 'v1', kind: 'Namespace', metadata: {name}})
    await this.cluster.advance(0)
  }

  /** `kubectl -n <namespace> apply -f <file>` with a recorded file; returns when all is calm. */
  async apply(namespace: string, path: string): Promise<void> {
    for (const object of parseManifest(goldenText(path), path)) {
      await this.#applyObject({...object, metadata: {...object.metadata, namespace}})
    }
    await this.cluster.advance(0)
  }

  /** What applying a recorded file is refused with; fails when it is accepted. */
  async refusal(namespace: string, path: string): Promise<string> {
    try {
      await this.apply(namespace, path)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    throw new Error(`${path} was accepted`)
  }

  /** Applies a recorded file, waits for the Service to be Ready, and as long as the recording. */
  async deploy(namespace: string, path: string, service: string): Promise<void> {
    await this.apply(namespace, path)
    await this.cluster.ready(service, namespace)
    await this.pause()
  }

  /** `kn service update --traffic … --tag …`, by its result. */
  async setTraffic(
    namespace: string,
    name: string,
    traffic: readonly TrafficTarget[],
  ): Promise<void> {
    const service = await this.client.get(SERVICES, {namespace, name})
    const spec = {...service.spec, traffic: [...traffic]}
    await this.client.update(SERVICES, {...service, spec})
    await this.pause()
  }

  /** `kubectl delete`, in the background. */
  async delete(type: ResourceType, namespace: string, name: string): Promise<void> {
    await this.client.delete(type, {namespace, name})
    await this.pause()
  }

  /** Lets as much time pass as the recording took between its steps. */
  async pause(seconds = 3): Promise<void> {
    await this.cluster.advance(seconds * 1000)
  }

  /** Keeps `count` requests to a host under way; call the result to let them end. */
  load(host: string, count: number): () => Promise<void> {
    const id = `${++lastHeld}`
    const gate = Promise.withResolvers<void>()
    held.set(id, gate)
    const url = `http://${host}${HELD_PATH}${id}`
    const answers = Array.from({length: count}, () => this.cluster.send(url))
    return async () => {
      gate.resolve()
      held.delete(id)
      for (const answer of await Promise.all(answers)) await answer.text()
    }
  }

  /** Begins to follow the states of a namespace's objects. */
  follow(namespace: string): StateLog {
    return new StateLog(this.client, namespace)
  }

  /** Each difference between the namespace and a recorded folder, events and tables included. */
  async differences(
    folder: string,
    namespace: string,
    tolerances: readonly Tolerance[] = [],
  ): Promise<string[]> {
    const objects = compareObjects(folder, await this.record(namespace))
    const tables = await compareTables(folder, this.client, namespace)
    // Other recordings of `default` are older than their events.
    const events =
      namespace === 'default' ? [] : await compareEvents(folder, this.client, namespace)
    return formatDifferences([...objects, ...tables, ...events], tolerances)
  }

  /** Everything that is in the namespace now. */
  async record(namespace: string): Promise<Recording> {
    const lists = Object.entries(GOLDEN_KINDS).map(async ([file, type]) => {
      const {items} = await this.client.list(type, {namespace})
      return [file, items] as const
    })
    return new Map(await Promise.all(lists))
  }

  stop(): Promise<void> {
    return this.cluster.stop()
  }

  async #applyObject(object: KubeObject): Promise<void> {
    const type = await this.#mapper.find(object)
    if (type === undefined) throw new Error(`the cluster does not serve ${object.kind}`)
    const annotations = {...object.metadata.annotations}
    const text = JSON.stringify({...object, metadata: {...object.metadata, annotations}})
    const wanted = {
      ...object,
      metadata: {...object.metadata, annotations: {...annotations, [LAST_APPLIED]: `${text}\n`}},
    }
    const current = await this.client.find(type, object.metadata)
    if (current === undefined) {
      await this.client.create(type, wanted, AS_KUBECTL)
      return
    }
    const last = JSON.parse(current.metadata.annotations?.[LAST_APPLIED] ?? '{}') as object
    const body = threeWayMergePatch(last, wanted, current)
    if (Object.keys(body).length === 0) return
    await this.client.patch(type, object.metadata, {type: 'merge', body}, AS_KUBECTL)
  }
}
