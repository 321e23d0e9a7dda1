/** The records that ExternalDNS made: whether it takes them away again. */
import type {HostedZoneApi} from '../../aws/aws-access.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {listExternalDns} from '../dns/external-dns.ts'
import {requireZone} from '../dns/route53.ts'
import {wildcards} from '../settings.ts'
import type {InstallContext, Poll, Step} from '../step.ts'

const ADDRESSES = ['A', 'AAAA', 'CNAME']

/** Waits until ExternalDNS has deleted the wildcard records, if it ever does. */
export const recordsGoneStep: Step = {
  id: 'records',
  title: 'Records of ExternalDNS',
  timeout: 'dnsMs',
  pollMs: 5000,
  hint: ['kubectl logs -A -l app.kubernetes.io/name=external-dns --tail=20'],
  async check(context) {
    const why = await keptBecause(context)
    if (why === undefined) return {state: 'done'}
    context.note({
      left: wildcards(context.settings).map((name) => `the DNS record ${name}: ${why}`),
    })
    return {state: 'skipped', reason: why}
  },
  plan: async () => ({
    changes: [
      {
        action: 'call',
        object: 'route53:ListResourceRecordSets',
        detail: 'reads only, until ExternalDNS has deleted the records',
      },
    ],
  }),
  apply: async () => undefined,
  async observe(context) {
    try {
      return await recordsGone(await context.aws.hostedZones(), context)
    } catch (error) {
      if (!(error instanceof KntoolError)) throw error
      context.note({warnings: [`The records are not verified at Route 53: ${error.message}`]})
      return {done: true}
    }
  },
}

/** Why no ExternalDNS deletes the records; undefined if one does. */
async function keptBecause(context: InstallContext): Promise<string | undefined> {
  const all = await listExternalDns(context)
  if (all.length === 0) return 'there is no ExternalDNS in this cluster to delete it'
  if (all.some(({policy}) => policy === 'sync')) return undefined
  const [first] = all
  return `${first?.name} has --policy=${first?.policy}: it never deletes a record`
}

async function recordsGone(zones: HostedZoneApi, context: InstallContext): Promise<Poll> {
  for (const {name: domain} of context.settings.domains) {
    const zone = await requireZone(zones, domain, context)
    const records = await zones.records(zone.id, `*.${domain}`)
    if (!records.some(({type}) => ADDRESSES.includes(type))) continue
    return {done: false, waitingFor: `ExternalDNS to delete *.${domain} in ${zone.name}`}
  }
  return {done: true}
}
