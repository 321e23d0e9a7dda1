import {PODS} from '../api/core/v1.ts'
import {SERVICE_LABEL} from '../api/serving/metadata-keys.ts'
import type {Connection} from '../operations/connection.ts'
import {progressLine} from '../ui/service-progress.ts'

/** Follows the pods of a Service until there are none. */
export async function waitForZero(
  {client, clock}: Connection,
  request: {
    readonly namespace: string
    readonly name: string
    readonly signal: AbortSignal
    readonly onPods: (line: string) => void
  },
): Promise<{elapsedMs: number}> {
  const startedMs = clock.now()
  const selection = {
    namespace: request.namespace,
    labelSelector: `${SERVICE_LABEL}=${request.name}`,
  }
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, request.signal])
  try {
    const {items, metadata} = await client.list(PODS, selection)
    const pods = new Map(items.map((pod) => [pod.metadata.name, podState(pod)]))
    const tell = (): void => {
      const states = [...pods].map(([name, state]) => `${name} ${state}`)
      request.onPods(progressLine(clock.now() - startedMs, states.join(', ') || 'no pods'))
    }
    tell()
    const events = await client.watch(PODS, {
      ...selection,
      ...(metadata.resourceVersion !== undefined && {resourceVersion: metadata.resourceVersion}),
      signal,
    })
    for await (const event of events) {
      if (event.type === 'BOOKMARK' || event.type === 'ERROR') continue
      const {name} = event.object.metadata
      const state = event.type === 'DELETED' ? undefined : podState(event.object)
      if (state === pods.get(name)) continue
      if (state === undefined) pods.delete(name)
      else pods.set(name, state)
      tell()
      if (pods.size === 0) break
    }
    request.signal.throwIfAborted()
    return {elapsedMs: clock.now() - startedMs}
  } finally {
    stop.abort()
  }
}

function podState({
  metadata,
  status,
}: {
  metadata: {deletionTimestamp?: string}
  status?: {phase?: string}
}): string {
  return metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Pending') : 'Terminating'
}
