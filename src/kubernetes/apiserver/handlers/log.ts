import {failure} from '../../../api/meta/status-error.ts'
import {badRequest} from '../errors.ts'
import {asJson, objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import type {PodLogOptions} from '../pod-access.ts'
import type {HandlerResult, Query, RequestContext} from '../request-context.ts'
import {readStored} from './get.ts'

/** Streams the log of a container. */
export function log(context: RequestContext): HandlerResult {
  const {server, info, query, signal} = context
  const {object} = readStored(context)
  const container = containerOf(asJson(object), query)
  if (server.podAccess === undefined) throw noNode()
  const chunks = server.podAccess.logs(
    info.namespace ?? '',
    object.metadata.name,
    {...readLogOptions(query), container},
    signal ?? new AbortController().signal,
  )
  return {kind: 'bytes', chunks, type: 'text/plain'}
}

/** 503 while nothing runs pods. */
function noNode(): Error {
  return failure(503, 'ServiceUnavailable', 'no node of this cluster runs pods')
}

function readLogOptions(query: Query): PodLogOptions {
  const sinceSeconds = readCount(query, 'sinceSeconds')
  const tailLines = readCount(query, 'tailLines')
  const limitBytes = readCount(query, 'limitBytes')
  const sinceTime = query.get('sinceTime')
  return {
    follow: query.get('follow') === 'true',
    previous: query.get('previous') === 'true',
    timestamps: query.get('timestamps') === 'true',
    ...(sinceSeconds !== undefined && {sinceSeconds}),
    ...(sinceTime !== undefined && {sinceTime}),
    ...(tailLines !== undefined && {tailLines}),
    ...(limitBytes !== undefined && {limitBytes}),
  }
}

function readCount(query: Query, name: string): number | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  const count = Number(text)
  if (!Number.isInteger(count) || count < 0) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  return count
}

/** The container the client names, or the only one there is. Throws 400 with the ones to choose. */
function containerOf(pod: JsonObject, query: Query): string {
  const spec = objectAt(pod, 'spec')
  const names = objectsAt(spec, 'containers').map((item) => stringAt(item, 'name'))
  const initNames = objectsAt(spec, 'initContainers').map((item) => stringAt(item, 'name'))
  const wanted = query.get('container') ?? ''
  const name = stringAt(objectAt(pod, 'metadata'), 'name')
  if (wanted !== '') {
    if ([...names, ...initNames].includes(wanted)) return wanted
    throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  }
  const [only] = names
  if (names.length === 1 && initNames.length === 0 && only !== undefined) return only
  const init =
    initNames.length === 0 ? '' : ` or one of the init containers: [${initNames.join(' ')}]`
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]${init}`,
  )
}
