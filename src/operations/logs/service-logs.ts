import {type Pod, PODS} from '../../api/core/v1.ts'
import {REVISION_LABEL, SERVICE_LABEL} from '../../api/serving/metadata-keys.ts'
import {SERVICES} from '../../api/serving/v1.ts'
import {StatusError} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {nameRevisions} from '../revision/name-revision.ts'
import {followLogs} from './follow-logs.ts'
import type {LogLine} from './log-line.ts'
import {mergeByTime} from './merge-by-time.ts'
import type {LogRequest} from './log-request.ts'
import {openLog} from './open-log.ts'
import {selectContainers} from './select-containers.ts'

/**
 * The logs of all pods of a Service: in the order of time, or, when they are followed, as they are
 * written, with pods that join later and containers that start again, until `signal` aborts.
 */
export async function* readServiceLogs(
  connection: {client: Client; clock: Clock},
  request: LogRequest,
): AsyncGenerator<LogLine, void> {
  const {client} = connection
  const {namespace, name} = request
  await client.get(SERVICES, {namespace, name})
  const labelSelector = await selectorOf(client, request)
  if (request.follow) {
    yield* followLogs(connection, {...request, labelSelector})
    return
  }
  const {items} = await client.list(PODS, {namespace, labelSelector})
  if (items.length === 0) request.onNotice?.(noPods(name))
  const logs = await openAll(client, items, request)
  yield* mergeByTime(logs)
}

async function selectorOf(
  client: Client,
  {namespace, name, revision}: LogRequest,
): Promise<string> {
  const ofService = `${SERVICE_LABEL}=${name}`
  if (revision === undefined) return ofService
  const [found = ''] = await nameRevisions(client, [revision], {namespace, service: name})
  return `${ofService},${REVISION_LABEL}=${found}`
}

async function openAll(
  client: Client,
  pods: readonly Pod[],
  request: LogRequest,
): Promise<AsyncIterable<LogLine>[]> {
  const {namespace, previous = false, container, signal} = request
  const runs = pods.flatMap((pod) => selectContainers(pod, {container, previous}))
  if (pods.length > 0 && runs.length === 0) throw nothingToRead(pods, request)
  const logs = await Promise.all(
    runs.map(async (run) => {
      try {
        return [await openLog(client, {...run, namespace}, request, signal)]
      } catch (error) {
        // The pod went away in between, or its container has not begun yet.
        if (error instanceof StatusError && [400, 404].includes(error.code)) return []
        throw error
      }
    }),
  )
  return logs.flat()
}

function nothingToRead(pods: readonly Pod[], {name, container, previous}: LogRequest): KntoolError {
  const known = new Set(pods.flatMap(({spec}) => spec.containers.map((one) => one.name ?? '')))
  if (container !== undefined && !known.has(container)) {
    return new KntoolError(
      'KN_NOT_FOUND',
      `The pods of service '${name}' have no container '${container}'.`,
      {hint: `There are: ${[...known].join(', ')}`, details: {containers: [...known]}},
    )
  }
  return new KntoolError(
    'KN_NOT_FOUND',
    previous
      ? `No container of service '${name}' has been restarted.`
      : `No container of service '${name}' has started yet.`,
    {hint: `kntool service describe ${name}`},
  )
}

function noPods(name: string): string {
  return `Service '${name}' has no pods now: it is scaled to zero, or its pods cannot start.`
}
