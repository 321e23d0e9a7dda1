import type {ServedResource} from '../request-context.ts'

/** Where OpenAPI says the types of a group live, besides `io.k8s.api.<group>`. */
const PACKAGES: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
}

/** The OpenAPI name of a built-in type: `io.k8s.api.core.v1.Pod` of `core.v1.Pod`. */
export function builtinName(id: string): string {
  const [group = '', ...rest] = id.split('.')
  return [PACKAGES[group] ?? `io.k8s.api.${group}`, ...rest].join('.')
}

/** The OpenAPI name of a custom kind: `dev.knative.serving.v1.Service`. */
function customName({type}: ServedResource, kind = type.kind): string {
  return [...type.group.split('.').toReversed(), type.version, kind].join('.')
}

/** The OpenAPI name of a kind's objects. */
export function objectName(resource: ServedResource): string {
  const {source} = resource.schema
  return source.kind === 'struct' ? builtinName(source.struct.id) : customName(resource)
}

/** The OpenAPI name of a kind's lists. */
export function listName(resource: ServedResource): string {
  const {source} = resource.schema
  return source.kind === 'struct'
    ? `${builtinName(source.struct.id)}List`
    : customName(resource, resource.listKind)
}

/** Types that are no structs but have a name of their own. */
export const TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time'
export const MICRO_TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime'
export const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
export const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
export const PATCH = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch'
