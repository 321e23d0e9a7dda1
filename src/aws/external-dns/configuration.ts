/** How an ExternalDNS in the cluster is set up, read off its Deployment. */
import type {Deployment} from '../../api/apps/v1.ts'

/** What of its flags decides whether it makes our record. */
export interface ExternalDns {
  /** `kube-system/external-dns`. */
  readonly name: string
  readonly namespace: string
  /** By its image: `0.13.6`; undefined for tags that are no versions. */
  readonly version?: string
  readonly sources: readonly string[]
  readonly provider: string
  /** `sync`, `upsert-only`, `create-only`. */
  readonly policy: string
  readonly domainFilters: readonly string[]
  readonly excludedDomains: readonly string[]
  readonly regexDomainFilter?: string
  readonly zoneIdFilters: readonly string[]
  /** `public`, `private` or empty for both. */
  readonly zoneType: string
  readonly matchesParentZones: boolean
  readonly prefersCname: boolean
  readonly owner: string
  readonly registry: string
  readonly txtPrefix: string
  readonly txtSuffix: string
  /** What stands for the `*` of wildcards in the names of its texts; empty if it stays. */
  readonly wildcardReplacement: string
  /** Whether nobody but itself can read its texts. */
  readonly encryptsTexts: boolean
  readonly annotationPrefix?: string
  readonly watchedNamespace: string
  readonly annotationFilter: string
  readonly labelFilter: string
  readonly serviceTypes: readonly string[]
  readonly intervalText: string
}

/** Whether an image is that of ExternalDNS, of whatever registry. */
export function isExternalDnsImage(image: string): boolean {
  return /(^|\/)external-dns(:|@|$)/.test(image)
}

/** Every ExternalDNS among Deployments, by the name of its image. */
export function findExternalDns(deployments: readonly Deployment[]): ExternalDns[] {
  return deployments.flatMap((deployment) => {
    const container = deployment.spec.template.spec.containers.find(({image = ''}) =>
      isExternalDnsImage(image),
    )
    if (container === undefined) return []
    const {name, namespace = 'default'} = deployment.metadata
    const words = [...(container.command ?? []).slice(1), ...(container.args ?? [])]
    return [configuration({name, namespace, image: container.image ?? '', words})]
  })
}

function configuration(given: {
  name: string
  namespace: string
  image: string
  words: readonly string[]
}): ExternalDns {
  const flags = readFlags(given.words)
  const all = (flag: string): string[] => flags.get(flag) ?? []
  const last = (flag: string, preset: string): string => all(flag).at(-1) ?? preset
  const isSet = (flag: string): boolean => all(flag).some((value) => value !== 'false')
  const version = /:v?(\d+\.\d+\.\d+)/.exec(given.image)?.[1]
  const regexDomainFilter = all('regex-domain-filter').at(-1)
  const annotationPrefix = all('annotation-prefix').at(-1)
  return {
    name: `${given.namespace}/${given.name}`,
    namespace: given.namespace,
    ...(version !== undefined && {version}),
    sources: all('source'),
    provider: last('provider', ''),
    policy: last('policy', 'sync'),
    domainFilters: all('domain-filter').filter((value) => value !== ''),
    excludedDomains: all('exclude-domains').filter((value) => value !== ''),
    ...(regexDomainFilter !== undefined && {regexDomainFilter}),
    zoneIdFilters: all('zone-id-filter').filter((value) => value !== ''),
    zoneType: last('aws-zone-type', ''),
    matchesParentZones: isSet('aws-zone-match-parent'),
    prefersCname: isSet('aws-prefer-cname'),
    owner: last('txt-owner-id', 'default'),
    registry: last('registry', 'txt'),
    txtPrefix: last('txt-prefix', ''),
    txtSuffix: last('txt-suffix', ''),
    wildcardReplacement: last('txt-wildcard-replacement', ''),
    encryptsTexts: isSet('txt-encrypt-enabled'),
    ...(annotationPrefix !== undefined && {annotationPrefix}),
    watchedNamespace: last('namespace', ''),
    annotationFilter: last('annotation-filter', ''),
    labelFilter: last('label-filter', ''),
    serviceTypes: all('service-type-filter'),
    intervalText: last('interval', '1m'),
  }
}

// `--flag=value`, `--flag value` and `--flag` alone; a word that begins with a dash is no value.
function readFlags(words: readonly string[]): Map<string, string[]> {
  const flags = new Map<string, string[]>()
  for (const [index, word] of words.entries()) {
    const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(word)
    if (match === null) continue
    const [, name = '', value] = match
    const next = words[index + 1]
    const separate = next !== undefined && !next.startsWith('-') ? next : ''
    flags.set(name, [...(flags.get(name) ?? []), value ?? separate])
  }
  return flags
}
