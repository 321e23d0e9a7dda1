import type {AdmissionPlugin, UserInfo} from '../../api/admission.ts'
import type {KubeObject, WatchEvent} from '../../api/meta/object.ts'
import type {Clock} from '../../util/clock.ts'
import type {Storage} from '../storage/storage.ts'
import type {ServiceAccountTokens} from './authentication/service-account-tokens.ts'
import type {WebhookRegistry} from './admission/webhook-registry.ts'
import type {EventExpiry} from './event-expiry.ts'
import type {PodAccess} from './pod-access.ts'
import type {PortAllocator, ServiceAddresses} from './registry/allocators.ts'
import type {Registry} from './registry/registry.ts'
import type {ServiceAccess} from './service-access.ts'
import type {ServedResource} from './registry/served-resource.ts'
import type {RequestInfo} from './request-info.ts'
import type {TableColumn} from './table/columns.ts'
import type {Body} from './body.ts'

/** What all requests of one server share. */
export interface ServerContext {
  readonly storage: Storage
  readonly clock: Clock
  readonly registry: Registry
  readonly admission: readonly AdmissionPlugin[]
  readonly addresses: ServiceAddresses
  readonly nodePorts: PortAllocator
  readonly events: EventExpiry
  readonly webhooks: WebhookRegistry
  readonly tokens: ServiceAccountTokens
  /** Absent until a kubelet gives it. */
  podAccess?: PodAccess
  /** Absent until there is a network of Services. */
  serviceAccess?: ServiceAccess
}

/** Query parameters; the first value where one is given several times. */
export type Query = ReadonlyMap<string, string>

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
