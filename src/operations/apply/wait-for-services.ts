import {apiVersionOf} from '../../api/meta/resource-type.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import type {Clock} from '../../util/clock.ts'
import {severalFailures} from '../several-failures.ts'
import {type WaitLimits, waitUntilReady} from '../service/wait-until-ready.ts'
import type {AppliedManifest} from './apply-manifests.ts'

/** How to wait, and who follows. */
export interface ServicesWait {
  readonly limits: WaitLimits
  readonly onReady: (name: string, url: string) => void
  readonly onNotice: (name: string, lines: readonly string[]) => void
  readonly signal: AbortSignal
}

/** Waits for all Knative Services among what was applied at once; throws what failed, all of it. */
export async function waitForServices(
  connection: {client: Client; clock: Clock},
  applied: readonly AppliedManifest[],
  {limits, onReady, onNotice, signal}: ServicesWait,
): Promise<void> {
  const services = applied
    .map(({object}) => object as unknown as Service)
    .filter(({apiVersion, kind}) => kind === SERVICES.kind && apiVersion === apiVersionOf(SERVICES))
  const results = await Promise.allSettled(
    services.map(async ({metadata: {name, namespace = '', generation = 0}}) => {
      await waitUntilReady(connection, {
        namespace,
        name,
        generation,
        limits,
        onNotice: (text, advice) => onNotice(name, [text, ...advice]),
        signal,
      })
      const {status} = await connection.client.get(SERVICES, {namespace, name})
      onReady(name, status?.url ?? '')
    }),
  )
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )
  if (failures.length > 0) throw severalFailures(failures)
}
