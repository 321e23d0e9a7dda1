import * as http from 'node:http'
import type {Duplex} from 'node:stream'
import {connect as connectTls} from 'node:tls'
import type {ApiResponse} from '../../../api/transport.ts'
import {messageOf} from '../../../util/message-of.ts'
import {failure} from '../../../api/meta/status-error.ts'
import {serviceUnavailable} from '../errors.ts'
import type {ServerRequest, ServerContext} from '../request-context.ts'
import {text} from '../discovery/plain-text.ts'
import {readProxyPath, type ProxyPath} from './proxy-path.ts'
import type {ProxyTarget} from './proxy-target.ts'

/** Headers that are for one connection only, and the client's right to be here. */
const NOT_PASSED_ON = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** A request that is to be passed on. */
interface Proxied {
  readonly path: ProxyPath
  /** Throws the StatusError of kube-apiserver where nothing is behind the object. */
  readonly findTarget: () => ProxyTarget
}

/** Whether a path leads to the program behind an object, of a kind that has one. */
export function findProxied(server: ServerContext, escapedPath: string): Proxied | undefined {
  const path = readProxyPath(escapedPath)
  const resource = path && server.registry.find('', 'v1', path.resource)
  if (path === undefined || resource === undefined) return undefined
  const {proxyTarget} = resource.subresources.get('proxy') ?? {}
  if (proxyTarget === undefined || resource.type.namespaced === (path.namespace === '')) {
    return undefined
  }
  return {path, findTarget: () => proxyTarget(server, path)}
}

/**
 * Passes a request on to the program behind an object, and its answer back as it comes.
 *
 * Counterpart of apimachinery `util/proxy` UpgradeAwareHandler, without connections that switch to
 * another protocol.
 */
export async function proxy(
  request: ServerRequest,
  {path, findTarget}: Proxied,
): Promise<ApiResponse> {
  const target = findTarget()
  const {method, headers, query, signal} = request
  if (headers['upgrade'] !== undefined) {
    const why = 'connections that switch to another protocol are not passed on; use port-forward'
    throw failure(501, 'NotAcceptable', why)
  }
  const search = request.search ?? searchOf(query)
  if (path.path === '' && (method === 'GET' || method === 'HEAD')) {
    const location = `${path.prefix}/${search}`
    return {...text(301, ''), headers: {location}}
  }
  try {
    const socket = await target.connect()
    const connection =
      // A certificate could only be for a name that pods do not have.
      target.scheme === 'https' ? connectTls({socket, rejectUnauthorized: false}) : socket
    const answer = await send(connection, {
      method,
      path: `${path.path || '/'}${search}`,
      headers: {
        ...passedOn(headers),
        'x-forwarded-uri': path.prefix + path.path,
        ...(headers['host'] !== undefined && {'x-forwarded-host': headers['host']}),
        'x-forwarded-proto': 'https',
      },
      body: bodyOf(request),
      signal,
    })
    return {
      status: answer.statusCode ?? 502,
      headers: answerHeaders(answer, path.prefix),
      warnings: [],
      body: {kind: 'bytes', chunks: answer},
    }
  } catch (error) {
    throw serviceUnavailable(`error trying to reach service: ${messageOf(error)}`)
  }
}

interface Outgoing {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly signal: AbortSignal | undefined
}

function send(
  connection: Duplex,
  {method, path, headers, body, signal}: Outgoing,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      method,
      path,
      headers: {...headers, connection: 'close'},
      createConnection: () => connection,
      ...(signal !== undefined && {signal}),
    })
    outgoing.on('error', (error) => {
      connection.destroy()
      reject(error)
    })
    outgoing.on('response', (answer) => {
      answer.once('close', () => connection.destroy())
      resolve(answer)
    })
    outgoing.end(body)
  })
}

function passedOn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name)))
}

/** A redirection to a path of the program leads through the proxy again. */
function answerHeaders(answer: http.IncomingMessage, prefix: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || (NOT_PASSED_ON.has(name) && name !== 'content-length')) continue
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const {location} = headers
  if (location?.startsWith('/')) headers['location'] = prefix + location
  return headers
}

function bodyOf({body}: ServerRequest): Uint8Array | undefined {
  if (body.kind === 'bytes') return body.bytes
  return body.kind === 'document' ? Buffer.from(JSON.stringify(body.value)) : undefined
}

function searchOf(query: ReadonlyMap<string, string>): string {
  return query.size === 0 ? '' : `?${new URLSearchParams([...query]).toString()}`
}
