import type {KubeObject} from '../../../api/meta/object.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import type {ObjectSchema} from '../schema/object-schema.ts'
import type {TableColumn} from '../table/columns.ts'
import type {Strategy} from './strategy.ts'

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

/** Part of a resource with its own path below the object. */
export interface Subresource {
  readonly name: string
  readonly verbs: readonly Verb[]
  /** The kind of its documents where it differs from the resource's: `autoscaling/v1` Scale. */
  readonly kind?: {readonly group: string; readonly version: string; readonly kind: string}
  /** Where a custom resource keeps its scale: paths such as `.spec.replicas`. */
  readonly paths?: {readonly spec: string; readonly status: string; readonly selector: string}
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

/** How a version that is not the stored one reads and writes. Neither changes its argument. */
export interface Conversion {
  fromStorage(object: KubeObject): KubeObject
  toStorage(object: KubeObject): KubeObject
}

/** The storage key of an object of the resource. */
export function storageKey(
  resource: ServedResource,
  namespace: string | undefined,
  name: string,
): string {
  return namespace === undefined
    ? resource.storagePrefix + name
    : `${resource.storagePrefix}${namespace}/${name}`
}

/** The prefix of the storage keys of a collection. */
export function storagePrefix(resource: ServedResource, namespace: string | undefined): string {
  return namespace === undefined ? resource.storagePrefix : `${resource.storagePrefix}${namespace}/`
}
