import type {Exchange} from './exchange.ts'
import {judgeRequest} from './request-head.ts'

/** How the body of a request is sent: none, so many bytes, or in chunks. */
export type BodyFraming = 'none' | 'chunked' | number

/** Methods whose requests say that they have no body, as Go's do. */
const SAY_NO_BODY = new Set(['POST', 'PUT', 'PATCH'])

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
  judgeRequest(exchange)
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host === '' ? ownHost : host}\r\n`
  if (upgrade === undefined) text += 'connection: keep-alive\r\n'
  else text += `connection: Upgrade\r\nupgrade: ${upgrade}\r\n`
  const {flat} = headers
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? ''
    if (name !== 'content-length') text += `${name}: ${flat[at + 1] ?? ''}\r\n`
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
