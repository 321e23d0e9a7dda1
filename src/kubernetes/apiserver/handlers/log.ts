import {failure} from '../../../api/meta/status-error.ts'
import {badRequest} from '../errors.ts'
import {asJson} from '../json-value.ts'
import type {PodLogOptions} from '../pod-access.ts'
import type {HandlerResult, Query, RequestContext} from '../request-context.ts'
import {containerOf} from './container-of.ts'
import {readStored} from './get.ts'

/** Streams the log of a container. */
export function log(context: RequestContext): HandlerResult {
  const {server, info, query, signal} = context
  const {object} = readStored(context)
  const container = containerOf(asJson(object), query.get('container') ?? '')
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
export function noNode(): Error {
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
