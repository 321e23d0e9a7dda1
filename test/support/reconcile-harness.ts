/**
 * One controller of Knative on the embedded API server, with a clock that stands still: objects go
 * in, one reconcile runs, and what became of the world is looked at.
 *
 * Each reconcile is checked for what holds for all of them: objects in the cache are not touched,
 * a second run writes nothing, and what was created has an owner.
 */
import {ConfigStore, defaultConfigs} from '../../src/api/config/config-store.ts'
import {SYSTEM_NAMESPACE} from '../../src/api/config/system-namespace.ts'
import {
  type Event,
  EVENTS,
  type Namespace,
  NAMESPACES,
  SERVICE_ACCOUNTS,
} from '../../src/api/core/v1.ts'
import {servingDefinitions} from '../../src/api/crd/serving-definitions.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../../src/api/extensions/v1.ts'
import {keyOf, type KubeObject} from '../../src/api/meta/object.ts'
import {controllerOf, controllerReference} from '../../src/api/meta/owner.ts'
import type {ResourceType} from '../../src/api/meta/resource-type.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../src/api/transport.ts'
import {Client} from '../../src/client/client.ts'
import type {Controller, ReconcileResult} from '../../src/controller/controller.ts'
import {EventRecorder} from '../../src/controller/event-recorder.ts'
import {InformerFactory} from '../../src/controller/informer.ts'
import type {KnativeControllerDeps} from '../../src/controller/knative-controller.ts'
import {createApiServer} from '../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../src/kubernetes/kinds/index.ts'
import {MemoryStorage} from '../../src/kubernetes/storage/memory-storage.ts'
import {FakeClock, settle} from '../../src/util/fake-clock.ts'

const USER = {username: 'lab-admin', groups: ['system:masters', 'system:authenticated']}

/** A request that changes something, other than an event. */
export interface Write {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** How a reconcile is run. */
export interface ReconcileOptions {
  /**
   * Whether a second run must write nothing; by default it must. A reconcile that waits for
   * something to come says `false`.
   */
  readonly again?: boolean
  /** Whether the kind has namespaces; by default it has. */
  readonly namespaced?: boolean
}

/** The world of one test. Dispose of it with `await using`. */
export class ReconcileWorld {
  readonly clock = new FakeClock()
  readonly configs: ConfigStore
  /** Everything the reconciler wrote, in order. */
  readonly writes: Write[] = []
  readonly #transport: Transport
  readonly #client: Client
  readonly #storage = new MemoryStorage()
  readonly #stop = new AbortController()
  readonly #informers: InformerFactory
  readonly #recorders = new Map<string, EventRecorder>()
  #failure: {match: (request: ApiRequest) => boolean; error: Error} | undefined

  private constructor(configMaps: Readonly<Record<string, Record<string, string>>>) {
    const server = createApiServer({
      kinds: builtinKinds,
      storage: this.#storage,
      clock: this.clock,
      authenticate: () => USER,
    })
    this.#transport = server.transport(USER)
    this.#client = new Client(this.#transport)
    this.#informers = new InformerFactory(new Client(this.#transport), this.clock)
    this.configs = new ConfigStore(defaultConfigs())
    for (const [name, data] of Object.entries(configMaps)) this.configure(name, data)
  }

  /** An empty world with the kinds of Knative, the namespace `default` and these ConfigMaps. */
  static async start(
    configMaps: Readonly<Record<string, Record<string, string>>> = {},
  ): Promise<ReconcileWorld> {
    const world = new ReconcileWorld(configMaps)
    const client = world.#client
    for (const definition of servingDefinitions()) {
      await client.create(CUSTOM_RESOURCE_DEFINITIONS, definition)
    }
    const namespace: Namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'default'}}
    await client.create(NAMESPACES, namespace)
    // Pods wait for it; there is no controller here that makes it.
    await client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: 'default', namespace: 'default'},
    })
    return world
  }

  /** Sets a ConfigMap of knative-serving. Throws when it is bad. */
  configure(name: string, data: Record<string, string>): void {
    const problem = this.configs.update({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name, namespace: SYSTEM_NAMESPACE},
      data,
    })
    if (problem !== undefined) throw problem
  }

  /** Stores an object with its status, controlled by `owner` if one is given. */
  async given<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    owner?: {type: ResourceType; object: KubeObject},
  ): Promise<T> {
    const references =
      owner === undefined
        ? object.metadata.ownerReferences
        : [controllerReference(owner.object, owner.type)]
    const created = await this.#client.create(type, {
      ...object,
      metadata: {
        ...(type.namespaced && {namespace: 'default'}),
        ...object.metadata,
        ...(references !== undefined && {ownerReferences: references}),
      },
    })
    const {status} = object as {status?: unknown}
    return status === undefined ? created : this.#client.updateStatus(type, {...created, status})
  }

  /** Stores a status. */
  async setStatus<T extends KubeObject>(
    type: ResourceType<T>,
    name: string,
    status: unknown,
  ): Promise<T> {
    const object = await this.get(type, name)
    return this.#client.updateStatus(type, {...object, status})
  }

  /** Changes an object by a merge patch. */
  async patch<T extends KubeObject>(
    type: ResourceType<T>,
    name: string,
    body: unknown,
  ): Promise<T> {
    return this.#client.patch(type, this.#key(type, name), {type: 'merge', body})
  }

  async delete(type: ResourceType, name: string): Promise<void> {
    await this.#client.delete(type, this.#key(type, name))
  }

  get<T extends KubeObject>(type: ResourceType<T>, name: string): Promise<T> {
    return this.#client.get(type, this.#key(type, name))
  }

  find<T extends KubeObject>(type: ResourceType<T>, name: string): Promise<T | undefined> {
    return this.#client.find(type, this.#key(type, name))
  }

  async list<T extends KubeObject>(type: ResourceType<T>): Promise<T[]> {
    return (await this.#client.list(type)).items
  }

  /** Events so far as `Type Reason message`. */
  async events(): Promise<string[]> {
    for (const recorder of this.#recorders.values()) await recorder.flush()
    const events = await this.list<Event>(EVENTS)
    return events.map(({type, reason, message}) => `${type} ${reason} ${message}`)
  }

  /** Makes the next request that matches fail. */
  failOnce(method: string, plural: string, error: Error): void {
    this.#failure = {
      match: (request) => request.method === method && request.path.includes(`/${plural}`),
      error,
    }
  }

  /** What a controller is built from. Its writes are recorded. */
  deps(): KnativeControllerDeps {
    const client = new Client({send: (request) => this.#send(request)})
    return {
      client,
      clock: this.clock,
      configs: this.configs,
      informers: this.#informers,
      events: (component) => {
        const recorder =
          this.#recorders.get(component) ??
          new EventRecorder({client: this.#client, clock: this.clock, component})
        this.#recorders.set(component, recorder)
        return recorder
      },
    }
  }

  /** Runs one reconcile of `name` and checks what holds for all. A failure is thrown. */
  async reconcile<T extends KubeObject>(
    controller: Controller<T>,
    name: string,
    {again = true, namespaced = true}: ReconcileOptions = {},
  ): Promise<ReconcileResult> {
    const key = name.includes('/') || !namespaced ? name : `default/${name}`
    await this.sync()
    const before = this.writes.length
    const result = await controller.reconcile(key)
    this.#checkOwners(this.writes.slice(before))
    if (!again) return result
    await this.sync()
    const settled = this.writes.length
    await controller.reconcile(key)
    const [needless] = this.writes.slice(settled)
    if (needless !== undefined) {
      throw new Error(`a second reconcile writes: ${JSON.stringify(needless)}`)
    }
    return result
  }

  /** Lets the caches catch up. */
  async sync(): Promise<void> {
    await this.#informers.start(this.#stop.signal)
    await settle()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#storage.close()
    return Promise.resolve()
  }

  #key(type: ResourceType, name: string): {namespace?: string; name: string} {
    return {name, ...(type.namespaced && {namespace: 'default'})}
  }

  async #send(request: ApiRequest): Promise<ApiResponse> {
    if (this.#failure?.match(request) === true) {
      const {error} = this.#failure
      this.#failure = undefined
      throw error
    }
    if (request.method !== 'GET') {
      const {method, path} = request
      this.writes.push({method, path, body: structuredClone(request.body)})
    }
    return this.#transport.send(request)
  }

  #checkOwners(writes: readonly Write[]): void {
    for (const {method, body} of writes) {
      if (method !== 'POST') continue
      const object = body as KubeObject
      // A claim outlives the mapping it was made for.
      if (object.kind === 'ClusterDomainClaim') continue
      if (controllerOf(object) === undefined) {
        throw new Error(`${object.kind} ${keyOf(object)} was created without an owner`)
      }
    }
  }
}
