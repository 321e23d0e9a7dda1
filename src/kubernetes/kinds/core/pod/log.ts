import {badRequest, noNode} from '../../../apiserver/errors.ts'
import {asJson} from '../../../apiserver/json-value.ts'
import type {PodLogOptions} from '../../../apiserver/pod-access.ts'
import type {HandlerResult, Query, RequestContext} from '../../../apiserver/request-context.ts'
import {containerOf} from './container-of.ts'
import {readStored} from '../../../apiserver/handlers/get.ts'

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
