import {fieldName} from './field-names.ts'
import {HeaderFields} from './header-fields.ts'
import {agreedLength, isBodiless, ResponseHeadError} from './response-head.ts'

/** How the content of a response ends on its connection. */
export type Framing =
  | {readonly kind: 'none'}
  | {readonly kind: 'length'; readonly bytes: number}
  | {readonly kind: 'chunked'}
  | {readonly kind: 'until-close'}

/** The head of a response as it stands on an HTTP/1 connection. */
export interface Http1Head {
  readonly status: number
  /** All fields, those of the connection too; names in lower case. */
  readonly headers: HeaderFields
  readonly framing: Framing
  /** Whether the connection may carry another request afterwards. */
  readonly isReusable: boolean
  /** How long the server says it keeps the connection; undefined when it does not say. */
  readonly keepAliveSeconds: number | undefined
}

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: [\t\x20-\x7e\x80-\xff]*)?$/

/** Fields that say where the content ends and what becomes of the connection. */
interface ConnectionFields {
  length: number | undefined
  transferEncoding: string | undefined
  connection: string | undefined
  keepAlive: string | undefined
}

/**
 * Reads the head of a response to a request of `method`: its lines, each with its CRLF, without the
 * empty line at the end.
 *
 * It is as strict as RFC 9112 lets a client be: no line ends but CRLF, no folded lines, no space
 * before the colon. Names and the framing are checked here, values by whoever passes them on.
 *
 * @throws ResponseHeadError
 */
export function parseHttp1Head(text: string, method: string): Http1Head {
  const lineEnd = text.indexOf('\r\n')
  const line = STATUS_LINE.exec(text.slice(0, lineEnd))
  if (line === null) {
    throw new ResponseHeadError(`malformed HTTP response ${JSON.stringify(text.slice(0, 40))}`)
  }
  const isHttp10 = line[1] === '0'
  const status = Number(line[2])
  // Neither something before the response nor the response.
  if (status < 100) throw new ResponseHeadError(`invalid response status ${line[2]}`)
  const seen: ConnectionFields = {
    length: undefined,
    transferEncoding: undefined,
    connection: undefined,
    keepAlive: undefined,
  }
  const headers = parseFieldLines(text, lineEnd + 2, seen)
  const framing = framingOf({method, status, isHttp10, ...seen})
  // Where two lengths were given, servers and proxies may differ about what follows.
  // Nor is it sure that nothing follows where the head says that something does (204).
  const hasChunks = seen.transferEncoding !== undefined
  const hasLength = seen.length !== undefined
  const saysContent = hasChunks || (seen.length ?? 0) > 0
  const isInDoubt = (hasChunks && hasLength) || (status === 204 && saysContent)
  // The chunks say how long it is (RFC 9112 §6.3); Go's client goes by them, too.
  if (isInDoubt) headers.delete('content-length')
  return {
    status,
    headers,
    framing,
    isReusable: framing.kind !== 'until-close' && !isInDoubt && staysOpen(seen, isHttp10),
    keepAliveSeconds: secondsOf(seen.keepAlive),
  }
}

/**
 * Reads the fields after the last chunk, each with its CRLF.
 *
 * @throws ResponseHeadError
 */
export function parseHttp1Trailers(text: string): HeaderFields {
  return parseFieldLines(text, 0)
}

function parseFieldLines(text: string, start: number, seen?: ConnectionFields): HeaderFields {
  const flat: string[] = []
  for (let at = start; at < text.length;) {
    const end = text.indexOf('\r\n', at)
    const colon = text.indexOf(':', at)
    // What is before the colon is a name and nothing else: no space, no folded line.
    const name = colon < 0 || colon > end ? undefined : fieldName(text.slice(at, colon))
    if (name === undefined) {
      const shown = JSON.stringify(text.slice(at, Math.min(end, at + 40)))
      throw new ResponseHeadError(`malformed header field line ${shown}`)
    }
    const value = trimmed(text, colon + 1, end)
    flat.push(name.lower, value)
    if (seen !== undefined && name.inResponse !== 'end-to-end') note(seen, name.lower, value)
    at = end + 2
  }
  return new HeaderFields(flat)
}

function note(seen: ConnectionFields, name: string, value: string): void {
  if (name === 'content-length') seen.length = agreedLength(seen.length, value)
  else if (name === 'transfer-encoding')
    seen.transferEncoding = joined(seen.transferEncoding, value)
  else if (name === 'connection') seen.connection = joined(seen.connection, value)
  else if (name === 'keep-alive') seen.keepAlive = value
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before},${value}`
}

/** Without spaces and tabs around it. */
function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/**
 * Where the content ends (RFC 9112 §6.3).
 *
 * | answers HEAD, or 1xx, 204, 304 | transfer-encoding | content-length | version | content     |
 * | ------------------------------ | ----------------- | -------------- | ------- | ----------- |
 * | yes                            | any               | any            | any     | none        |
 * | no                             | chunked           | any            | 1.1     | chunked     |
 * | no                             | any               | any            | 1.0     | an error    |
 * | no                             | another           | any            | any     | an error    |
 * | no                             | none              | given          | any     | that long   |
 * | no                             | none              | none           | any     | until close |
 */
function framingOf(head: {
  readonly method: string
  readonly status: number
  readonly isHttp10: boolean
  readonly transferEncoding: string | undefined
  readonly length: number | undefined
}): Framing {
  const {method, status, transferEncoding, length} = head
  if (method === 'HEAD' || status < 200 || isBodiless(status)) return {kind: 'none'}
  if (transferEncoding !== undefined) {
    if (head.isHttp10 || transferEncoding.toLowerCase() !== 'chunked') {
      throw new ResponseHeadError(
        `unsupported transfer encoding ${JSON.stringify(transferEncoding)}`,
      )
    }
    return {kind: 'chunked'}
  }
  return length === undefined ? {kind: 'until-close'} : {kind: 'length', bytes: length}
}

function staysOpen({connection}: ConnectionFields, isHttp10: boolean): boolean {
  if (connection === undefined) return !isHttp10
  const options = connection.toLowerCase()
  if (/(?:^|[\s,])close(?:$|[\s,])/.test(options)) return false
  return !isHttp10 || options.includes('keep-alive')
}

function secondsOf(keepAlive: string | undefined): number | undefined {
  if (keepAlive === undefined) return undefined
  const seconds = /(?:^|[\s,])timeout=(\d{1,9})/i.exec(keepAlive)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}
