/** Whether the names of services lead to the gateway. */
import type {CoreService} from '../../api/core/v1.ts'
import {HOSTNAME_ANNOTATIONS} from '../../aws/external-dns/annotations.ts'
import {type ExternalDns, findExternalDns} from '../../aws/external-dns/configuration.ts'
import {externalDnsWarnings, readPrefix} from '../../aws/external-dns/judge.ts'
import {describeRecord, type DnsRecord} from '../../aws/dns/records.ts'
import type {HostedZone} from '../../aws/dns/zones.ts'
import {externalDnsObstacles, ownerProblem} from '../../install/dns/external-dns.ts'
import {
  type DomainRecords,
  foreignRecord,
  readRecords,
  recordTarget,
} from '../../install/dns/route53.ts'
import {defaultDomain, type DnsMode} from '../../install/settings.ts'
import {type Check, defineCheck, failed, ok, type Verdict, warned} from '../check.ts'
import type {Patient} from '../patient.ts'
import {dnsContext, readZone} from '../read-zone.ts'

/** Whether ExternalDNS would make the record, by what it is told to look at. */
function judgeScope(obstacles: readonly string[]): Verdict {
  const [first] = obstacles
  if (first === undefined) return ok()
  return failed({
    message: `${first}.`,
    evidence: obstacles,
    hint: 'Or have kntool make the record: --dns route53; or make it yourself: --dns none',
    command: 'kubectl get deployments -A -l app.kubernetes.io/name=external-dns -o yaml',
    code: 'KN_NOT_READY',
  })
}

/** What is odd about the ExternalDNS of the cluster. */
export function judgeExternalDns({
  instances,
  service,
}: {
  instances: readonly ExternalDns[]
  service: CoreService | undefined
}): Verdict {
  const unread = instances.find((dns) => {
    const prefix = readPrefix(dns)
    if (service === undefined || prefix === undefined) return false
    const written = HOSTNAME_ANNOTATIONS.filter((key) => service.metadata.annotations?.[key])
    return written.length > 0 && !written.some((key) => key.startsWith(prefix))
  })
  if (unread !== undefined) {
    return failed({
      message: `ExternalDNS ${unread.name} ${unread.version ?? ''} reads ${readPrefix(unread)}hostname; the Service of the gateway has another.`,
      hint: 'kntool writes both annotations.',
      command: 'kntool install --domain DOMAIN',
    })
  }
  const warnings = externalDnsWarnings(instances)
  const [first] = warnings
  if (first === undefined)
    return ok(...instances.map(({name, version = ''}) => `${name} ${version}`))
  return warned({message: first, evidence: warnings})
}

/** A zone and whether the internet asks its name servers. */
export interface Delegation {
  readonly zone: HostedZone
  /** Of the zone. */
  readonly own: readonly string[]
  /** That the domain above names. */
  readonly delegated: readonly string[]
}

/** Whether the records of a zone are seen by anybody. */
export function judgeDelegation({zone, own, delegated}: Delegation): Verdict {
  if (zone.private) return ok(`${zone.name} (${zone.id}) is private`)
  const plain = delegated.map((name) => name.toLowerCase().replace(/\.$/, ''))
  const evidence = [`zone ${zone.id}: ${own.join(' ')}`, `internet: ${plain.join(' ') || 'none'}`]
  if (plain.some((name) => own.includes(name))) return ok(...evidence)
  if (plain.length === 0) {
    return warned({
      message: `No name server of ${zone.name} is known on the internet: the records of the zone ${zone.id} are not seen.`,
      evidence,
      hint: `At the registrar, or in the zone above, name the servers: ${own.join(' ')}`,
      command: `dig +short NS ${zone.name}`,
    })
  }
  return failed({
    message: `The zone ${zone.name} (${zone.id}) exists, but the internet asks other name servers: ${plain.join(' ')}.`,
    // Resolvers of companies answer otherwise than the internet does.
    stopsInstall: false,
    evidence,
    hint: `At the registrar, or in the zone above, name the servers: ${own.join(' ')}`,
    command: `dig +short NS ${zone.name}`,
  })
}

/** The wildcard record of a domain, and whose it is. */
export interface WildcardRecord {
  readonly dns: DnsMode
  readonly records: DomainRecords
  readonly below: readonly DnsRecord[]
  readonly instances: readonly ExternalDns[]
  /** Where it has to point; undefined while the gateway has no address. */
  readonly hostname: string | undefined
}

/** Whether whoever makes the record may change the one that is there. */
export function judgeOwner({dns, records, below, instances}: WildcardRecord): Verdict {
  const {domain, zone, verdict} = records
  if (verdict.state === 'absent') return ok(`*.${domain} is free`)
  if (verdict.state === 'right') return ok(`*.${domain} points to the gateway`)
  const remove = `aws route53 list-resource-record-sets --hosted-zone-id ${zone.id} --query "ResourceRecordSets[?contains(Name,'${domain}')]"`
  if (dns === 'route53') {
    const foreign = foreignRecord(records)
    if (foreign === undefined) return ok(`*.${domain} is kntool's: ${verdict.current}`)
    const [hint] = foreign.hints
    return failed({
      message: foreign.message,
      ...(hint !== undefined && {hint}),
      command: remove,
      code: 'KN_CONFLICT',
    })
  }
  const problem = ownerProblem(domain, verdict.current, below, instances)
  if (problem === undefined) return ok(`*.${domain} is ExternalDNS's: ${verdict.current}`)
  return failed({message: problem.message, hint: problem.fix, command: remove, code: 'KN_CONFLICT'})
}

/** Whether the record points to the load balancer there is. */
export function judgeTarget({dns, records, hostname, instances}: WildcardRecord): Verdict {
  const {domain, zone, verdict} = records
  const found = records.records
    .filter(({type}) => type !== 'TXT')
    .map((record) => `${record.name} ${describeRecord(record)}`)
  switch (verdict.state) {
    case 'right':
      return ok(...found)
    case 'absent':
      return failed({
        message: `There is no record *.${domain} in the zone ${zone.name} (${zone.id}).`,
        ...(dns === 'external-dns'
          ? {
              hint: `ExternalDNS looks every ${instances[0]?.intervalText ?? '1m'}; then: kntool doctor --only external-dns-scope`,
              command: 'kubectl logs -A -l app.kubernetes.io/name=external-dns --tail=20',
            }
          : {command: `kntool install --domain ${domain} --dns route53`}),
      })
    case 'elsewhere':
    case 'routed':
      return failed({
        message: `*.${domain} is ${verdict.current}; the gateway is at ${hostname}.`,
        evidence: found,
        hint: 'The load balancer was made anew, or the record is of another installation.',
        command: 'kntool doctor --only record-owner',
      })
  }
}

function readWildcard(patient: Patient): Promise<WildcardRecord> {
  const {readings, aws, settings} = patient
  const domain = defaultDomain(settings)
  return readings.once('wildcard record', async () => {
    const context = dnsContext(patient)
    const zone = await readZone(patient)
    const target = await recordTarget(context)
    const only = {
      ...context,
      settings: {...settings, domains: settings.domains.filter(({name}) => name === domain)},
    }
    const elsewhere = {hostname: '', dualstack: false}
    const zones = await aws.hostedZones()
    const [[found], below] = await Promise.all([
      readRecords(target ?? elsewhere, only),
      zones.recordsBelow(zone.id, domain),
    ])
    const none = {domain, zone, records: [], ours: false, verdict: {state: 'absent'}} as const
    return {
      dns: settings.dns,
      records: found ?? none,
      below,
      instances: findExternalDns(await readings.deployments()),
      hostname: target?.hostname,
    }
  })
}

const RECORD_READS = [
  'route53:ListHostedZonesByName',
  'route53:ListResourceRecordSets',
  'elasticloadbalancing:DescribeLoadBalancers',
]

export const DNS_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'external-dns-scope',
    category: 'dns',
    title: 'ExternalDNS sees the gateway and the zone',
    reads: ['deployments.apps', 'route53:ListHostedZonesByName'],
    beforeInstall: true,
    needs: ['real-cluster', 'record', 'external-dns', 'domain'],
    read: (patient) => externalDnsObstacles(dnsContext(patient)),
    judge: judgeScope,
  }),
  defineCheck({
    id: 'external-dns',
    category: 'dns',
    title: 'ExternalDNS is set up without traps',
    reads: ['deployments.apps', 'services'],
    needs: ['real-cluster', 'external-dns'],
    read: async ({readings}) => ({
      instances: findExternalDns(await readings.deployments()),
      service: await readings.gateway(),
    }),
    judge: judgeExternalDns,
  }),
  defineCheck({
    id: 'hosted-zone',
    category: 'dns',
    title: 'A hosted zone holds the domain, and the internet asks it',
    reads: ['route53:ListHostedZonesByName', 'route53:GetHostedZone', 'NS of the zone'],
    beforeInstall: true,
    needs: ['aws', 'record', 'domain'],
    read: async (patient): Promise<Delegation> => {
      const zone = await readZone(patient)
      const zones = await patient.aws.hostedZones()
      if (zone.private) return {zone, own: [], delegated: []}
      const [own, delegated] = await Promise.all([
        zones.nameServers(zone.id),
        patient.dns.nameServers(zone.name),
      ])
      return {zone, own, delegated}
    },
    judge: judgeDelegation,
  }),
  defineCheck({
    id: 'record-owner',
    category: 'dns',
    title: 'Nobody else owns the wildcard record',
    reads: RECORD_READS,
    beforeInstall: true,
    needs: ['aws', 'record', 'domain', 'zone'],
    read: readWildcard,
    judge: judgeOwner,
  }),
  defineCheck({
    id: 'record',
    category: 'dns',
    title: 'The wildcard record points to the load balancer',
    reads: RECORD_READS,
    needs: ['aws', 'record', 'domain', 'zone', 'address'],
    read: readWildcard,
    judge: judgeTarget,
  }),
]
