import {shownVerbs} from '../registry/terminating.ts'
import {parseAccept} from '../negotiation.ts'
import type {ResourceRegistry, ServedResource, Subresource} from '../request-context.ts'

/** The content type of aggregated discovery, as clients look for it. */
export const AGGREGATED_TYPE =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Whether the client's best wish is aggregated discovery v2 in JSON. */
export function acceptsAggregated(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('apidiscovery.k8s.io')) return false
  for (const {type, parameters} of parseAccept(accept)) {
    if (type !== 'application/json' && type !== '*/*') continue
    const as = parameters.get('as')
    if (as === undefined) return false
    if (as === 'APIGroupDiscoveryList' && parameters.get('v') === 'v2') return true
  }
  return false
}

/** Everything that is served in one document: of the core group, or of all named groups. */
export function aggregatedDiscovery(registry: ResourceRegistry, which: 'core' | 'groups'): unknown {
  const groups =
    which === 'core' ? [{name: '', versions: ['v1'], isCustom: false}] : registry.groups()
  const byGroupVersion = Map.groupBy(registry.all(), ({type}) => `${type.group}/${type.version}`)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({name, versions}) => ({
      metadata: name === '' ? {} : {name},
      versions: versions.map((version) => ({
        version,
        resources: (byGroupVersion.get(`${name}/${version}`) ?? [])
          .toSorted((a, b) => (a.type.plural < b.type.plural ? -1 : 1))
          .map(entryOf),
        freshness: 'Current',
      })),
    })),
  }
}

function entryOf(resource: ServedResource): object {
  const {type, shortNames, categories, subresources} = resource
  return {
    resource: type.plural,
    responseKind: responseKind(resource),
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: shownVerbs(resource),
    ...(shortNames.length > 0 && {shortNames}),
    ...(categories.length > 0 && {categories}),
    ...(subresources.size > 0 && {
      subresources: [...subresources.values()].map((part) => subresourceOf(resource, part)),
    }),
  }
}

/** Built-in kinds leave group and version empty, meaning those around them. */
function responseKind({type, isCustom}: ServedResource): object {
  return {
    group: isCustom ? type.group : '',
    version: isCustom ? type.version : '',
    kind: type.kind,
  }
}

function subresourceOf(resource: ServedResource, part: Subresource): object {
  const {kind} = part
  const own =
    kind === undefined || kind.group === ''
      ? {...responseKind(resource), ...(kind !== undefined && {kind: kind.kind})}
      : kind
  return {subresource: part.name, responseKind: own, verbs: part.verbs}
}
