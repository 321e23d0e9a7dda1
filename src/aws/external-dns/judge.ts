/** Why an ExternalDNS would not make the wildcard record. It hardly ever says so itself. */
import type {HostedZone} from '../dns/zones.ts'
import type {ExternalDns} from './configuration.ts'
import {compileRegExp} from '../../util/regexp/linear-regexp.ts'

/** Something that keeps ExternalDNS from making the record. */
export interface ExternalDnsProblem {
  readonly message: string
  /** What to change. */
  readonly fix: string
}

/** The record it has to make. */
export interface WantedRecord {
  readonly domain: string
  /** The zone that holds the domain; undefined where AWS could not be asked. */
  readonly zone?: HostedZone | undefined
  readonly namespace: string
}

const OLD_PREFIX = 'external-dns.alpha.kubernetes.io/'

/** Everything in its configuration that hides the Service or the zone from it. */
export function externalDnsProblems(dns: ExternalDns, wanted: WantedRecord): ExternalDnsProblem[] {
  const problems: ExternalDnsProblem[] = []
  const add = (message: string, fix: string): void => {
    problems.push({message: `ExternalDNS ${dns.name} ${message}`, fix})
  }
  if (!dns.sources.includes('service')) {
    add(`looks at ${dns.sources.join(', ') || 'nothing'}, not at Services`, 'add --source=service')
  }
  if (dns.watchedNamespace !== '' && dns.watchedNamespace !== wanted.namespace) {
    add(
      `looks at the namespace ${dns.watchedNamespace} only`,
      `drop --namespace, or set it to ${wanted.namespace}`,
    )
  }
  if (dns.annotationFilter !== '') {
    add(
      `only takes objects with --annotation-filter=${dns.annotationFilter}`,
      'drop the filter, or add the annotation to the Service',
    )
  }
  if (dns.labelFilter !== '') {
    add(
      `only takes objects with --label-filter=${dns.labelFilter}`,
      'drop the filter, or add the label to the Service',
    )
  }
  if (dns.serviceTypes.length > 0 && !dns.serviceTypes.includes('LoadBalancer')) {
    add(
      `only takes Services of type ${dns.serviceTypes.join(', ')}`,
      'add --service-type-filter=LoadBalancer',
    )
  }
  problems.push(...zoneProblems(dns, wanted))
  return problems
}

function zoneProblems(dns: ExternalDns, {domain, zone}: WantedRecord): ExternalDnsProblem[] {
  const problems: ExternalDnsProblem[] = []
  const name = zone?.name ?? domain
  const add = (message: string, fix: string): void => {
    problems.push({message: `ExternalDNS ${dns.name} ${message}`, fix})
  }
  // The filter is about the names of zones: it has to be an end of them.
  const fits = dns.domainFilters.some((filter) => endsIn(name, filter))
  const parentFits =
    dns.matchesParentZones && dns.domainFilters.some((filter) => endsIn(filter, name))
  if (dns.domainFilters.length > 0 && !fits && !parentFits) {
    const filters = dns.domainFilters.map((filter) => `--domain-filter=${filter}`).join(' ')
    add(
      zone === undefined
        ? `with ${filters} does not see a zone for ${domain}`
        : `with ${filters} does not see the zone ${zone.name}: the filter has to be an end of the zone's name`,
      `--domain-filter=${name}`,
    )
  }
  if (dns.excludedDomains.some((excluded) => endsIn(domain, excluded))) {
    add(`excludes ${domain}`, 'drop it from --exclude-domains')
  }
  if (dns.regexDomainFilter !== undefined && !matches(dns.regexDomainFilter, domain)) {
    add(`only takes names that match ${dns.regexDomainFilter}`, 'widen --regex-domain-filter')
  }
  if (zone !== undefined && dns.zoneIdFilters.length > 0) {
    const seen = dns.zoneIdFilters.some((id) => id.replace(/^\/?hostedzone\//, '') === zone.id)
    if (!seen) add(`does not see the zone ${zone.id}`, `add --zone-id-filter=${zone.id}`)
  }
  const type = zone === undefined ? '' : zone.private ? 'private' : 'public'
  if (type !== '' && dns.zoneType !== '' && dns.zoneType !== type) {
    add(
      `looks at ${dns.zoneType} zones only; ${zone?.name} is ${type}`,
      `set --aws-zone-type=${type}`,
    )
  }
  return problems
}

/** What is odd about several of them, or about one's way to leave things behind. */
export function externalDnsWarnings(all: readonly ExternalDns[]): string[] {
  const owners = new Map<string, string[]>()
  for (const {owner, name} of all) owners.set(owner, [...(owners.get(owner) ?? []), name])
  const shared = [...owners].filter(([, names]) => names.length > 1)
  return [
    ...shared.map(
      ([owner, names]) => `${names.join(' and ')} have the same --txt-owner-id ${owner}.`,
    ),
    ...all
      .filter(({owner}) => owner === 'default')
      .map(
        ({name}) =>
          `${name} has the preset --txt-owner-id "default": two clusters with it fight over records.`,
      ),
    ...all
      .filter(({policy}) => policy !== 'sync')
      .map(({name, policy}) => `${name} has --policy=${policy}: it never deletes a record.`),
    ...all
      .filter(
        ({prefersCname, txtPrefix, registry}) => prefersCname && !txtPrefix && registry === 'txt',
      )
      .map(
        ({name}) =>
          `${name} has --aws-prefer-cname without --txt-prefix: a CNAME and a TXT cannot share a name.`,
      ),
  ]
}

/** The prefixes of annotations that this ExternalDNS reads, as far as its version tells. */
export function readPrefix({annotationPrefix, version}: ExternalDns): string | undefined {
  if (annotationPrefix !== undefined) return annotationPrefix
  const minor = /^0\.(\d+)\./.exec(version ?? '')?.[1]
  if (minor === undefined) return undefined
  return Number(minor) >= 22 ? 'external-dns.kubernetes.io/' : OLD_PREFIX
}

function endsIn(name: string, end: string): boolean {
  const plain = end.toLowerCase().replace(/^\./, '').replace(/\.$/, '')
  return name === plain || name.endsWith(`.${plain}`)
}

function matches(pattern: string, text: string): boolean {
  try {
    return compileRegExp(pattern).test(text)
  } catch {
    return true
  }
}
