/** By which TXT records an ExternalDNS knows the records that are its own. */
import {type DnsRecord, ownersOf, type RecordOwner} from '../dns/records.ts'
import type {ExternalDns} from './configuration.ts'

/** Before 0.12 without any of these; which of them depends on the version and on the record. */
const TYPE_PREFIXES = ['', 'a-', 'aaaa-', 'cname-']

type NamingRules = Pick<ExternalDns, 'txtPrefix' | 'txtSuffix' | 'wildcardReplacement'>

/**
 * The names under which the owner of `*.<domain>` may be written down: those without any setting,
 * and those of each ExternalDNS of the cluster.
 */
function ownerTextNames(domain: string, instances: readonly NamingRules[]): Set<string> {
  const plain: NamingRules = {txtPrefix: '', txtSuffix: '', wildcardReplacement: ''}
  return new Set(
    [plain, ...instances].flatMap(({txtPrefix, txtSuffix, wildcardReplacement}) => {
      const label = wildcardReplacement || '*'
      return TYPE_PREFIXES.map((type) => {
        const named = txtPrefix.includes('%{record_type}') || txtSuffix.includes('%{record_type}')
        const fill = (text: string): string =>
          text.replaceAll('%{record_type}', type.replace(/-$/, ''))
        return `${fill(txtPrefix)}${named ? '' : type}${label}${fill(txtSuffix)}.${domain}`
      })
    }),
  )
}

/** The owners of `*.<domain>`, by the texts among the records below the domain. */
export function wildcardOwners(
  below: readonly DnsRecord[],
  domain: string,
  instances: readonly NamingRules[],
): RecordOwner[] {
  const names = ownerTextNames(domain, instances)
  return ownersOf(below.filter(({name}) => names.has(name))).filter(
    ({heritage}) => heritage === 'external-dns',
  )
}

/** Why ExternalDNS will never make a wildcard record right, and what to do about it. */
export interface OwnershipProblem {
  readonly message: string
  readonly fix: string
}

/**
 * Whether the ExternalDNS of this cluster may change the wildcard record that is there, which points
 * elsewhere; undefined if it may, or if nobody can tell.
 *
 * | owner written down          | what ExternalDNS does             | problem          |
 * |-----------------------------|-----------------------------------|------------------|
 * | one of this cluster         | changes the record                | none             |
 * | another                     | passes over it, without a word    | whose it is      |
 * | none, by a registry of TXT  | crashes, or passes over it        | nobody's         |
 * | none, encrypted or elsewhere| unknown                           | none             |
 *
 * @param current where the record points.
 */
export function ownershipProblem(
  {domain, current, resource}: {domain: string; current: string; resource: string},
  owners: readonly RecordOwner[],
  instances: readonly ExternalDns[],
): OwnershipProblem | undefined {
  const known = instances.map(({owner}) => owner)
  if (owners.some(({owner}) => known.includes(owner))) return undefined
  const [foreign] = owners
  if (foreign !== undefined) {
    return {
      message:
        `*.${domain} is owned by the external-dns owner "${foreign.owner}", ` +
        `this cluster is "${known.join('", "')}": it is skipped without a word.`,
      fix: 'Give every cluster a --txt-owner-id of its own, and remove the old TXT record.',
    }
  }
  const readable = instances.some(
    ({registry, encryptsTexts}) => registry === 'txt' && !encryptsTexts,
  )
  if (!readable) return undefined
  return {
    message:
      `*.${domain} is there already and nobody's: ${current}. ` +
      'ExternalDNS will not change it, and may crash on it.',
    fix:
      'Remove it, or let ExternalDNS have it by a TXT record: ' +
      `"heritage=external-dns,external-dns/owner=${known[0] ?? 'default'},external-dns/resource=${resource}"`,
  }
}
