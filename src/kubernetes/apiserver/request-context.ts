/**
 * What is served and what serves it. A kind's handlers get the request, the request knows the kind it
 * is for, and both know the server: these types say one thing together.
 */
import type {KeyObject} from 'node:crypto'
import type {AdmissionPlugin, UserInfo} from '../../api/admission.ts'
import type {KubeObject, WatchEvent} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import type {Clock} from '../../util/clock.ts'
import type {Storage} from '../storage/storage.ts'
import type {WebhookRegistry} from './admission/webhook-registry.ts'
import type {Body} from './body.ts'
import type {JsonObject} from './json-value.ts'
import type {PodAccess} from './pod-access.ts'
import type {ProxyTarget} from './proxy/proxy-target.ts'
import type {Conversion} from './registry/conversion.ts'
import type {Strategy} from './registry/strategy.ts'
import type {RequestInfo} from './request-info.ts'
import type {ObjectSchema} from './schema/object-schema.ts'
import type {ServiceAccess} from './service-access.ts'
import type {StreamRequest} from './streaming/stream-request.ts'
import type {TableColumn} from './table/columns.ts'
import type {FieldError} from './validation/field-error.ts'

/** What can be done with a resource. The order is the one discovery shows. */
export type Verb =
  | 'create'
  | 'delete'
  | 'deletecollection'
  | 'get'
  | 'list'
  | 'patch'
  | 'update'
  | 'watch'

/** Answers a request. Throws a StatusError for what it refuses. */
export type Handler = (
  context: RequestContext,
  verb: Verb,
) => HandlerResult | Promise<HandlerResult>

/**
 * The part of an object that a write changes: everything but the status, the status, what finalizers
 * hold (metadata and spec), or everything.
 */
export type WrittenPart = 'main' | 'status' | 'finalize' | 'all'

/** Part of a resource with its own path below the object. */
export interface Subresource {
  readonly name: string
  readonly verbs: readonly Verb[]
  /** The kind of its documents where it differs from the resource's: `autoscaling/v1` Scale. */
  readonly kind?: {readonly group: string; readonly version: string; readonly kind: string}
  /** What `update` and `patch` of it write of the object. Without it they are not allowed. */
  readonly writes?: WrittenPart
  /** Answers its requests, where that is not reading or writing the object. */
  readonly handle?: Handler
  /** What a client asks for that wants to switch protocols here. Throws what it is refused with. */
  readonly openStream?: (context: RequestContext, parameters: URLSearchParams) => StreamRequest
  /** The program behind an object, to which the server passes requests on: `proxy`. */
  readonly proxyTarget?: (server: ServerContext, place: ProxiedPlace) => ProxyTarget
  /** Where a custom resource keeps its scale: paths such as `.spec.replicas`. */
  readonly paths?: {readonly spec: string; readonly status: string; readonly selector: string}
}

/** Which object a request is passed on to. */
export interface ProxiedPlace {
  /** Empty for kinds in no namespace. */
  readonly namespace: string
  /** `web`, `web:8080`, `https:web:443`. */
  readonly id: string
}

/**
 * What a kind does on one server beside being stored. Made once for each stored kind, whatever the
 * versions it is served in.
 */
export interface KindHooks {
  /** Takes up what an earlier run stored, before the first request; every kind is served by then. */
  readonly restore?: () => void
  /** Looks at writes of any kind, before the plugins that the server is handed. */
  readonly admission?: readonly AdmissionPlugin[]
  /** Who a bearer token belongs to; undefined for tokens that are not the kind's. */
  readonly authenticate?: (token: string) => UserInfo | undefined
  /**
   * Gives a valid object, in place, what only the server can give, right before it is stored.
   * Answers why it cannot; nothing stays allocated on dry-run.
   */
  readonly allocate?: (
    object: JsonObject,
    old: KubeObject | undefined,
    options: {readonly dryRun: boolean},
  ) => FieldError[]
  /** After an object was created, changed, or marked as being deleted. */
  readonly afterWrite?: (object: KubeObject) => void
  /** After the object is gone. */
  readonly afterDelete?: (object: KubeObject) => void
}

/** A kind at one version, with everything the handlers need to serve it. */
export interface ServedResource {
  readonly type: ResourceType
  readonly apiVersion: string
  readonly listKind: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly Verb[]
  readonly subresources: ReadonlyMap<string, Subresource>
  readonly schema: ObjectSchema
  readonly strategy: Strategy
  readonly hooks: KindHooks
  /** Answers a POST to the collection, for kinds that are asked and never stored. */
  readonly answer?: Handler
  /** Why objects of the kind do nothing on this cluster, for whoever creates one. */
  readonly withoutEffect?: string
  /** Columns of the server-side table. */
  readonly columns: readonly TableColumn[]
  /** Whether a CustomResourceDefinition made it. */
  readonly isCustom: boolean
  /** Whether that definition is being deleted. */
  readonly isTerminating?: boolean
  /** Where its objects are: `/apps/deployments/`. Versions of one kind share it. */
  readonly storagePrefix: string
  /** Fields beyond metadata.name and metadata.namespace that field selectors know. */
  readonly selectableFields: ReadonlyMap<string, (object: KubeObject) => string>
  /** From and to the stored version; absent where this version is the stored one. */
  readonly conversion?: Conversion
  /** `group/version/Kind` of the stored version, for discovery's storageVersionHash. */
  readonly storageVersion: string
}

/** Groups before the custom ones, in the order that discovery shows. */
export interface ServedGroup {
  readonly name: string
  /** The preferred version first. */
  readonly versions: readonly string[]
  readonly isCustom: boolean
}

/**
 * Which kinds are served: those the server was made with, and those that CustomResourceDefinitions
 * add and take away while it runs.
 */
export interface ResourceRegistry {
  /** Grows with every change of what is served: caches of discovery compare it. */
  readonly changes: number
  /** The resource of a path; undefined when nothing of that name is served. */
  find(group: string, version: string, plural: string): ServedResource | undefined
  /** The resource of an object's apiVersion and kind. */
  findKind(group: string, version: string, kind: string): ServedResource | undefined
  /** Everything that is served, built-in kinds first. */
  all(): IterableIterator<ServedResource>
  /** Whether any kind of the group version is served. */
  hasGroupVersion(group: string, version: string): boolean
  /** Whether the group is Kubernetes' own, in some version. */
  isBuiltinGroup(group: string): boolean
  /** Replaces the resources that one CustomResourceDefinition makes; none takes them away. */
  setCustom(definition: string, resources: readonly ServedResource[]): void
  /** The groups beside the core one: built-in in table order, custom ones as discovery sorts them. */
  groups(): ServedGroup[]
}

/** What all requests of one server share. */
export interface ServerContext {
  readonly storage: Storage
  readonly clock: Clock
  readonly registry: ResourceRegistry
  readonly admission: readonly AdmissionPlugin[]
  readonly webhooks: WebhookRegistry
  /** Signs the tokens that the server makes; undefined where nobody gave it a key. */
  readonly tokenKey: () => KeyObject | undefined
  /** Absent until a kubelet gives it. */
  podAccess?: PodAccess
  /** Absent until there is a network of Services. */
  serviceAccess?: ServiceAccess
}

/** Query parameters; the first value where one is given several times. */
export type Query = ReadonlyMap<string, string>

/** A request with who sent it and how it came. */
export interface ServerRequest {
  readonly method: string
  readonly path: string
  readonly query: Query
  /** The query as it was sent, with its question mark; absent for requests from inside. */
  readonly search?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
  readonly user: UserInfo
  readonly signal?: AbortSignal | undefined
}

/** One request on its way through a handler. */
export interface RequestContext {
  readonly server: ServerContext
  readonly user: UserInfo
  readonly resource: ServedResource
  readonly info: RequestInfo
  readonly query: Query
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
  readonly signal: AbortSignal | undefined
  /** When the request came, RFC 3339 with whole seconds. */
  readonly now: string
  /** Texts of the Warning headers to come. */
  readonly warnings: string[]
}

/** What a handler answers; how it is written (JSON, YAML, Table) is decided afterwards. */
export type HandlerResult =
  | {
      readonly kind: 'object'
      readonly status: number
      readonly object: KubeObject
      /** Of its table, where the object is not of the resource's own kind. */
      readonly columns?: readonly TableColumn[]
    }
  | {readonly kind: 'list'; readonly items: readonly KubeObject[]; readonly metadata: ListMetadata}
  | {readonly kind: 'document'; readonly status: number; readonly value: unknown}
  | {
      readonly kind: 'watch'
      readonly events: AsyncIterable<WatchEvent<KubeObject>>
      /** See {@link WatchBody.subscribe}. */
      readonly subscribe?: (
        listener: (event: WatchEvent<KubeObject>) => void,
        ended: () => void,
      ) => void
    }
  | {readonly kind: 'bytes'; readonly chunks: AsyncIterable<Uint8Array>; readonly type: string}

/** `metadata` of a list. */
export interface ListMetadata {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}
