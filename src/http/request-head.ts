import {HeaderFields} from './header-fields.ts'

/** A request's fields, sorted into those that travel on and those that meant this connection. */
export interface RequestHead {
  readonly host: string
  /** End-to-end fields, without `host`. */
  readonly headers: HeaderFields
  readonly hasBody: boolean
  readonly expectsContinue: boolean
  readonly upgrade: string | undefined
}

/** What becomes of a field of a request. */
type FieldKind = 'end-to-end' | 'dropped' | 'handled'

interface FieldName {
  readonly lower: string
  readonly kind: FieldKind
}

/** Fields of one connection (RFC 9110 §7.6.1), of which nothing is kept. */
const DROPPED = new Set([
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'http2-settings',
])
/** Fields whose meaning is kept in another form. */
const HANDLED = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'content-length',
  'te',
  'upgrade',
  'expect',
])

/**
 * Names as clients spell them, with their lower-case form. Clients send the same few names again
 * and again; one look-up replaces lower-casing and three comparisons per field.
 */
const NAMES = new Map<string, FieldName>()
const MAX_NAMES = 1000

function fieldName(raw: string): FieldName {
  const known = NAMES.get(raw)
  if (known !== undefined) return known
  // A property name is the one string of its kind, which makes later comparisons cheap.
  const [lower = ''] = Object.keys({[raw.toLowerCase()]: true})
  const kind = HANDLED.has(lower) ? 'handled' : DROPPED.has(lower) ? 'dropped' : 'end-to-end'
  const name: FieldName = {lower, kind}
  if (NAMES.size < MAX_NAMES) NAMES.set(raw, name)
  return name
}

/**
 * Reads the fields of a request as the parser gave them: names and values in turn.
 *
 * Connection-level fields and those that `connection` lists are taken out, as RFC 9110 §7.6.1 asks
 * of whoever forwards a message. Pseudo fields of HTTP/2 (`:path`) are left out.
 */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const flat: string[] = []
  let host = ''
  let hasBody = false
  let expectsContinue = false
  let upgrade: string | undefined
  let connection: string | undefined
  for (let at = 0; at < raw.length; at += 2) {
    const name = fieldName(raw[at] ?? '')
    const value = raw[at + 1] ?? ''
    if (name.kind === 'end-to-end') {
      // A pseudo field begins with a colon.
      if (name.lower.charCodeAt(0) !== 58) flat.push(name.lower, value)
      continue
    }
    if (name.kind === 'dropped') continue
    switch (name.lower) {
      case 'host':
        host = value
        break
      case 'connection':
        connection = connection === undefined ? value : `${connection},${value}`
        break
      case 'transfer-encoding':
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
  if (connection !== undefined) removeListed(headers, connection)
  return {host, headers, hasBody, expectsContinue, upgrade}
}

/** Fields of a response that mean one connection. `trailer` stays: it announces end-to-end fields. */
const RESPONSE_DROPPED = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'transfer-encoding',
  'te',
  'upgrade',
])

/**
 * The end-to-end fields of a response, given with lower-case names.
 *
 * Counterpart of what Go's httputil.ReverseProxy does before it copies a response.
 */
export function readResponseHead(
  record: Readonly<Record<string, string | readonly string[] | undefined>>,
): HeaderFields {
  const flat: string[] = []
  for (const name in record) {
    if (RESPONSE_DROPPED.has(name) || name.charCodeAt(0) === 58) continue
    const value = record[name]
    if (typeof value === 'string') flat.push(name, value)
    else if (value !== undefined) for (const item of value) flat.push(name, item)
  }
  const headers = new HeaderFields(flat)
  const connection = record['connection']
  if (connection !== undefined) removeListed(headers, [connection].flat().join(','))
  return headers
}

function removeListed(headers: HeaderFields, connection: string): void {
  // By far the most frequent values name no field.
  if (connection === 'keep-alive' || connection === 'close') return
  for (const token of connection.split(',')) {
    const name = token.trim().toLowerCase()
    if (name !== '' && name !== 'close' && name !== 'keep-alive' && name !== 'content-length') {
      headers.delete(name)
    }
  }
}
