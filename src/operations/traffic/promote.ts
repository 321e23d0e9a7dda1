import type {Client} from '../../client/client.ts'
import type {Clock} from '../../util/clock.ts'
import type {ServiceOutcome, ServiceWriteOptions} from '../service/service-outcome.ts'
import {changeTraffic} from './change-traffic.ts'
import {checkReady} from './check-ready.ts'
import {resolveReference} from './references.ts'
import {makeSplit} from './split-traffic.ts'

/** Which revision gets all the traffic. */
export interface PromoteRequest {
  readonly namespace: string
  readonly name: string
  /** See `resolveReference`; `@latest` also follows later revisions. */
  readonly reference: string
  /** Also a revision that is not Ready. */
  readonly force?: boolean
}

/** Sends all traffic of a Service to one revision. Throws `KN_NOT_READY` when it is not Ready. */
export function promoteRevision(
  connection: {client: Client; clock: Clock},
  {namespace, name, reference, force = false}: PromoteRequest,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  return changeTraffic(
    connection,
    {namespace, name},
    (service, revisions) => {
      const target = resolveReference(reference, service, revisions)
      // Who promotes means the newest revision, not the one before it that is still ready.
      if (!force) checkReady(target, service, revisions, {newest: true})
      return makeSplit(service, [{reference, target, percent: 100}])
    },
    options,
  )
}
