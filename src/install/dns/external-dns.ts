/** The wildcard record as ExternalDNS makes it: whether it will, and what keeps it. */
import {DEPLOYMENTS} from '../../api/apps/v1.ts'
import {type ExternalDns, findExternalDns} from '../../aws/external-dns/configuration.ts'
import {externalDnsProblems} from '../../aws/external-dns/judge.ts'
import {judgeRecord, ownersOf, type RecordTarget} from '../../aws/dns/records.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import type {InstallContext, Poll} from '../step.ts'
import {requireZone} from './route53.ts'

const RESOURCE = `service/${GATEWAY.namespace}/${GATEWAY.name}`

/** Every ExternalDNS of the cluster. */
export async function listExternalDns({
  client,
}: Pick<InstallContext, 'client'>): Promise<ExternalDns[]> {
  return findExternalDns((await client.list(DEPLOYMENTS)).items)
}

/** Why no ExternalDNS of the cluster would make the records; empty if one would. */
export async function externalDnsObstacles(context: InstallContext): Promise<string[]> {
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
  context: InstallContext,
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
export async function externalDnsRecords(
  target: RecordTarget,
  context: InstallContext,
): Promise<Poll> {
  const zones = await context.aws.hostedZones()
  for (const {name: domain} of context.settings.domains) {
    const zone = await requireZone(zones, domain, context)
    const records = await zones.records(zone.id, `*.${domain}`)
    const verdict = judgeRecord(records, `*.${domain}`, target)
    if (verdict.state === 'right') continue
    if (verdict.state === 'absent') {
      return {done: false, waitingFor: `ExternalDNS to make *.${domain} in ${zone.name}`}
    }
    const owners = ownersOf(records)
    const byExternalDns = owners.filter(({heritage}) => heritage === 'external-dns')
    const known = (await listExternalDns(context)).map(({owner}) => owner)
    const foreign = byExternalDns.find(({owner}) => !known.includes(owner))
    if (foreign !== undefined) {
      throw new KntoolError(
        'KN_CONFLICT',
        `*.${domain} is owned by the external-dns owner "${foreign.owner}", this cluster is "${known.join('", "')}": it is skipped without a word.`,
        {hint: 'Give every cluster a --txt-owner-id of its own, and remove the old TXT record.'},
      )
    }
    if (byExternalDns.length === 0) {
      throw new KntoolError(
        'KN_CONFLICT',
        `*.${domain} is there already and nobody's: ${verdict.current}. ExternalDNS will not change it, and may crash on it.`,
        {
          hint: [
            `Remove it, or let ExternalDNS have it by a TXT record: "heritage=external-dns,external-dns/owner=${known[0] ?? 'default'},external-dns/resource=${RESOURCE}"`,
          ],
        },
      )
    }
    return {
      done: false,
      waitingFor: `ExternalDNS to change *.${domain}, which is ${verdict.current}`,
    }
  }
  return {done: true}
}
