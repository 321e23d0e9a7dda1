/** The wildcard records in Route 53: what is there, and what kntool does about it. */
import {CORE_SERVICES, NAMESPACES} from '../../api/core/v1.ts'
import type {HostedZoneApi} from '../../aws/aws-access.ts'
import type {RecordChange} from '../../aws/dns/hosted-zones.ts'
import {
  describeRecord,
  type DnsRecord,
  judgeRecord,
  ownerRecord,
  ownerRecordName,
  ownersOf,
  type RecordTarget,
  type RecordVerdict,
  wildcardRecords,
} from '../../aws/dns/records.ts'
import {chooseZone, type HostedZone} from '../../aws/dns/zones.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {gatewayAddress} from '../gateway/find-gateway.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import type {InstallContext} from '../step.ts'

/** What looking at records needs. */
export type DnsContext = Pick<InstallContext, 'client' | 'aws' | 'settings'>

/** How things stand for one domain. */
export interface DomainRecords {
  readonly domain: string
  readonly zone: HostedZone
  readonly records: readonly DnsRecord[]
  readonly verdict: RecordVerdict
  /** Whether a text beside the record says that it is of this installation. */
  readonly ours: boolean
}

/** Where the records have to point; undefined while the gateway has no address. */
export async function recordTarget(context: DnsContext): Promise<RecordTarget | undefined> {
  const service = await context.client.find(CORE_SERVICES, GATEWAY)
  const hostname = gatewayAddress(service)
  if (hostname === undefined) return undefined
  const elb = await context.aws.loadBalancers()
  const balancer = await elb.findByHostname(hostname)
  return {
    hostname,
    dualstack: balancer?.ipAddressType === 'dualstack',
    ...(balancer !== undefined && {hostedZoneId: balancer.hostedZoneId}),
  }
}

/** The zone for a domain. Throws `KN_NOT_FOUND` or, if several would do, `KN_USAGE`. */
export async function requireZone(
  zones: Pick<HostedZoneApi, 'candidates'>,
  domain: string,
  {settings}: Pick<InstallContext, 'settings'>,
): Promise<HostedZone> {
  const {hostedZone, loadBalancer} = settings
  const choice = chooseZone(await zones.candidates(domain, hostedZone), {
    domain,
    hostedZone,
    scheme: loadBalancer.kind === 'nlb' ? loadBalancer.nlb.scheme : 'internet-facing',
  })
  if ('zone' in choice) return choice.zone
  const several = /^(There are|\d+ zones)/.test(choice.problem)
  throw new KntoolError(several ? 'KN_USAGE' : 'KN_NOT_FOUND', choice.problem, {hint: choice.hint})
}

/** Reads the records of every domain. */
export async function readRecords(
  target: RecordTarget,
  context: DnsContext,
): Promise<DomainRecords[]> {
  const zones = await context.aws.hostedZones()
  const cluster = await clusterId(context)
  return Promise.all(
    context.settings.domains.map(async ({name: domain}) => {
      const zone = await requireZone(zones, domain, context)
      const [records, owner] = await Promise.all([
        zones.records(zone.id, `*.${domain}`),
        zones.records(zone.id, ownerRecordName(domain)),
      ])
      const ours = ownersOf(owner).some(
        (found) => found.heritage === 'kntool' && found.owner === cluster,
      )
      return {domain, zone, records, ours, verdict: judgeRecord(records, `*.${domain}`, target)}
    }),
  )
}

/**
 * The changes that make a domain's record right.
 *
 * | record            | ours | changes                                         |
 * |-------------------|------|-------------------------------------------------|
 * | right             | no   | none                                            |
 * | right             | yes  | that of IPv6, where the load balancer has it now |
 * | absent            | –    | the record and the text that says whose it is   |
 * | elsewhere         | yes  | the same, over the old                          |
 * | elsewhere, routed | no   | `KN_CONFLICT`                                   |
 *
 * Throws `KN_CONFLICT` for a record somebody else made.
 */
export function recordChanges(
  {domain, zone, records, verdict, ours}: DomainRecords,
  target: RecordTarget & {readonly hostedZoneId: string},
  cluster: string,
): RecordChange[] {
  const addresses = wildcardRecords(domain, target)
  if (verdict.state === 'right') {
    // A CNAME leads to the addresses of both families.
    const isComplete = !ours || records.some(({type}) => type === 'CNAME')
    const missing = isComplete ? [] : addresses.filter(({type}) => !hasType(records, type))
    return missing.map((record) => ({action: 'UPSERT', record}))
  }
  const foreign = foreignRecord({domain, zone, records, verdict, ours})
  if (foreign !== undefined) throw foreign
  const wanted = [...addresses, ownerRecord(domain, cluster)]
  // A CNAME and an address cannot be there at once.
  const obsolete = records.filter(({type}) => ours && type === 'CNAME')
  return [
    ...obsolete.map((record): RecordChange => ({action: 'DELETE', record})),
    ...wanted.map((record): RecordChange => ({action: 'UPSERT', record})),
  ]
}

function hasType(records: readonly DnsRecord[], wanted: string): boolean {
  return records.some(({type}) => type === wanted)
}

/** The error for a record that somebody else made; undefined where there is none. */
export function foreignRecord({
  domain,
  zone,
  records,
  verdict,
  ours,
}: DomainRecords): KntoolError | undefined {
  if (verdict.state === 'right' || verdict.state === 'absent') return undefined
  if (verdict.state === 'elsewhere' && ours) return undefined
  const [owner] = ownersOf(records)
  const whose = owner === undefined ? '' : `, owned by ${owner.heritage} "${owner.owner}"`
  return new KntoolError(
    'KN_CONFLICT',
    `*.${domain} exists in the zone ${zone.name} (${zone.id}) and is not kntool's: ${verdict.current}${whose}.`,
    {
      hint: [
        'Remove it, if nobody needs it, and run install again.',
        'Or leave the record to its owner: --dns none',
      ],
      details: {name: `*.${domain}`, zone: zone.id, current: verdict.current},
    },
  )
}

/** The changes that take kntool's own records of a domain away; none for those of others. */
export function removalChanges(
  {records, ours}: Pick<DomainRecords, 'records' | 'ours'>,
  ownerRecords: readonly DnsRecord[],
): RecordChange[] {
  if (!ours) return []
  const addresses = records.filter(({type}) => ['A', 'AAAA', 'CNAME'].includes(type))
  const texts = ownerRecords.filter(({type}) => type === 'TXT')
  return [...addresses, ...texts].map((record) => ({action: 'DELETE', record}))
}

/** What tells this cluster from others: the uid of its oldest namespace. */
export async function clusterId({client}: Pick<InstallContext, 'client'>): Promise<string> {
  const namespace = await client.find(NAMESPACES, {name: 'kube-system'})
  return namespace?.metadata.uid ?? 'unknown'
}

/** `UPSERT *.knative.example.com A alias to lb…` */
export function describeChange({action, record}: RecordChange): string {
  return `${action} ${record.name} ${describeRecord(record)}`
}
