import type {ResourceType} from '../../api/meta/resource-type.ts'

/**
 * The kinds the API server serves now, each once, that can be listed, watched and deleted. Asked
 * again whenever a CustomResourceDefinition changes.
 */
export type ServedTypes = () => readonly ResourceType[]

/** Kinds that are only records or only answers: nobody owns anything through them. */
export function isCollected(type: ResourceType): boolean {
  return type.kind !== 'Event'
}

/** Names a type for maps: group and plural, whatever the version. */
export function typeId(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return `${type.plural}.${type.group}`
}
