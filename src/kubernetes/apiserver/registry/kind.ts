import type {ObjectSchema} from '../schema/object-schema.ts'
import {builtinSchema} from '../schema/object-schema.ts'
import type {
  Handler,
  KindHooks,
  ServedResource,
  ServerContext,
  Subresource,
  Verb,
} from '../request-context.ts'
import {ageColumn, nameColumn, type TableColumn} from '../table/columns.ts'
import {strategy} from './base-strategy.ts'
import type {Conversion} from './conversion.ts'
import type {SelectableField} from './selectable-fields.ts'
import type {Strategy} from './strategy.ts'

/** A kind at one version, as it is declared: everything a server has to know of it. */
export interface KindDeclaration {
  /** `apps/v1`; `v1` for the core group. */
  readonly groupVersion: string
  readonly kind: string
  readonly plural: string
  /** Namespaced unless it says. */
  readonly scope?: 'Cluster'
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  /** All of them unless it says. */
  readonly verbs?: readonly Verb[]
  readonly subresources?: readonly Subresource[]
  /** How its documents are read; the type that Kubernetes has by this name unless it says. */
  readonly schema?: ObjectSchema
  /** What is particular when it is written: defaults, preparation, validation, deletion. */
  readonly strategy?: Partial<Strategy>
  /** The columns of its table; name and age unless it says. */
  readonly columns?: readonly TableColumn[]
  /** Fields beyond metadata.name and metadata.namespace that field selectors know. */
  readonly selectableFields?: readonly SelectableField[]
  /** Another version that its objects are stored in, and how they get there and back. */
  readonly stored?: {readonly groupVersion: string; readonly conversion: Conversion}
  /** Why objects of the kind do nothing on this cluster; goes as a warning to whoever creates one. */
  readonly withoutEffect?: string
  /** Answers a POST to the collection, for kinds that are asked and never stored. */
  readonly answer?: Handler
  /** What it does on a server beside being stored. Not asked of versions that are stored as another. */
  readonly hooks?: (server: ServerContext) => KindHooks
}

/** Verbs in the order discovery shows them. */
export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
]

/** The verbs of what is only created, and of what is read and written. */
export const CREATE: readonly Verb[] = ['create']
export const READ_WRITE: readonly Verb[] = ['get', 'patch', 'update']

/** The part of an object that only whoever watches over it writes. */
export const statusSubresource: Subresource = {name: 'status', verbs: READ_WRITE, writes: 'status'}

/** A kind as a server with these hooks of it serves it. */
export function servedResource(kind: KindDeclaration, hooks: KindHooks): ServedResource {
  const {group, version} = splitGroupVersion(kind.groupVersion)
  const {stored, columns = [nameColumn, ageColumn], selectableFields = []} = kind
  const storedAs = stored?.groupVersion ?? kind.groupVersion
  return {
    type: {
      group,
      version,
      kind: kind.kind,
      plural: kind.plural,
      namespaced: kind.scope !== 'Cluster',
    },
    apiVersion: kind.groupVersion,
    listKind: `${kind.kind}List`,
    singular: kind.kind.toLowerCase(),
    shortNames: kind.shortNames ?? [],
    categories: kind.categories ?? [],
    verbs: kind.verbs ?? ALL_VERBS,
    subresources: new Map(kind.subresources?.map((part) => [part.name, part])),
    schema: kind.schema ?? builtinSchema(typeIdOf(kind), {kind: kind.kind, version}),
    strategy: strategy(kind.strategy),
    hooks,
    ...(kind.answer !== undefined && {answer: kind.answer}),
    ...(kind.withoutEffect !== undefined && {withoutEffect: kind.withoutEffect}),
    columns,
    isCustom: false,
    storagePrefix: storagePrefixOf(kind),
    selectableFields: new Map(selectableFields),
    ...(stored !== undefined && {conversion: stored.conversion}),
    storageVersion: `${storedAs.includes('/') ? storedAs : `/${storedAs}`}/${kind.kind}`,
  }
}

/** Where the objects of a kind are stored: `/core/pods/`. */
export function storagePrefixOf({groupVersion, plural, stored}: KindDeclaration): string {
  const {group} = splitGroupVersion(stored?.groupVersion ?? groupVersion)
  return `/${group === '' ? 'core' : group}/${plural}/`
}

/** The name of a kind in the table of types: `networking.v1.Ingress` of `networking.k8s.io/v1`. */
function typeIdOf({groupVersion, kind}: KindDeclaration): string {
  const {group, version} = splitGroupVersion(groupVersion)
  return `${group === '' ? 'core' : (group.split('.')[0] ?? '')}.${version}.${kind}`
}

function splitGroupVersion(groupVersion: string): {group: string; version: string} {
  const slash = groupVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : groupVersion.slice(0, slash),
    version: groupVersion.slice(slash + 1),
  }
}
