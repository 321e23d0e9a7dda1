/** A request to a Service through the gateway, without any DNS. */
import {rootCertificates} from 'node:tls'
import {SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import {SECRETS} from '../api/core/v1.ts'
import {KNTOOL_AUTHORITY_SECRET} from '../api/networking/names.ts'
import {SERVICES} from '../api/serving/v1.ts'
import type {Client} from '../client/client.ts'
import type {Connection, GatewayAccess} from './connection.ts'
import {findAddress} from './find-address.ts'
import {requestThrough} from './request-through.ts'

/** What to call, and what to send. */
export interface CallRequest {
  readonly namespace: string
  readonly name: string
  /** Path and query; `/` in front is added. */
  readonly path: string
  readonly tag?: string | undefined
  /** See `resolveReference`; the revision needs a tag, by which alone the gateway knows it. */
  readonly revision?: string | undefined
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal
}

/**
 * Who answered, as far as the gateway or the Service tells: a container of a revision, or those on
 * the way to it, who refused. A gateway that does not trace leaves it `unsure` where both give such
 * answers.
 */
export interface Answerer {
  readonly kind: 'revision' | 'refused' | 'unsure'
  /** Where the request was led; undefined where it was led nowhere, or to one of several. */
  readonly revision?: string
  readonly pod?: string
}

/** The answer. The body has to be read to its end. */
export interface CallResponse {
  readonly url: string
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: AsyncIterable<Uint8Array>
  readonly answeredBy: Answerer
  /** Where the time went, as far as the gateway tells, in order. */
  readonly phases: readonly {readonly name: string; readonly durationMs: number}[]
}

/** Asks the embedded gateway to say who answered and how long each part took; it repeats the field. */
const TRACE_HEADER = 'kntool-trace'
/** Envoy adds it to what it passes on, and not to what it answers itself. */
const UPSTREAM_TIME_HEADER = 'x-envoy-upstream-service-time'

/** Calls a Service. Throws `KN_NOT_READY` when it has no address, `KN_UNREACHABLE` without answer. */
export async function callService(
  connection: Connection,
  request: CallRequest,
): Promise<CallResponse> {
  const {namespace, name} = request
  const service = await connection.client.get(SERVICES, {namespace, name})
  const target = await findAddress(connection.client, service, request)
  const path = request.path.startsWith('/') ? request.path : `/${request.path}`
  const url = new URL(path, target.url).href
  const response = await send(connection, url, request)
  return {
    ...response,
    url,
    answeredBy: whoAnswered(response, target.revision),
    phases: parseServerTiming(fieldOf(response, 'server-timing') ?? ''),
  }
}

/**
 * Who gave an answer, from what the gateway says of it.
 *
 * | gateway                | the answer                      | kind     |
 * | ---------------------- | ------------------------------- | -------- |
 * | embedded, which traces | `kntool-trace: answered`        | revision |
 * |                        | `kntool-trace: refused`         | refused  |
 * | any other              | 502, 503, 504                   | unsure   |
 * |                        | without the time of an upstream | refused  |
 * |                        | any other                       | revision |
 */
export function whoAnswered(
  response: Pick<CallResponse, 'status' | 'headers'>,
  onlyRevision: string | undefined,
): Answerer {
  const traced = fieldOf(response, TRACE_HEADER)
  if (traced !== undefined) {
    const revision = fieldOf(response, 'kntool-destination')?.split('/').at(-1)
    const pod = fieldOf(response, 'kntool-pod')
    return {
      kind: traced === 'answered' ? 'revision' : 'refused',
      ...(revision !== undefined && {revision}),
      ...(pod !== undefined && {pod}),
    }
  }
  const known = onlyRevision === undefined ? {} : {revision: onlyRevision}
  if ([502, 503, 504].includes(response.status)) return {kind: 'unsure', ...known}
  const reached = fieldOf(response, UPSTREAM_TIME_HEADER) !== undefined
  return {kind: reached ? 'revision' : 'refused', ...known}
}

function fieldOf({headers}: Pick<CallResponse, 'headers'>, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}

/** The entries of a `server-timing` field that have a duration. */
export function parseServerTiming(field: string): {name: string; durationMs: number}[] {
  return [...field.matchAll(/([\w-]+)(?:;[^,;]+)*?;dur=([\d.]+)/g)].map(
    ([, name = '', duration]) => ({name, durationMs: Number(duration)}),
  )
}

type RawResponse = Pick<CallResponse, 'status' | 'headers' | 'body'>

async function send(
  connection: Connection,
  url: string,
  request: CallRequest,
): Promise<RawResponse> {
  const gateway = await connection.gateway()
  const headers: [string, string][] = [
    ...request.headers.map(([name, value]): [string, string] => [name, value]),
    [TRACE_HEADER, '1'],
  ]
  if (gateway.kind === 'in-process') {
    const response = await gateway.fetch(url, {
      method: request.method,
      headers,
      redirect: 'manual',
      ...(request.body !== undefined && {body: request.body as NonNullable<RequestInit['body']>}),
      ...(request.signal && {signal: request.signal}),
    })
    return {
      status: response.status,
      headers: [...response.headers],
      body: response.body ?? emptyBody(),
    }
  }
  const entrance = await entranceFor(url, gateway, connection.client)
  return requestThrough(entrance, {
    url,
    method: request.method,
    headers,
    body: request.body,
    ...(request.signal && {signal: request.signal}),
    ...(entrance.trusted && {trusted: entrance.trusted}),
  })
}

/**
 * The port of a gateway that serves a URL. At that for HTTPS whoever is trusted everywhere is
 * trusted, and the authority of the cluster's own, which nothing on this machine knows.
 */
async function entranceFor(
  url: string,
  {host, port, httpsPort}: Extract<GatewayAccess, {kind: 'address'}>,
  client: Client,
): Promise<{host: string; port: number; trusted?: readonly string[]}> {
  if (httpsPort === undefined || !url.startsWith('https:')) return {host, port}
  const key = {namespace: SYSTEM_NAMESPACE, name: KNTOOL_AUTHORITY_SECRET}
  const own = (await client.find(SECRETS, key))?.data?.['tls.crt']
  const trusted = [
    ...rootCertificates,
    ...(own === undefined ? [] : [Buffer.from(own, 'base64').toString()]),
  ]
  return {host, port: httpsPort, trusted}
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
