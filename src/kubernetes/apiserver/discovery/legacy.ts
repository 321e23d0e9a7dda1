import {createHash} from 'node:crypto'
import {shownVerbs} from '../registry/terminating.ts'
import type {ResourceRegistry, ServedGroup, ServedResource} from '../request-context.ts'

/** `/api`: the versions of the core group. */
export function apiVersions(host: string | undefined): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{clientCIDR: '0.0.0.0/0', serverAddress: host ?? '127.0.0.1'}],
  }
}

/** `/apis`: all named groups. */
export function apiGroupList(registry: ResourceRegistry): unknown {
  return {kind: 'APIGroupList', apiVersion: 'v1', groups: registry.groups().map(groupOf)}
}

/** `/apis/<group>`; undefined when it is not served. */
export function apiGroup(registry: ResourceRegistry, name: string): unknown {
  const group = registry.groups().find((candidate) => candidate.name === name)
  return group && {kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group)}
}

function groupOf({name, versions}: ServedGroup): object {
  const entries = versions.map((version) => ({groupVersion: `${name}/${version}`, version}))
  return {name, versions: entries, preferredVersion: entries[0]}
}

/** `/apis/<group>/<version>`: its kinds; undefined when it is not served. */
export function apiResourceList(
  registry: ResourceRegistry,
  group: string,
  version: string,
): unknown {
  const resources = [...registry.all()].filter(
    ({type}) => type.group === group && type.version === version,
  )
  if (resources.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    ...(group !== '' && {apiVersion: 'v1'}),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: resources.flatMap(entriesOf),
  }
}

function entriesOf(resource: ServedResource): object[] {
  const {type, shortNames, categories, verbs} = resource
  const {plural, namespaced, kind} = type
  const isStored = verbs.includes('list') && verbs.includes('create')
  return [
    {
      name: plural,
      singularName: resource.singular,
      namespaced,
      kind,
      verbs: shownVerbs(resource),
      ...(shortNames.length > 0 && {shortNames}),
      ...(categories.length > 0 && {categories}),
      ...(isStored && {storageVersionHash: storageVersionHash(resource)}),
    },
    ...[...resource.subresources.values()].map((part) => ({
      name: `${plural}/${part.name}`,
      singularName: '',
      namespaced,
      ...(part.kind !== undefined &&
        part.kind.group !== '' &&
        part.kind.group !== type.group && {group: part.kind.group, version: part.kind.version}),
      kind: part.kind?.kind ?? kind,
      verbs: part.verbs,
    })),
  ]
}

/** How clients see that a kind began to be stored as another version. */
function storageVersionHash({storageVersion}: ServedResource): string {
  return createHash('sha256').update(storageVersion).digest().subarray(0, 8).toString('base64')
}
