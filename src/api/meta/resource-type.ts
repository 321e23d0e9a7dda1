import type {KubeObject} from './object.ts'

/**
 * One kind of the Kubernetes API: enough to build its URLs and to name it in messages.
 *
 * `T` is the type of its objects and exists only at compile time.
 */
export interface ResourceType<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Never set; carries `T`. */
  readonly _object?: T
}

/** Declares a kind. */
export function resourceType<T extends KubeObject>(
  groupVersion: string,
  kind: string,
  plural: string,
  scope: 'namespaced' | 'cluster' = 'namespaced',
): ResourceType<T> {
  const slash = groupVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : groupVersion.slice(0, slash),
    version: slash < 0 ? groupVersion : groupVersion.slice(slash + 1),
    kind,
    plural,
    namespaced: scope === 'namespaced',
  }
}

/** `v1`, `serving.knative.dev/v1`: the `apiVersion` of the kind's objects. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`
}

/**
 * The URL path of a collection or, with `name`, of an object.
 *
 * Without `namespace` the path of a namespaced kind is the collection over all namespaces.
 */
export function resourcePath(
  type: ResourceType,
  where: {namespace?: string | undefined; name?: string; subresource?: string | undefined} = {},
): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${apiVersionOf(type)}`
  const scope =
    type.namespaced && where.namespace !== undefined
      ? `/namespaces/${encodeURIComponent(where.namespace)}`
      : ''
  const name = where.name === undefined ? '' : `/${encodeURIComponent(where.name)}`
  const subresource = where.subresource === undefined ? '' : `/${where.subresource}`
  return `${root}${scope}/${type.plural}${name}${subresource}`
}
