import {type Revision, type Service, SERVICES, type TrafficTarget} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import type {Clock} from '../../util/clock.ts'
import {retryOnConflict} from '../retry-on-conflict.ts'
import {listRevisions} from '../revision/list-revisions.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from '../service/service-outcome.ts'

/** The new `spec.traffic` of a Service; throws when there is none that does what is wanted. */
export type TrafficDecision = (service: Service, revisions: readonly Revision[]) => TrafficTarget[]

/**
 * Writes the traffic that `decide` makes of a Service and its revisions; decides anew when somebody
 * else writes in between.
 */
export async function changeTraffic(
  connection: {client: Client; clock: Clock},
  {namespace, name}: {readonly namespace: string; readonly name: string},
  decide: TrafficDecision,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  const {client, clock} = connection
  const written = await retryOnConflict(clock, async () => {
    const service = await client.get(SERVICES, {namespace, name})
    const revisions = await listRevisions(client, {namespace, service: name})
    const traffic = decide(service, revisions)
    const updated = await client.update(SERVICES, {...service, spec: {...service.spec, traffic}})
    return {
      verb: 'updated' as const,
      service: updated,
      changed: updated.metadata.generation !== service.metadata.generation,
      previousRevision: service.status?.latestReadyRevisionName,
    }
  })
  return finish(connection, written, options)
}
