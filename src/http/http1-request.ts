import type {Exchange} from './exchange.ts'
import {isFieldValue, isToken} from './field-names.ts'

/** How the body of a request is sent: none, so many bytes, or in chunks. */
export type BodyFraming = 'none' | 'chunked' | number

/** A request that no HTTP/1 server could read as it is meant. Nothing of it was sent. */
export class RequestHeadError extends Error {
  override readonly name = 'RequestHeadError'
}

/** Methods whose requests say that they have no body, as Go's do. */
const SAY_NO_BODY = new Set(['POST', 'PUT', 'PATCH'])
/** Visible characters, and bytes beyond ASCII. */
const TARGET = /^[\x21-\x7e\x80-\xff]+$/

/**
 * How the body of an exchange is sent on an HTTP/1 connection.
 *
 * | body | content-length | trailers announced | framing |
 * | ---- | -------------- | ------------------ | ------- |
 * | none | any            | any                | none    |
 * | some | none           | any                | chunked |
 * | some | given          | no                 | length  |
 * | some | given          | yes                | chunked |
 */
export function bodyFramingOf({body, headers}: Exchange): BodyFraming {
  if (body === undefined) return 'none'
  const length = headers.get('content-length')
  return length === undefined || headers.has('trailer') ? 'chunked' : Number(length)
}

/**
 * The head of the request as it goes to an HTTP/1 server, one character per byte. `ownHost` is the
 * server's own name, for requests that name none.
 *
 * @throws RequestHeadError when something in it would end a line, or is no name or target.
 */
export function renderRequestHead(
  exchange: Exchange,
  framing: BodyFraming,
  ownHost: string,
): string {
  const {method, path, host, upgrade, headers} = exchange
  if (!isToken(method)) throw new RequestHeadError(`invalid method ${JSON.stringify(method)}`)
  if (!TARGET.test(path)) throw new RequestHeadError(`invalid path ${JSON.stringify(path)}`)
  let text = `${method} ${path} HTTP/1.1\r\n`
  text += fieldLine('host', host === '' ? ownHost : host)
  if (upgrade === undefined) text += 'connection: keep-alive\r\n'
  else text += `connection: Upgrade\r\n${fieldLine('upgrade', upgrade)}`
  const {flat} = headers
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? ''
    if (name !== 'content-length') text += fieldLine(name, flat[at + 1] ?? '')
  }
  if (framing === 'chunked') text += 'transfer-encoding: chunked\r\n'
  else if (framing !== 'none') text += `content-length: ${framing}\r\n`
  else if (saysNoBody(exchange)) text += 'content-length: 0\r\n'
  if (exchange.expectsContinue && framing !== 'none') text += 'expect: 100-continue\r\n'
  return `${text}\r\n`
}

function saysNoBody({method, headers}: Exchange): boolean {
  return SAY_NO_BODY.has(method) || headers.has('content-length')
}

function fieldLine(name: string, value: string): string {
  if (!isToken(name) || !isFieldValue(value)) {
    throw new RequestHeadError(`invalid header field ${JSON.stringify(name)}`)
  }
  return `${name}: ${value}\r\n`
}
