import {ownerRecordName, ownersOf} from '../../aws/dns/records.ts'
import type {HostedZoneApi} from '../../aws/aws-access.ts'
import type {RecordChange} from '../../aws/dns/hosted-zones.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {InstallContext, Undo} from '../step.ts'
import {clusterId, describeChange, removalChanges, requireZone} from './route53.ts'

/** Takes away the records kntool made in Route 53; those of others stay. */
export const undoRecords: Undo = {
  async plan(context) {
    const removals = await readRemovals(context)
    return {
      changes: removals.flatMap(({zoneId, changes}) =>
        changes.map((change) => ({
          action: 'call',
          object: 'route53:ChangeResourceRecordSets',
          detail: `zone ${zoneId}: ${describeChange(change)}`,
        })),
      ),
    }
  },
  async apply(context) {
    for (const {zones, zoneId, changes} of await readRemovals(context)) {
      for (const change of changes) context.progress(describeChange(change))
      await zones.change(zoneId, 'kntool uninstall', changes)
    }
  },
  async observe(context) {
    const [left] = await readRemovals(context)
    return left === undefined
      ? {done: true}
      : {done: false, waitingFor: `the records in the zone ${left.zoneId} to be gone`}
  },
}

interface Removal {
  readonly zones: HostedZoneApi
  readonly zoneId: string
  readonly changes: readonly RecordChange[]
}

async function readRemovals(context: InstallContext): Promise<Removal[]> {
  if (context.settings.dns !== 'route53') return []
  const zones = await context.aws.hostedZones()
  const cluster = await clusterId(context)
  const removals = await Promise.all(
    context.settings.domains.map(async ({name: domain}): Promise<Removal | undefined> => {
      const zone = await requireZone(zones, domain, context).catch((error: unknown) => {
        // Without the zone there is no record in it.
        if (error instanceof KntoolError && error.code === 'KN_NOT_FOUND') return undefined
        throw error
      })
      if (zone === undefined) return undefined
      const [records, texts] = await Promise.all([
        zones.records(zone.id, `*.${domain}`),
        zones.records(zone.id, ownerRecordName(domain)),
      ])
      const ours = ownersOf(texts).some(
        (owner) => owner.heritage === 'kntool' && owner.owner === cluster,
      )
      const changes = removalChanges({records, ours}, texts)
      return changes.length === 0 ? undefined : {zones, zoneId: zone.id, changes}
    }),
  )
  return removals.filter((removal) => removal !== undefined)
}
