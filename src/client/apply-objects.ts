import type {KubeObject} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {Client} from './client.ts'
import type {RestMapper} from './rest-mapper.ts'

/** What applying did to one object. */
export type ApplyOutcome = 'created' | 'configured' | 'unchanged'

/** Kinds that must be there before the others, in this order; all others form the last wave. */
const WAVES: readonly (readonly string[])[] = [
  ['CustomResourceDefinition', 'Namespace'],
  ['ServiceAccount', 'ClusterRole', 'Role', 'ConfigMap', 'Secret'],
  ['ClusterRoleBinding', 'RoleBinding', 'Service'],
]

/** Splits objects into waves: everything of a wave may be applied at once. Order within is kept. */
export function applyWaves(objects: readonly KubeObject[]): KubeObject[][] {
  const waves: KubeObject[][] = [...WAVES.map(() => []), []]
  for (const object of objects) {
    const wave = WAVES.findIndex((kinds) => kinds.includes(object.kind))
    waves[wave < 0 ? WAVES.length : wave]?.push(object)
  }
  return waves.filter((wave) => wave.length > 0)
}

/** `deployments.apps/activator`: how messages name an applied object. */
export function describeObject(type: ResourceType, object: KubeObject): string {
  const kind = type.kind.toLowerCase()
  return `${type.group === '' ? kind : `${kind}.${type.group}`}/${object.metadata.name}`
}

/** The resource type of an object; `KN_NOT_FOUND` when the server does not serve its kind. */
export async function requireType(mapper: RestMapper, object: KubeObject): Promise<ResourceType> {
  const type = await mapper.find(object)
  if (type !== undefined) return type
  throw new KntoolError(
    'KN_NOT_FOUND',
    `The cluster does not know the kind ${object.kind} of ${object.apiVersion}, which "${object.metadata.name}" has.`,
    {hint: 'List the kinds it knows: kubectl api-resources'},
  )
}

/** What {@link applyObjects} works with. */
export interface ApplyOptions {
  readonly client: Client
  readonly mapper: RestMapper
  readonly fieldManager: string
  /** `apply`: server-side apply. `create-missing`: leaves what is there as it is. */
  readonly mode?: 'apply' | 'create-missing'
  /** In the mode `create-missing`: which objects that are there are brought up to date after all. */
  readonly mayReplace?: (stored: KubeObject) => boolean
  readonly onApplied?: (type: ResourceType, object: KubeObject, outcome: ApplyOutcome) => void
}

/**
 * Brings objects to the cluster in waves, those of one wave at the same time.
 *
 * Stops at the first wave in which something failed and throws the first failure.
 */
export async function applyObjects(
  objects: readonly KubeObject[],
  options: ApplyOptions,
): Promise<void> {
  for (const wave of applyWaves(objects)) {
    const results = await Promise.allSettled(wave.map((object) => applyObject(object, options)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}

async function applyObject(object: KubeObject, options: ApplyOptions): Promise<void> {
  const {client, mapper, fieldManager} = options
  const type = await requireType(mapper, object)
  if (options.mode === 'create-missing') {
    const before = await client.find(type, object.metadata)
    if (before === undefined) {
      await client.apply(type, object, {fieldManager})
      return options.onApplied?.(type, object, 'created')
    }
    if (options.mayReplace?.(before) !== true) {
      return options.onApplied?.(type, object, 'unchanged')
    }
  }
  const {outcome} = await serverSideApply(client, type, object, {fieldManager, force: true})
  options.onApplied?.(type, object, outcome)
}

/** Applies one object, and says by its versions before and after what that did. */
export async function serverSideApply<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  options: Parameters<Client['apply']>[2],
): Promise<{object: T; outcome: ApplyOutcome}> {
  const before = await client.find(type, object.metadata)
  const after = await client.apply(type, object, options)
  if (before === undefined) return {object: after, outcome: 'created'}
  const isSame = before.metadata.resourceVersion === after.metadata.resourceVersion
  return {object: after, outcome: isSame ? 'unchanged' : 'configured'}
}
