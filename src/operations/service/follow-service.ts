import {StatusError} from '../../api/meta/status-error.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep} from '../../util/clock.ts'

/** How long to leave a server alone that ended a watch. */
const WATCH_AGAIN_MS = 1_000

/**
 * Observes the Service and its changes until `signal` aborts, over the ends of watches, connections
 * that break, and where it may be read but not watched.
 */
export async function followService(
  client: Client,
  clock: Clock,
  {namespace, name}: {namespace: string; name: string},
  {observe, signal}: {observe: (service: Service) => void; signal: AbortSignal},
): Promise<void> {
  let isKnown = false
  while (!signal.aborted) {
    try {
      const service = await client.get(SERVICES, {namespace, name}, {signal})
      isKnown = true
      observe(service)
      const {resourceVersion} = service.metadata
      await watchChanges(client, {namespace, name, resourceVersion, observe, signal})
    } catch (error) {
      // What was there a moment ago is worth another try.
      if (!isKnown || !mayPass(error)) throw error
    }
    // What happened in between is read anew.
    await sleep(clock, WATCH_AGAIN_MS, signal)
  }
}

async function watchChanges(
  client: Client,
  {
    namespace,
    name,
    resourceVersion,
    observe,
    signal,
  }: {
    namespace: string
    name: string
    resourceVersion: string | undefined
    observe: (service: Service) => void
    signal: AbortSignal
  },
): Promise<void> {
  const events = await client.watch(SERVICES, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
    ...(resourceVersion !== undefined && {resourceVersion}),
    signal,
  })
  for await (const event of events) {
    if (event.type === 'ERROR') return
    if (event.type === 'BOOKMARK') continue
    if (event.type === 'DELETED') {
      throw new KntoolError('KN_NOT_FOUND', `Service '${name}' was deleted while waiting for it.`)
    }
    observe(event.object)
  }
}

/** Whether a failure is of the way to the server, or of the watch alone: reading may go on. */
function mayPass(error: unknown): boolean {
  if (error instanceof KntoolError) return error.code === 'KN_UNREACHABLE'
  return error instanceof StatusError && (error.code >= 500 || [403, 405, 429].includes(error.code))
}
