import {builtinSchema} from '../schema/object-schema.ts'
import {builtinColumns} from '../table/builtin-columns.ts'
import {builtinKinds, type BuiltinKind} from './builtin-kinds.ts'
import {conversionOf, storedGroupVersion} from './conversions.ts'
import {selectableFieldsOf} from './selectable-fields.ts'
import type {ServedResource} from './served-resource.ts'

/** Groups before the custom ones, in the order that discovery shows. */
export interface ServedGroup {
  readonly name: string
  /** The preferred version first. */
  readonly versions: readonly string[]
  readonly isCustom: boolean
}

/**
 * Which kinds are served: the built-in ones, and those that CustomResourceDefinitions add and take
 * away while the server runs.
 */
export class Registry {
  readonly #resources = new Map<string, ServedResource>()
  readonly #custom = new Map<string, readonly ServedResource[]>()
  #changes = 0

  constructor() {
    for (const kind of builtinKinds()) {
      const resource = builtinResource(kind)
      this.#resources.set(keyOf(resource.type), resource)
    }
  }

  /** Grows with every change of what is served: caches of discovery compare it. */
  get changes(): number {
    return this.#changes
  }

  /** The resource of a path; undefined when nothing of that name is served. */
  find(group: string, version: string, plural: string): ServedResource | undefined {
    return this.#resources.get(`${group}/${version}/${plural}`)
  }

  /** The resource of an object's apiVersion and kind. */
  findKind(group: string, version: string, kind: string): ServedResource | undefined {
    for (const resource of this.#resources.values()) {
      const {type} = resource
      if (type.group === group && type.version === version && type.kind === kind) return resource
    }
    return undefined
  }

  /** Everything that is served, built-in kinds first. */
  all(): IterableIterator<ServedResource> {
    return this.#resources.values()
  }

  /** Whether any kind of the group version is served. */
  hasGroupVersion(group: string, version: string): boolean {
    for (const {type} of this.#resources.values()) {
      if (type.group === group && type.version === version) return true
    }
    return false
  }

  /** Whether the group is Kubernetes' own, in some version. */
  isBuiltinGroup(group: string): boolean {
    for (const {type, isCustom} of this.#resources.values()) {
      if (type.group === group && !isCustom) return true
    }
    return false
  }

  /** Replaces the resources that one CustomResourceDefinition makes; none takes them away. */
  setCustom(definition: string, resources: readonly ServedResource[]): void {
    for (const resource of this.#custom.get(definition) ?? []) {
      this.#resources.delete(keyOf(resource.type))
    }
    if (resources.length === 0) this.#custom.delete(definition)
    else this.#custom.set(definition, resources)
    for (const resource of resources) this.#resources.set(keyOf(resource.type), resource)
    this.#changes++
  }

  /** The groups beside the core one: built-in in table order, custom ones as discovery sorts them. */
  groups(): ServedGroup[] {
    const builtin = new Map<string, string[]>()
    const custom = new Map<string, string[]>()
    for (const {type, isCustom} of this.#resources.values()) {
      if (type.group === '') continue
      const groups = isCustom && !builtin.has(type.group) ? custom : builtin
      const versions = groups.get(type.group) ?? []
      if (!versions.includes(type.version)) versions.push(type.version)
      groups.set(type.group, versions)
    }
    const customGroups = [...custom].map(([name, versions]) => ({
      name,
      versions: versions.toSorted(compareVersions),
      isCustom: true,
    }))
    return [
      ...[...builtin].map(([name, versions]) => ({name, versions, isCustom: false})),
      ...customGroups.toSorted(
        (a, b) =>
          compareVersions(a.versions[0] ?? '', b.versions[0] ?? '') || (a.name < b.name ? -1 : 1),
      ),
    ]
  }
}

function keyOf(type: {group: string; version: string; plural: string}): string {
  return `${type.group}/${type.version}/${type.plural}`
}

/**
 * Orders versions as Kubernetes prefers them: `v2` before `v1` before `v1beta1` before `v1alpha1`,
 * anything else after them by the alphabet.
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parseVersion(left), parseVersion(right)]
  if (a === undefined || b === undefined) {
    if (a === b) return left < right ? -1 : left > right ? 1 : 0
    return a === undefined ? 1 : -1
  }
  return b.stage - a.stage || b.major - a.major || b.minor - a.minor
}

function parseVersion(text: string): {stage: number; major: number; minor: number} | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, major, stage, minor] = match
  return {
    stage: stage === undefined ? 2 : stage === 'beta' ? 1 : 0,
    major: Number(major),
    minor: Number(minor ?? 0),
  }
}

function builtinResource(row: BuiltinKind): ServedResource {
  const slash = row.groupVersion.indexOf('/')
  const group = slash < 0 ? '' : row.groupVersion.slice(0, slash)
  const version = row.groupVersion.slice(slash + 1)
  const stored = storedGroupVersion(row.groupVersion, row.kind)
  const storedGroup = stored.includes('/') ? stored.slice(0, stored.indexOf('/')) : 'core'
  const conversion = conversionOf(row.groupVersion, row.kind)
  return {
    type: {group, version, kind: row.kind, plural: row.plural, namespaced: row.namespaced},
    apiVersion: row.groupVersion,
    listKind: `${row.kind}List`,
    singular: row.kind.toLowerCase(),
    shortNames: row.shortNames,
    categories: row.categories,
    verbs: row.verbs,
    subresources: new Map(row.subresources.map((part) => [part.name, part])),
    schema: builtinSchema(row.typeId, {kind: row.kind, version}),
    strategy: row.strategy,
    columns: builtinColumns(row.kind),
    isCustom: false,
    storagePrefix: `/${storedGroup}/${row.plural}/`,
    selectableFields: selectableFieldsOf(row.groupVersion, row.kind),
    ...(conversion !== undefined && {conversion}),
    storageVersion: `${stored.includes('/') ? stored : `/${stored}`}/${row.kind}`,
  }
}
