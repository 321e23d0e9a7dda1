import {failure} from '../../../api/meta/status-error.ts'
import {plainError} from '../errors.ts'
import type {RequestContext} from '../request-context.ts'

/** A resourceVersion of a query as a number; throws 500 as upstream does for others. */
export function parseRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw plainError(
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  )
}

/**
 * The resourceVersion a read must not be older than; undefined when the newest state will do
 * anyway. Throws 504 for one that is still to come.
 */
export function readKnownRevision(
  text: string,
  server: RequestContext['server'],
): number | undefined {
  if (text === '' || text === '0') return undefined
  const revision = parseRevision(text)
  if (revision > server.storage.currentRevision) throw tooLargeRevision(revision, server)
  return revision
}

/** 504: the revision is still to come, on this server. */
function tooLargeRevision(revision: number, server: RequestContext['server']): Error {
  return failure(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${revision}, current: ${server.storage.currentRevision}`,
    {
      causes: [{reason: 'ResourceVersionTooLarge', message: 'Too large resource version'}],
      retryAfterSeconds: 1,
    },
  )
}
