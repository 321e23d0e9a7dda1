import {type FieldName, fieldName, isFieldValue} from './field-names.ts'
import type {HeaderFields} from './header-fields.ts'

/** As large as Envoy accepts a head by default, in either direction. */
export const MAX_HEAD_BYTES = 60 * 1024

/** What a response answers, as far as its head depends on it. */
export interface AnsweredRequest {
  readonly method: string
  readonly protocol: 'http/1.0' | 'http/1.1' | 'h2' | 'in-process'
}

/** A head that cannot be passed on. Nothing of it was. The message says what is wrong with it. */
export class ResponseHeadError extends Error {
  override readonly name = 'ResponseHeadError'
}

/**
 * The one place that judges the head of a final response, whichever protocol it came by and goes
 * out by. Afterwards `headers` hold what may be written anywhere:
 *
 * | what                                                | becomes                               |
 * | --------------------------------------------------- | ------------------------------------- |
 * | a status below 200 or above 999; above 599 on HTTP/2 | an error                              |
 * | a name that is no token, a value with control bytes | an error                              |
 * | lengths that contradict each other or are none      | an error                              |
 * | a head of more than 60 KiB                          | an error                              |
 * | fields of one connection, or that `connection` names | dropped                               |
 * | the same length twice                               | one                                   |
 * | a length where there is no content (204)            | dropped                               |
 * | `trailer` where no trailers can follow              | dropped                               |
 *
 * Names must be lower-case already.
 *
 * @throws ResponseHeadError
 */
export function judgeResponseHead(
  status: number,
  headers: HeaderFields,
  request: AnsweredRequest,
): void {
  assertStatus(status, request)
  const listed = keepEndToEnd(headers, status !== 204)
  if (listed !== undefined) headers.deleteListed(listed)
  const hasContent = request.method !== 'HEAD' && !isBodiless(status)
  if (!hasContent || request.protocol === 'http/1.0' || headers.has('content-length')) {
    headers.delete('trailer')
  }
}

/**
 * What is left to check when hooks have changed a head that was judged.
 *
 * @throws ResponseHeadError
 */
export function assertWritable(
  status: number,
  headers: HeaderFields,
  request: AnsweredRequest,
): void {
  assertStatus(status, request)
  const {flat} = headers
  for (let at = 0; at < flat.length; at += 2) assertField(flat[at] ?? '', flat[at + 1] ?? '')
}

/**
 * The same for what is said before the response: 100 to 199, but for the one that changes the
 * protocol. False when it cannot be passed on; the response is none the worse for that.
 */
export function judgeInformation(status: number, headers: HeaderFields): boolean {
  if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) return false
  try {
    const listed = keepEndToEnd(headers, false)
    if (listed !== undefined) headers.deleteListed(listed)
    headers.delete('trailer')
    return true
  } catch {
    return false
  }
}

/**
 * The same for a response that changes the protocol.
 *
 * @throws ResponseHeadError
 */
export function judgeSwitch(headers: HeaderFields): void {
  const listed = keepEndToEnd(headers, false)
  if (listed !== undefined) headers.deleteListed(listed)
}

/** Fields that must be known before the content, and so cannot follow it (RFC 9110 §6.5.1). */
const NOT_IN_TRAILERS = new Set(['content-length', 'trailer', 'host', 'content-encoding'])

/**
 * The same for the fields after the content: those that would change what came before are dropped.
 *
 * @throws ResponseHeadError
 */
export function judgeTrailers(trailers: HeaderFields): void {
  const listed = keepEndToEnd(trailers, true)
  if (listed !== undefined) trailers.deleteListed(listed)
  for (const name of NOT_IN_TRAILERS) trailers.delete(name)
}

/** Whether a status says that no content follows. */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}

/**
 * The length that fields of the name `content-length` agree on.
 *
 * @throws ResponseHeadError when it is no number, or they do not agree.
 */
export function agreedLength(before: number | undefined, value: string): number {
  let length = before
  // The same length may be repeated, also as a list (RFC 9110 §8.6).
  for (const item of value.includes(',') ? value.split(',') : [value]) {
    const digits = item.trim()
    if (!/^\d{1,15}$/.test(digits))
      throw new ResponseHeadError(`bad content-length ${quoted(value)}`)
    if (length !== undefined && length !== Number(digits)) {
      throw new ResponseHeadError(`two lengths of one response: ${length} and ${digits}`)
    }
    length = Number(digits)
  }
  return length ?? 0
}

/** Leaves the end-to-end fields, in order. Returns what `connection` said. */
function keepEndToEnd(headers: HeaderFields, takesLength: boolean): string | undefined {
  const {flat} = headers
  let connection: string | undefined
  let length: number | undefined
  let bytes = 0
  let kept = 0
  for (let at = 0; at < flat.length; at += 2) {
    const raw = flat[at] ?? ''
    const value = flat[at + 1] ?? ''
    const name = assertField(raw, value)
    bytes += raw.length + value.length + 4
    if (name.inResponse === 'dropped') continue
    if (name.inResponse === 'handled') {
      if (name.lower === 'connection') {
        connection = connection === undefined ? value : `${connection},${value}`
        continue
      }
      if (name.lower === 'content-length') {
        const isFirst = length === undefined
        length = agreedLength(length, value)
        if (!isFirst || !takesLength) continue
        flat[kept++] = name.lower
        flat[kept++] = `${length}`
        continue
      }
    }
    flat[kept++] = name.lower
    flat[kept++] = value
  }
  if (bytes > MAX_HEAD_BYTES) {
    throw new ResponseHeadError(`the header fields are larger than ${MAX_HEAD_BYTES} bytes`)
  }
  flat.length = kept
  return connection
}

function assertStatus(status: number, {protocol}: AnsweredRequest): void {
  // No client of HTTP/2 in Node can be sent more; HTTP/1 passes what Go's and Envoy's servers do.
  const highest = protocol === 'h2' ? 599 : 999
  if (!Number.isInteger(status) || status < 200 || status > highest) {
    throw new ResponseHeadError(`invalid response status ${status}`)
  }
}

function assertField(raw: string, value: string): FieldName {
  const name = fieldName(raw)
  if (name === undefined) throw new ResponseHeadError(`invalid header field name ${quoted(raw)}`)
  if (!isFieldValue(value)) {
    throw new ResponseHeadError(`invalid value of the header field ${quoted(raw)}`)
  }
  return name
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
