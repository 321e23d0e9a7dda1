import type {KubeObject} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {isNotFound} from '../api/meta/status-error.ts'
import type {Client, DeleteOptions} from '../client/client.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {Clock} from '../util/clock.ts'

/** What to delete, and how. */
export interface DeleteRequest<T extends KubeObject> {
  readonly type: ResourceType<T>
  readonly namespace: string
  readonly names: readonly string[]
  readonly propagationPolicy?: DeleteOptions['propagationPolicy']
  /** Waits until each is gone, with what it owns; without it only until the server accepts. */
  readonly waitMs?: number | undefined
  readonly onDeleted?: (name: string) => void
}

/**
 * Deletes objects one after another; goes on after a failure.
 *
 * Resolves with the failures, in the order of the names.
 */
export async function deleteObjects<T extends KubeObject>(
  connection: {client: Client; clock: Clock},
  request: DeleteRequest<T>,
): Promise<unknown[]> {
  const failures: unknown[] = []
  for (const name of request.names) {
    try {
      await deleteOne(connection, request, name)
      request.onDeleted?.(name)
    } catch (error) {
      failures.push(error)
    }
  }
  return failures
}

async function deleteOne<T extends KubeObject>(
  connection: {client: Client; clock: Clock},
  {type, namespace, propagationPolicy, waitMs}: DeleteRequest<T>,
  name: string,
): Promise<void> {
  const {client} = connection
  const kind = type.kind.toLowerCase()
  const object = await client.get(type, {namespace, name})
  const {uid, deletionTimestamp} = object.metadata
  if (deletionTimestamp !== undefined) {
    throw new KntoolError(
      'KN_CONFLICT',
      `can't delete ${kind} '${name}' because it has been already marked for deletion`,
    )
  }
  const policy = waitMs === undefined ? propagationPolicy : 'Foreground'
  await client.delete(type, {namespace, name}, {...(policy && {propagationPolicy: policy})})
  if (waitMs !== undefined) await waitUntilGone(connection, {type, namespace, name, uid}, waitMs)
}

async function waitUntilGone<T extends KubeObject>(
  {client, clock}: {client: Client; clock: Clock},
  {
    type,
    namespace,
    name,
    uid,
  }: {
    type: ResourceType<T>
    namespace: string
    name: string
    uid: string | undefined
  },
  timeoutMs: number,
): Promise<void> {
  const stop = new AbortController()
  const timeout = clock.after(timeoutMs, () => stop.abort())
  try {
    while (!stop.signal.aborted) {
      const object = await client.find(type, {namespace, name})
      // Another object of that name is not the one that was deleted.
      if (object === undefined || object.metadata.uid !== uid) return
      const events = await client.watch(type, {
        namespace,
        fieldSelector: `metadata.name=${name}`,
        ...(object.metadata.resourceVersion !== undefined && {
          resourceVersion: object.metadata.resourceVersion,
        }),
        signal: stop.signal,
      })
      for await (const event of events) {
        if (event.type === 'DELETED') return
        if (event.type === 'ERROR') break
      }
    }
  } catch (error) {
    if (isNotFound(error)) return
    if (!stop.signal.aborted) throw error
  } finally {
    timeout.cancel()
    stop.abort()
  }
  const kind = type.kind.toLowerCase()
  const seconds = Math.trunc(timeoutMs / 1000)
  throw new KntoolError(
    'KN_TIMEOUT',
    `timeout: ${kind} '${name}' not deleted after ${seconds} seconds`,
    {hint: `Finalizers may hold it: kubectl get ${kind} -n ${namespace} ${name} -o yaml`},
  )
}
