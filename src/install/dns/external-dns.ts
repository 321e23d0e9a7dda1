/** The wildcard record as ExternalDNS makes it: whether it will, and what keeps it. */
import {DEPLOYMENTS} from '../../api/apps/v1.ts'
import {type ExternalDns, findExternalDns} from '../../aws/external-dns/configuration.ts'
import {externalDnsProblems} from '../../aws/external-dns/judge.ts'
import {type DnsRecord, judgeRecord, type RecordTarget} from '../../aws/dns/records.ts'
import {
  type OwnershipProblem,
  ownershipProblem,
  wildcardOwners,
} from '../../aws/external-dns/owner-texts.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import type {InstallContext, Poll} from '../step.ts'
import {type DnsContext, requireZone} from './route53.ts'

const RESOURCE = `service/${GATEWAY.namespace}/${GATEWAY.name}`

/** Every ExternalDNS of the cluster. */
export async function listExternalDns({
  client,
}: Pick<InstallContext, 'client'>): Promise<ExternalDns[]> {
  return findExternalDns((await client.list(DEPLOYMENTS)).items)
}

/** Why no ExternalDNS of the cluster would make the records; empty if one would. */
export async function externalDnsObstacles(context: DnsContext): Promise<string[]> {
  const all = await listExternalDns(context)
  if (all.length === 0) return ['There is no ExternalDNS in this cluster']
  const zones = await knownZones(context)
  const perInstance = all.map((dns) =>
    context.settings.domains.flatMap(({name: domain}) =>
      externalDnsProblems(dns, {domain, zone: zones.get(domain), namespace: GATEWAY.namespace}),
    ),
  )
  if (perInstance.some((problems) => problems.length === 0)) return []
  return perInstance.flat().map(({message, fix}) => `${message}: ${fix}`)
}

/** The zones of the domains, as far as AWS can be asked. */
async function knownZones(
  context: DnsContext,
): Promise<Map<string, Awaited<ReturnType<typeof requireZone>>>> {
  const known = new Map<string, Awaited<ReturnType<typeof requireZone>>>()
  try {
    const zones = await context.aws.hostedZones()
    for (const {name} of context.settings.domains) {
      known.set(name, await requireZone(zones, name, context))
    }
  } catch (error) {
    if (!(error instanceof KntoolError)) throw error
  }
  return known
}

/**
 * Whether ExternalDNS has made the records, by what Route 53 has.
 *
 * Throws `KN_CONFLICT` for what ExternalDNS itself passes over in silence or crashes on.
 */
export async function externalDnsRecords(target: RecordTarget, context: DnsContext): Promise<Poll> {
  const zones = await context.aws.hostedZones()
  for (const {name: domain} of context.settings.domains) {
    const zone = await requireZone(zones, domain, context)
    const below = await zones.recordsBelow(zone.id, domain)
    const verdict = judgeRecord(below, `*.${domain}`, target)
    if (verdict.state === 'right') continue
    if (verdict.state === 'absent') {
      return {done: false, waitingFor: `ExternalDNS to make *.${domain} in ${zone.name}`}
    }
    const problem = ownerProblem(domain, verdict.current, below, await listExternalDns(context))
    if (problem !== undefined) {
      throw new KntoolError('KN_CONFLICT', problem.message, {hint: problem.fix})
    }
    return {
      done: false,
      waitingFor: `ExternalDNS to change *.${domain}, which is ${verdict.current}`,
    }
  }
  return {done: true}
}

/** Why the ExternalDNS of this cluster will leave a wildcard record as it is; undefined if it won't. */
export function ownerProblem(
  domain: string,
  current: string,
  below: readonly DnsRecord[],
  instances: readonly ExternalDns[],
): OwnershipProblem | undefined {
  const owners = wildcardOwners(below, domain, instances)
  return ownershipProblem({domain, current, resource: RESOURCE}, owners, instances)
}
