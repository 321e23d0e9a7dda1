import type {Exchange} from './exchange.ts'
import {fieldName, isFieldValue, isToken} from './field-names.ts'
import {HeaderFields} from './header-fields.ts'

/** A request's fields, sorted into those that travel on and those that meant this connection. */
export interface RequestHead {
  readonly host: string
  /** End-to-end fields, without `host`. */
  readonly headers: HeaderFields
  readonly hasBody: boolean
  readonly expectsContinue: boolean
  readonly upgrade: string | undefined
  /** The status to answer with at once, where nobody may guess what was meant. */
  readonly refusal: 400 | 501 | undefined
}

/** What Envoy takes for an authority. */
const AUTHORITY = /^[\w!$%&'()*+,.:;=@[\]~-]*$/

/**
 * Reads the fields of a request as the parser gave them: names and values in turn.
 *
 * Connection-level fields and those that `connection` lists are taken out, as RFC 9110 §7.6.1 asks
 * of whoever forwards a message. Pseudo fields of HTTP/2 (`:path`) are left out.
 *
 * Two fields `host`, and one that is no host, are a bad request; a coding of the transfer beside
 * `chunked` is one that nobody here undoes.
 */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const flat: string[] = []
  let host: string | undefined
  let refusal: RequestHead['refusal']
  let hasBody = false
  let expectsContinue = false
  let upgrade: string | undefined
  let connection: string | undefined
  for (let at = 0; at < raw.length; at += 2) {
    const name = fieldName(raw[at] ?? '')
    const value = raw[at + 1] ?? ''
    // A pseudo field: it begins with a colon.
    if (name === undefined) continue
    if (name.inRequest === 'end-to-end') {
      flat.push(name.lower, value)
      continue
    }
    if (name.inRequest === 'dropped') continue
    switch (name.lower) {
      case 'host':
        refusal = refusalOfHost(host, value) ?? refusal
        host = value
        break
      case 'connection':
        connection = connection === undefined ? value : `${connection},${value}`
        break
      case 'transfer-encoding':
        refusal ??= refusalOfCodings(value)
        hasBody = true
        break
      case 'content-length':
        hasBody ||= value !== '0'
        flat.push(name.lower, value)
        break
      case 'te':
        // The one value that concerns the next hop too: gRPC insists on it.
        if (/\btrailers\b/i.test(value)) flat.push('te', 'trailers')
        break
      case 'upgrade':
        upgrade = value.toLowerCase()
        break
      default:
        expectsContinue = value.toLowerCase() === '100-continue'
    }
  }
  const headers = new HeaderFields(flat)
  if (connection !== undefined) headers.deleteListed(connection)
  return {host: host ?? '', headers, hasBody, expectsContinue, upgrade, refusal}
}

/** A request that no server could read as it is meant. Nothing of it was sent. */
export class RequestHeadError extends Error {
  override readonly name = 'RequestHeadError'
}

/** Visible characters, and bytes beyond ASCII. */
const TARGET = /^[\x21-\x7e\x80-\xff]+$/

/**
 * The one place that judges a request before it goes to a server, by whatever protocol: those it
 * passed through may have changed all of it.
 *
 * @throws RequestHeadError when something in it would end a line, or is no name or target.
 */
export function judgeRequest({method, path, host, upgrade = '', headers}: Exchange): void {
  if (!isToken(method)) throw new RequestHeadError(`invalid method ${JSON.stringify(method)}`)
  if (!TARGET.test(path)) throw new RequestHeadError(`invalid path ${JSON.stringify(path)}`)
  if (!isFieldValue(host) || !isFieldValue(upgrade)) throw new RequestHeadError('invalid host')
  const {flat} = headers
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? ''
    if (fieldName(name) === undefined || !isFieldValue(flat[at + 1] ?? '')) {
      throw new RequestHeadError(`invalid header field ${JSON.stringify(name)}`)
    }
  }
}

function refusalOfHost(before: string | undefined, value: string): 400 | undefined {
  return before !== undefined || !AUTHORITY.test(value) ? 400 : undefined
}

function refusalOfCodings(transferEncoding: string): 501 | undefined {
  return transferEncoding.trim().toLowerCase() === 'chunked' ? undefined : 501
}
