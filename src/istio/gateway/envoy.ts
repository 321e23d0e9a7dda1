import {randomUUID} from 'node:crypto'
import type {Exchange} from '../../http/exchange.ts'
import {HeaderFields} from '../../http/header-fields.ts'
import type {CompiledMatch, MatchableRequest} from './request-match.ts'
import {addTraceContext} from './trace-context.ts'

/** What the gateway calls itself in responses, as Istio configures Envoy. */
const SERVER = 'istio-envoy'

/** Answers of the gateway's own, word by word as Envoy's. */
export const ENVOY_REPLIES = {
  /** A path that cannot be normalised. */
  badPath: {status: 400, text: ''},
  /** No route for the host or the path. */
  notFound: {status: 404, text: ''},
  /** The destination does not exist. */
  noCluster: {status: 503, text: ''},
  /** The destination has no ready address. */
  noHealthyUpstream: {status: 503, text: 'no healthy upstream'},
  /** No address could be connected to. */
  connectionFailure: {
    status: 503,
    text: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: 111',
  },
  timeout: {status: 504, text: 'upstream request timeout'},
} as const

/** Sends one of {@link ENVOY_REPLIES}; done when it returns. */
export function replyLocally(
  exchange: Exchange,
  reply: (typeof ENVOY_REPLIES)[keyof typeof ENVOY_REPLIES],
): Promise<void> {
  if (reply.text === '') exchange.respond(reply.status)
  else {
    const headers = HeaderFields.from({'content-type': 'text/plain'})
    exchange.respond(reply.status, reply.text, headers)
  }
  return Promise.resolve()
}

/** How a request came to the gateway. */
export type Scheme = 'http' | 'https'

/** Adds what an edge proxy tells those behind it about the client and the request. */
export function decorateRequest(exchange: Exchange, scheme: Scheme): void {
  const {headers, remoteAddress} = exchange
  headers.addToList('x-forwarded-for', plainAddress(remoteAddress))
  // An edge proxy believes no client that says how it came.
  headers.set('x-forwarded-proto', scheme)
  if (!headers.has('x-request-id')) headers.add('x-request-id', randomUUID())
  headers.set('x-envoy-attempt-count', '1')
  addTraceContext(headers)
}

/** Names the server of every response, whatever the upstream called itself. */
export function decorateResponse(headers: HeaderFields): void {
  headers.set('server', SERVER)
}

/** Says how long those behind the gateway took, in whole milliseconds. */
export function addServiceTime(headers: HeaderFields, durationMs: number): void {
  headers.set('x-envoy-upstream-service-time', `${Math.max(0, Math.round(durationMs))}`)
}

/** Replaces authority and path as a route asks; a matched prefix of the path is exchanged. */
export function rewriteRequest(
  exchange: Exchange,
  rewrite: {readonly authority?: string; readonly uri?: string},
  match: CompiledMatch | undefined,
): void {
  if (rewrite.authority !== undefined) exchange.host = rewrite.authority
  if (rewrite.uri === undefined) return
  exchange.headers.set('x-envoy-original-path', exchange.path)
  exchange.path = rewritePath(exchange.path, rewrite.uri, match?.pathPrefix)
}

/** The path with its matched prefix replaced; without a prefix all of it, the query kept. */
function rewritePath(path: string, uri: string, prefix: string | undefined): string {
  if (prefix !== undefined) return `${uri}${path.slice(prefix.length)}`
  const query = path.indexOf('?')
  return query < 0 ? uri : `${uri}${path.slice(query)}`
}

/** Where a redirect of a route leads, and with which status. */
export function redirectOf(
  request: MatchableRequest,
  redirect: Readonly<Record<string, unknown>>,
): {readonly status: number; readonly location: string} {
  const text = (name: string): string | undefined => {
    const value = redirect[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const code = redirect['redirectCode']
  const authority = text('authority') ?? request.host
  return {
    status: typeof code === 'number' && code !== 0 ? code : 301,
    location: `${text('scheme') ?? 'http'}://${authority}${text('uri') ?? request.path}`,
  }
}

/** IPv4 clients of a dual-stack socket appear as `::ffff:127.0.0.1`. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
