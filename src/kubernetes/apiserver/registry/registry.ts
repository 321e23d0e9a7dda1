import type {ResourceRegistry, ServedGroup, ServedResource} from '../request-context.ts'

/** The {@link ResourceRegistry} of one server. */
export class Registry implements ResourceRegistry {
  readonly #resources = new Map<string, ServedResource>()
  readonly #custom = new Map<string, readonly ServedResource[]>()
  #changes = 0

  /** Serves kinds from the beginning, in the order of discovery. */
  add(resources: readonly ServedResource[]): void {
    for (const resource of resources) this.#resources.set(keyOf(resource.type), resource)
  }

  get changes(): number {
    return this.#changes
  }

  find(group: string, version: string, plural: string): ServedResource | undefined {
    return this.#resources.get(`${group}/${version}/${plural}`)
  }

  findKind(group: string, version: string, kind: string): ServedResource | undefined {
    for (const resource of this.#resources.values()) {
      const {type} = resource
      if (type.group === group && type.version === version && type.kind === kind) return resource
    }
    return undefined
  }

  all(): IterableIterator<ServedResource> {
    return this.#resources.values()
  }

  hasGroupVersion(group: string, version: string): boolean {
    for (const {type} of this.#resources.values()) {
      if (type.group === group && type.version === version) return true
    }
    return false
  }

  isBuiltinGroup(group: string): boolean {
    for (const {type, isCustom} of this.#resources.values()) {
      if (type.group === group && !isCustom) return true
    }
    return false
  }

  setCustom(definition: string, resources: readonly ServedResource[]): void {
    for (const resource of this.#custom.get(definition) ?? []) {
      this.#resources.delete(keyOf(resource.type))
    }
    if (resources.length === 0) this.#custom.delete(definition)
    else this.#custom.set(definition, resources)
    for (const resource of resources) this.#resources.set(keyOf(resource.type), resource)
    this.#changes++
  }

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
