import type {ServedResource} from '../request-context.ts'

/** The storage key of an object of the resource. */
export function storageKey(
  resource: Pick<ServedResource, 'storagePrefix'>,
  namespace: string | undefined,
  name: string,
): string {
  return storagePrefix(resource, namespace) + name
}

/** The prefix of the storage keys of a collection. */
export function storagePrefix(
  resource: Pick<ServedResource, 'storagePrefix'>,
  namespace: string | undefined,
): string {
  return namespace === undefined ? resource.storagePrefix : `${resource.storagePrefix}${namespace}/`
}
