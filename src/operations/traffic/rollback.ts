import {ROUTING_STATE_LABEL} from '../../api/serving/metadata-keys.ts'
import type {Revision, Service} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {isReady} from '../revision/is-ready.ts'
import {generationOf, trafficOf} from '../revision/list-revisions.ts'
import type {ServiceOutcome, ServiceWriteOptions} from '../service/service-outcome.ts'
import {changeTraffic} from './change-traffic.ts'
import {makeSplit} from './split-traffic.ts'

/** Sends all traffic of a Service back to {@link previousRouted}. */
export function rollbackTraffic(
  connection: {client: Client; clock: Clock},
  key: {readonly namespace: string; readonly name: string},
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  return changeTraffic(
    connection,
    key,
    (service, revisions) => {
      const name = previousRouted(service, revisions)
      return makeSplit(service, [{reference: name, target: {kind: 'revision', name}, percent: 100}])
    },
    options,
  )
}

/**
 * The revision that had the traffic before the newest one that has some now. It is Ready, older, and
 * was routed at some time; one that still has a share wins, then the newest.
 *
 * | generation 1 | 2        | 3            | 4            | previous |
 * |--------------|----------|--------------|--------------|----------|
 * | was routed   | 100%     |              |              | 1        |
 * | was routed   | 90%      | was routed   | 10%          | 2        |
 * | was routed   | not ready| never routed | 100%         | 1        |
 *
 * Throws `KN_NOT_FOUND` when there is none.
 */
export function previousRouted(service: Service, revisions: readonly Revision[]): string {
  const rows = revisions
    .map((revision) => ({
      revision,
      generation: generationOf(revision) ?? 0,
      percent: trafficOf(revision.metadata.name, service).percent,
    }))
    .toSorted((left, right) => right.generation - left.generation)
  const current = rows.find(({percent}) => percent > 0)
  const older = rows.filter(
    ({revision, generation}) =>
      current !== undefined &&
      generation < current.generation &&
      isReady(revision) &&
      revision.metadata.labels?.[ROUTING_STATE_LABEL] !== 'pending',
  )
  const previous = older.find(({percent}) => percent > 0) ?? older[0]
  if (previous !== undefined) return previous.revision.metadata.name
  const {name} = service.metadata
  const from = current === undefined ? '' : ` before '${current.revision.metadata.name}'`
  throw new KntoolError(
    'KN_NOT_FOUND',
    `Service '${name}' has no ready revision that had traffic${from}.`,
    {hint: [`kntool revision list -s ${name}`, `kntool traffic promote ${name} REVISION`]},
  )
}
