import {createServer, type Server} from 'node:https'
import {type IncomingMessage, ServerResponse} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import type {UserInfo} from '../../../api/admission.ts'
import type {ApiResponse} from '../../../api/transport.ts'
import {KntoolError} from '../../../errors/kntool-error.ts'
import {impersonate} from '../authentication/impersonate.ts'
import {contextOf, dispatch, failureResponse} from '../dispatch.ts'
import type {ServerRequest, Query, ServerContext} from '../request-context.ts'
import type {Body} from '../body.ts'
import {badRequest, entityTooLarge, unauthorized} from '../errors.ts'
import {mediaType} from '../read-body.ts'
import {isStream, NodeRefusal, serveUpgrade} from '../streaming/serve-upgrade.ts'
import type {UpgradeRequest} from '../streaming/websocket-handshake.ts'
import {decodeProtobuf} from './decode-protobuf.ts'
import {PROTOBUF_TYPE} from './protobuf-status.ts'
import {respond} from './respond.ts'

/** Where the API listens. */
export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls: {readonly key: string; readonly cert: string}
  /** Names besides the address that a Host header may carry. */
  readonly hostNames?: readonly string[]
}

/** An open HTTPS port of an API server. */
export interface HttpsFront {
  readonly port: number
  /** Ends watches and open requests, and resolves when nothing is left. */
  close(): Promise<void>
}

/** etcd takes 1.5 MiB in a request, kube-apiserver reads at most twice that. */
const MAX_BODY_BYTES = 3 * 1024 * 1024

/** What is read and thrown away of a body that is too large. */
const MAX_DRAINED_BYTES = 16 * 1024 * 1024

/** Paths that need no token: health and version, as for anonymous users of a real cluster. */
const PUBLIC_PATHS = /^\/(?:healthz|livez|readyz|version)(?:\/|$)/

type Authenticate = (token: string) => UserInfo | undefined

/** Opens the port. Rejects with `KN_PORT_IN_USE` when somebody else has it. */
export async function listenHttps(
  server: ServerContext,
  authenticate: Authenticate,
  options: ListenOptions,
): Promise<HttpsFront> {
  const closing = new AbortController()
  const http = createServer({
    key: options.tls.key,
    cert: options.tls.cert,
    // Clients with thousands of labels in a selector exist; the default of 16 KiB stops them.
    maxHeaderSize: 64 * 1024,
    // A watch may say nothing for a long time before the next request on its connection.
    keepAliveTimeout: 90_000,
  })
  const names = new Set(['localhost', options.host, ...(options.hostNames ?? [])])
  http.on('request', (request, response) => {
    void serve({server, authenticate, names, signal: closing.signal}, request, response)
  })
  const upgraded = new Set<Duplex>()
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined)
    socket.once('close', () => upgraded.delete(socket))
    upgraded.add(socket)
    void switchProtocol(
      {server, authenticate, names, signal: closing.signal},
      {request, socket, head},
    )
  })
  const port = await listen(http, options)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        closing.abort()
        // The server does not count those that switched to another protocol as its own.
        for (const socket of upgraded) socket.destroy()
        http.close(() => resolve())
        http.closeIdleConnections()
        // Streams end by the signal; a client that does not read its end must not keep us.
        setTimeout(() => http.closeAllConnections(), 500).unref()
      }),
  }
}

function listen(http: Server, {host, port}: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new KntoolError('KN_PORT_IN_USE', `port ${port} on ${host} is in use`, {cause})
          : cause,
      )
    })
    http.listen(port, host, () => resolve((http.address() as AddressInfo).port))
  })
}

interface FrontContext {
  readonly server: ServerContext
  readonly authenticate: Authenticate
  readonly names: ReadonlySet<string>
  readonly signal: AbortSignal
}

async function serve(
  front: FrontContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const ended = new AbortController()
  response.on('close', () => ended.abort())
  const signal = AbortSignal.any([ended.signal, front.signal])
  try {
    const serverRequest = await readRequest(front, request, signal)
    const answer = await dispatch(front.server, serverRequest)
    await respond(answer, request, response)
  } catch (error) {
    if (response.headersSent) response.destroy()
    else await respond(failureResponse(error), request, response)
  }
}

/** Serves a request for a stream; any other is answered as if it had not offered a protocol. */
async function switchProtocol(front: FrontContext, upgrade: UpgradeRequest): Promise<void> {
  const {request, socket} = upgrade
  const response = new ServerResponse(request)
  let answer: ApiResponse
  try {
    const serverRequest = await readRequest(front, request, front.signal)
    const context = contextOf(front.server, serverRequest)
    if (context !== undefined && isStream(context)) {
      const {searchParams} = new URL(request.url ?? '/', 'https://localhost')
      await serveUpgrade(context, searchParams, upgrade)
      return
    }
    answer = await dispatch(front.server, serverRequest)
  } catch (error) {
    answer = error instanceof NodeRefusal ? plainText(error.message) : failureResponse(error)
  }
  response.shouldKeepAlive = false
  response.assignSocket(socket as Socket)
  response.once('finish', () => socket.end())
  await respond(answer, request, response)
}

/** What a node refuses with. */
function plainText(message: string): ApiResponse {
  return {
    status: 500,
    headers: {'content-type': 'text/plain; charset=utf-8'},
    warnings: [],
    body: {kind: 'bytes', chunks: asyncOf(Buffer.from(`${message}\n`))},
  }
}

async function* asyncOf(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk)
}

async function readRequest(
  front: FrontContext,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<ServerRequest> {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  checkHost(request, front.names)
  const user = userOf(request, path, front)
  const body = await bodyOf(request)
  return {
    method: request.method ?? 'GET',
    path,
    query: parseQuery(mark < 0 ? '' : target.slice(mark + 1)),
    search: mark < 0 ? '' : target.slice(mark),
    headers: headersOf(request),
    body,
    user,
    signal,
  }
}

/** A page in a browser that resolves its own name to 127.0.0.1 must not reach the API. */
function checkHost(request: IncomingMessage, names: ReadonlySet<string>): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  if (!names.has(host.toLowerCase())) throw unauthorized()
}

const ANONYMOUS: UserInfo = {username: 'system:anonymous', groups: ['system:unauthenticated']}

/** Who sent a request, and as whom it counts. */
function userOf(request: IncomingMessage, path: string, front: FrontContext): UserInfo {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')
  const user = match?.[1] === undefined ? undefined : front.authenticate(match[1])
  if (user !== undefined) return impersonate(user, request.headersDistinct)
  if (PUBLIC_PATHS.test(path)) return ANONYMOUS
  throw unauthorized()
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const bytes = await readBody(request)
  if (bytes.length === 0 && request.method === 'GET') return {kind: 'none'}
  const type = request.headers['content-type']
  if (mediaType(type) !== PROTOBUF_TYPE || request.method === 'PATCH') {
    return {kind: 'bytes', bytes, type}
  }
  const document = await decodeProtobuf(bytes).catch((error: unknown) => {
    throw badRequest(`the body is no Kubernetes protobuf: ${String(error)}`)
  })
  return document === undefined ? {kind: 'bytes', bytes, type} : {kind: 'document', value: document}
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) chunks.length = 0
    else chunks.push(chunk)
    // A client that is still sending does not read our answer, so that a bit more is let in.
    if (size > MAX_DRAINED_BYTES) break
  }
  if (size > MAX_BODY_BYTES) throw entityTooLarge(MAX_BODY_BYTES)
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

function parseQuery(text: string): Query {
  const query = new Map<string, string>()
  if (text === '') return query
  for (const [name, value] of new URLSearchParams(text)) {
    if (!query.has(name)) query.set(name, value)
  }
  return query
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}
