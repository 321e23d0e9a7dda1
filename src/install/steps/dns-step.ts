import {KntoolError} from '../../errors/kntool-error.ts'
import {externalDnsObstacles, externalDnsRecords} from '../dns/external-dns.ts'
import {
  clusterId,
  describeChange,
  readRecords,
  recordChanges,
  recordTarget,
} from '../dns/route53.ts'
import {undoRecords} from '../dns/undo-records.ts'
import {wildcards} from '../settings.ts'
import type {InstallContext, PlannedChange, Poll, Step} from '../step.ts'
import {waitUntil} from '../wait-until.ts'

const IN_SYNC_POLL_MS = 3000
/** A name that is nobody's Service, so that only the wildcard can answer for it. */
const PROBE_LABEL = 'kntool-probe'

const READS = [
  call('ListHostedZonesByName', 'reads only'),
  call('ListResourceRecordSets', 'reads only'),
]
const IN_SYNC = call('GetChange', 'reads only, until all name servers know it')

/** Brings the wildcard records about, or sees that they come, until this machine resolves them. */
export const dnsStep: Step = {
  id: 'dns',
  title: 'Wildcard DNS record',
  timeout: 'dnsMs',
  pollMs: 5000,
  hint: [
    'kntool doctor --only dns',
    'kubectl logs -A -l app.kubernetes.io/name=external-dns --tail=20',
  ],
  async check({target, settings}) {
    if (target === 'embedded') {
      return {
        state: 'skipped',
        reason: 'no Route 53 here: kntool curl finds the gateway without DNS',
      }
    }
    if (settings.loadBalancer.kind === 'none') {
      return {state: 'skipped', reason: 'there is no load balancer to point to'}
    }
    if (settings.dns === 'none') {
      const names = wildcards(settings).join(', ')
      return {state: 'skipped', reason: `--dns none: point ${names} to the load balancer yourself`}
    }
    if (!settings.wait) return {state: 'skipped', reason: '--no-wait'}
    return {state: settings.dns === 'route53' ? 'needed' : 'done'}
  },
  async plan(context) {
    if (context.settings.dns === 'external-dns') {
      return {changes: READS, warnings: await externalDnsObstacles(context)}
    }
    const target = await recordTarget(context)
    if (target?.hostedZoneId === undefined) {
      return {
        changes: [
          ...READS,
          ...wildcards(context.settings).map((name) =>
            call(
              'ChangeResourceRecordSets',
              `UPSERT ${name} A alias to the load balancer, once it is there`,
            ),
          ),
          IN_SYNC,
        ],
      }
    }
    const known = {...target, hostedZoneId: target.hostedZoneId}
    const cluster = await clusterId(context)
    const all = await readRecords(target, context)
    const writes = all.flatMap((records) =>
      recordChanges(records, known, cluster).map((change) =>
        call('ChangeResourceRecordSets', `zone ${records.zone.id}: ${describeChange(change)}`),
      ),
    )
    return {changes: [...READS, ...writes, ...(writes.length > 0 ? [IN_SYNC] : [])]}
  },
  async apply(context) {
    const target = await recordTarget(context)
    if (target?.hostedZoneId === undefined) {
      throw new KntoolError(
        'KN_NOT_READY',
        `AWS knows no load balancer ${target?.hostname ?? 'of the gateway'} to point to.`,
        {hint: 'Is it in another account or region? --profile, --region'},
      )
    }
    const known = {...target, hostedZoneId: target.hostedZoneId}
    const cluster = await clusterId(context)
    for (const records of await readRecords(target, context)) {
      const changes = recordChanges(records, known, cluster)
      if (changes.length === 0) continue
      const zones = await context.aws.hostedZones()
      for (const change of changes) context.progress(describeChange(change))
      const id = await zones.change(records.zone.id, 'kntool install', changes)
      await waitUntil(
        async () =>
          (await zones.isInSync(id))
            ? {done: true}
            : {done: false, waitingFor: `all name servers of Route 53 to know the change ${id}`},
        {
          clock: context.clock,
          signal: context.signal,
          timeoutMs: context.settings.timeouts.dnsMs,
          pollMs: IN_SYNC_POLL_MS,
          onWaiting: ({waitingFor}) => context.progress(`waiting for ${waitingFor}`),
        },
      )
    }
  },
  async observe(context) {
    const records = await recordsAreRight(context)
    return records.done ? resolves(context) : records
  },
  undo: undoRecords,
}

function call(operation: string, detail: string): PlannedChange {
  return {action: 'call', object: `route53:${operation}`, detail}
}

async function recordsAreRight(context: InstallContext): Promise<Poll> {
  try {
    const target = await recordTarget(context)
    if (target === undefined) return {done: false, waitingFor: 'an address of the gateway'}
    if (context.settings.dns === 'external-dns') {
      const poll = await externalDnsRecords(target, context)
      if (poll.done) return poll
      const [obstacle] = await externalDnsObstacles(context)
      return {...poll, ...(obstacle !== undefined && {warning: obstacle})}
    }
    const wrong = (await readRecords(target, context)).find(
      ({verdict}) => verdict.state !== 'right',
    )
    return wrong === undefined
      ? {done: true}
      : {done: false, waitingFor: `*.${wrong.domain} to point to ${target.hostname}`}
  } catch (error) {
    if (passes(error)) {
      return {done: false, waitingFor: 'Route 53 to answer', warning: error.message}
    }
    // With ExternalDNS nobody needs rights at AWS to install: the name that resolves has to do.
    const canDoWithout =
      error instanceof KntoolError &&
      context.settings.dns === 'external-dns' &&
      ['KN_FORBIDDEN', 'KN_UNREACHABLE', 'KN_USAGE'].includes(error.code)
    if (!canDoWithout) throw error
    context.note({warnings: [`The record is not verified at Route 53: ${error.message}`]})
    return {done: true}
  }
}

/** Whether a failure to ask AWS is over soon. */
function passes(error: unknown): error is KntoolError {
  return error instanceof KntoolError && error.code === 'KN_TIMEOUT'
}

async function resolves({settings, dns, note}: InstallContext): Promise<Poll> {
  const {loadBalancer} = settings
  if (loadBalancer.kind === 'nlb' && loadBalancer.nlb.scheme === 'internal') {
    note({warnings: ['Whether the names resolve is unchecked: they are for inside the VPC.']})
    return {done: true}
  }
  for (const {name} of settings.domains) {
    const host = `${PROBE_LABEL}.${name}`
    if ((await dns.addresses(host)).length > 0) continue
    return {
      done: false,
      waitingFor: `this machine to resolve ${host}`,
      warning: 'a name that was asked for too early is remembered as missing for some minutes',
    }
  }
  return {done: true}
}
