/** A request to a Service through the gateway, without any DNS. */
import {type Revision, REVISIONS, type Service, SERVICES} from '../api/serving/v1.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {Connection, GatewayAccess} from './connection.ts'
import {requestThrough} from './request-through.ts'

/** What to call, and what to send. */
export interface CallRequest {
  readonly namespace: string
  readonly name: string
  /** Path and query; `/` in front is added. */
  readonly path: string
  readonly tag?: string | undefined
  /** A revision; it needs a tag, because the gateway knows revisions by their tags only. */
  readonly revision?: string | undefined
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal
}

/** The answer. The body has to be read to its end. */
export interface CallResponse {
  readonly url: string
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: AsyncIterable<Uint8Array>
  /** Who answered, as far as the gateway or the Service tells. */
  readonly answeredBy: {readonly revision?: string; readonly pod?: string}
  /** Where the time went, as far as the gateway tells, in order. */
  readonly phases: readonly {readonly name: string; readonly durationMs: number}[]
}

/** Asks the embedded gateway to say who answered and how long each part took. */
const TRACE_HEADER = 'kntool-trace'

/** Calls a Service. Throws `KN_NOT_READY` when it has no address, `KN_UNREACHABLE` without answer. */
export async function callService(
  connection: Connection,
  request: CallRequest,
): Promise<CallResponse> {
  const {namespace, name} = request
  const service = await connection.client.get(SERVICES, {namespace, name})
  const target = await chooseTarget(connection, service, request)
  const path = request.path.startsWith('/') ? request.path : `/${request.path}`
  const url = new URL(path, target.url).href
  const gateway = await connection.gateway()
  const response = await send(gateway, url, request)
  const field = (wanted: string): string | undefined =>
    response.headers.find(([header]) => header.toLowerCase() === wanted)?.[1]
  const revision = field('kntool-destination')?.split('/').at(-1) ?? target.revision
  const pod = field('kntool-pod')
  return {
    ...response,
    url,
    answeredBy: {...(revision !== undefined && {revision}), ...(pod !== undefined && {pod})},
    phases: parseServerTiming(field('server-timing') ?? ''),
  }
}

/** The entries of a `server-timing` field that have a duration. */
export function parseServerTiming(field: string): {name: string; durationMs: number}[] {
  return [...field.matchAll(/([\w-]+)(?:;[^,;]+)*?;dur=([\d.]+)/g)].map(
    ([, name = '', duration]) => ({name, durationMs: Number(duration)}),
  )
}

async function chooseTarget(
  {client}: Connection,
  service: Service,
  {namespace, name, tag, revision}: CallRequest,
): Promise<{url: string; revision: string | undefined}> {
  const traffic = service.status?.traffic ?? []
  if (tag !== undefined || revision !== undefined) {
    const target = traffic.find((candidate) =>
      tag === undefined
        ? candidate.revisionName === revision && candidate.url !== undefined
        : candidate.tag === tag,
    )
    if (target?.url !== undefined) return {url: target.url, revision: target.revisionName}
    if (revision !== undefined) {
      await client.get<Revision>(REVISIONS, {namespace, name: revision})
      throw new KntoolError('KN_FAILED', `Revision '${revision}' has no URL of its own.`, {
        hint: `Give it a tag: kntool service update ${name} --tag ${revision}=try`,
      })
    }
    const tags = traffic.flatMap((candidate) => (candidate.tag ? [candidate.tag] : []))
    throw new KntoolError('KN_NOT_FOUND', `Service '${name}' has no tag "${tag}".`, {
      hint: `Tags: ${tags.join(', ') || 'none'}`,
    })
  }
  const url = service.status?.url
  if (url === undefined) {
    throw new KntoolError('KN_NOT_READY', `Service '${name}' has no URL yet.`, {
      hint: `kntool service describe ${name} -n ${namespace}`,
    })
  }
  const [only] = traffic.filter(({percent = 0}) => percent > 0)
  const whole = only?.percent === 100
  return {url, revision: whole ? only.revisionName : undefined}
}

type RawResponse = Pick<CallResponse, 'status' | 'headers' | 'body'>

async function send(
  gateway: GatewayAccess,
  url: string,
  request: CallRequest,
): Promise<RawResponse> {
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
  return requestThrough(gateway, {
    url,
    method: request.method,
    headers,
    body: request.body,
    ...(request.signal && {signal: request.signal}),
  })
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
