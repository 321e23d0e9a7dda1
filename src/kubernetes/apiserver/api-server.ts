import type {KeyObject} from 'node:crypto'
import type {AdmissionPlugin, UserInfo} from '../../api/admission.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../api/transport.ts'
import type {Clock} from '../../util/clock.ts'
import {isJsonObject} from './json-value.ts'
import type {Storage} from '../storage/storage.ts'
import {mutate} from './admission/chain.ts'
import {WebhookRegistry} from './admission/webhook-registry.ts'
import {webhookAdmission} from './admission/webhooks.ts'
import {withoutEffect} from './admission/without-effect.ts'
import {dispatch, queryOf} from './dispatch.ts'
import {listenHttps, type HttpsFront, type ListenOptions} from './http/https-front.ts'
import type {PodAccess} from './pod-access.ts'
import {servedResource, storagePrefixOf, type KindDeclaration} from './registry/kind.ts'
import {compareVersions, Registry} from './registry/registry.ts'
import type {ServiceAccess} from './service-access.ts'
import type {KindHooks, ResourceRegistry, ServedResource, ServerContext} from './request-context.ts'

/** What an API server is made of. */
export interface ApiServerOptions {
  readonly storage: Storage
  readonly clock: Clock
  /** What it serves from the beginning, in the order of discovery. */
  readonly kinds: readonly KindDeclaration[]
  /** After the admission of the kinds, in this order. */
  readonly admission?: readonly AdmissionPlugin[]
  /** Who a bearer token belongs to that is of none of the kinds; undefined refuses it. */
  readonly authenticate: (token: string) => UserInfo | undefined
  readonly podAccess?: PodAccess
  /**
   * The private key on the curve P-256 that signs the tokens of ServiceAccounts, asked when one is
   * needed. Without it they last as long as the server.
   */
  readonly tokenKey?: () => KeyObject | undefined
}

/** How a part of this process uses the API. */
interface TransportOptions {
  /** The User-Agent, from which the field manager follows when a request names none. */
  readonly userAgent?: string
  /**
   * The program of the cluster that this part of the process is, which owns the fields it writes.
   * What it sends back of managed fields is what it read, and costs more to look at than to write.
   */
  readonly component?: string
}

/** A Kubernetes API server in this process. */
export interface ApiServer {
  /**
   * A direct way in for `user`: no network, no encoding.
   *
   * Documents that come out are shared and frozen. Documents that go in are copied.
   */
  transport(user: UserInfo, options?: TransportOptions): Transport
  /** Opens the HTTPS port. May be called several times, for several addresses. */
  listen(options: ListenOptions): Promise<HttpsFront>
  /** The kinds that are served now and can be listed, watched and deleted: each at its best version. */
  servedTypes(): ResourceType[]
  /** Gives the server the node that logs come from. */
  setPodAccess(podAccess: PodAccess): void
  /** Gives the server the way to Services, behind which webhooks answer. */
  setServiceAccess(serviceAccess: ServiceAccess): void
}

/**
 * Creates an API server over a storage. What is stored already is taken up before this returns.
 *
 * Counterpart of kube-apiserver, with etcd, aggregator and extension server in one.
 */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const {storage, clock} = options
  const webhooks = new WebhookRegistry(storage)
  const registry = new Registry()
  const admission: AdmissionPlugin[] = []
  const server: ServerContext = {
    storage,
    clock,
    registry,
    admission,
    webhooks,
    tokenKey: () => options.tokenKey?.(),
    ...(options.podAccess !== undefined && {podAccess: options.podAccess}),
  }
  const {resources, hooks} = serve(options.kinds, server)
  registry.add(resources)
  const ofKinds = hooks.flatMap((each) => each.admission ?? [])
  admission.push(
    ...ofKinds,
    ...(options.admission ?? []),
    webhookAdmission(
      webhooks,
      () => server.serviceAccess,
      async (request) => void (await mutate(ofKinds, request, [])),
    ),
    withoutEffect(registry),
  )
  for (const each of hooks) each.restore?.()
  const authenticate = (token: string): UserInfo | undefined =>
    options.authenticate(token) ?? firstOf(hooks, (each) => each.authenticate?.(token))
  return {
    transport: (user, transportOptions) => new InProcessTransport(server, user, transportOptions),
    listen: (listenOptions) => listenHttps(server, authenticate, listenOptions),
    servedTypes: () => bestVersions(server.registry),
    setPodAccess(podAccess) {
      server.podAccess = podAccess
    },
    setServiceAccess(serviceAccess) {
      server.serviceAccess = serviceAccess
    },
  }
}

/** The kinds with their hooks, of which versions of one stored kind have the same. */
function serve(
  kinds: readonly KindDeclaration[],
  server: ServerContext,
): {resources: readonly ServedResource[]; hooks: readonly KindHooks[]} {
  const hooks = new Map<string, KindHooks>()
  for (const kind of kinds) {
    if (kind.stored === undefined) hooks.set(storagePrefixOf(kind), kind.hooks?.(server) ?? {})
  }
  const resources = kinds.map((kind) =>
    servedResource(kind, hooks.get(storagePrefixOf(kind)) ?? {}),
  )
  return {resources, hooks: [...hooks.values()]}
}

function firstOf<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Answer | undefined,
): Answer | undefined {
  for (const item of items) {
    const answer = ask(item)
    if (answer !== undefined) return answer
  }
  return undefined
}

function bestVersions(registry: ResourceRegistry): ResourceType[] {
  const best = new Map<string, ResourceType>()
  for (const {type, verbs} of registry.all()) {
    if (!(['list', 'watch', 'delete'] as const).every((verb) => verbs.includes(verb))) continue
    const id = `${type.group}/${type.plural}`
    const known = best.get(id)
    if (known === undefined || compareVersions(type.version, known.version) < 0) best.set(id, type)
  }
  return [...best.values()]
}

class InProcessTransport implements Transport {
  readonly #server: ServerContext
  readonly #user: UserInfo
  readonly #userAgent: string
  readonly #isComponent: boolean

  constructor(server: ServerContext, user: UserInfo, options: TransportOptions = {}) {
    this.#server = server
    this.#user = user
    this.#userAgent = options.component ?? options.userAgent ?? 'kntool'
    this.#isComponent = options.component !== undefined
  }

  send(request: ApiRequest): Promise<ApiResponse> {
    const body = this.#isComponent ? withoutManagedFields(request.body) : request.body
    return dispatch(this.#server, {
      method: request.method,
      path: request.path,
      query: queryOf(request.query),
      headers: {'user-agent': this.#userAgent, ...request.headers},
      body: body === undefined ? {kind: 'none'} : {kind: 'document', value: body},
      user: this.#user,
      signal: request.signal,
    })
  }
}

function withoutManagedFields(body: unknown): unknown {
  if (!isJsonObject(body) || !isJsonObject(body['metadata'])) return body
  const {managedFields, ...metadata} = body['metadata']
  return managedFields === undefined ? body : {...body, metadata}
}
