/** Which failures of a request to the API pass by themselves. */
import {StatusError} from '../../api/meta/status-error.ts'
import type {ApiRequest} from '../../api/transport.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {conflictsOf} from './conflicts.ts'

/** Why a request is worth repeating. */
export interface RetryReason {
  /** Completes "trying again: …". */
  readonly why: string
  /** The server's own wish, if it gave one. */
  readonly afterMs?: number
  /** How long it may take to pass: `short` for a hiccup, `long` for something that is starting. */
  readonly patience: 'short' | 'long'
}

/**
 * Why to repeat a failed request, or undefined when it would fail again.
 *
 * | failure                                         | repeated                                        |
 * |-------------------------------------------------|-------------------------------------------------|
 * | no answer at all                                | yes, if the server has answered before          |
 * | 429                                             | yes, when the server says                       |
 * | `failed calling webhook …`                      | yes, long: the webhook may be starting          |
 * | `admission webhook … denied the request`        | no: it was heard and refused                    |
 * | other 5xx                                       | yes                                             |
 * | 409 of fields                                   | no: it is decided elsewhere                     |
 * | 409 of somebody who wrote in between            | yes                                             |
 * | 404 of a kind, on a write                       | yes: its definition may just have been applied  |
 *
 * Every write of an installation can be repeated: it applies, patches or deletes.
 */
export function retryReason(
  error: unknown,
  request: Pick<ApiRequest, 'method'>,
  answeredBefore: boolean,
): RetryReason | undefined {
  if (error instanceof KntoolError) {
    const lost = error.code === 'KN_UNREACHABLE' && answeredBefore
    return lost ? {why: withoutStop(error.message), patience: 'short'} : undefined
  }
  return error instanceof StatusError ? statusRetryReason(error, request) : undefined
}

function statusRetryReason(
  error: StatusError,
  {method}: Pick<ApiRequest, 'method'>,
): RetryReason | undefined {
  const {code, message} = error
  const wish = serverWish(error)
  if (code === 429) return {why: 'the API server is busy (429)', ...wish, patience: 'short'}
  if (/denied the request/.test(message)) return undefined
  if (/failed calling webhook|failed to call webhook/.test(message)) {
    return {why: message, ...wish, patience: 'long'}
  }
  if (code >= 500) return {why: `${message} (${code})`, ...wish, patience: 'short'}
  if (code === 409) {
    const inBetween = error.reason === 'Conflict' && conflictsOf(error).length === 0
    return inBetween && method !== 'POST'
      ? {why: 'somebody else wrote in between', patience: 'short'}
      : undefined
  }
  const kindIsMissing = code === 404 && error.status.details?.name === undefined
  return kindIsMissing && method === 'PATCH'
    ? {why: 'the kind is not served yet', patience: 'short'}
    : undefined
}

function serverWish({status}: StatusError): {afterMs?: number} {
  const seconds = status.details?.retryAfterSeconds ?? 0
  return seconds > 0 ? {afterMs: seconds * 1000} : {}
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}
