import {request as sendRequest} from 'node:http'
import {KntoolError} from '../errors/kntool-error.ts'

/** A request whose host is only a name for the gateway to route by. */
export interface GatewayRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal
}

/** Sends a request to a gateway's address with the URL's host in the `Host` field. */
export function requestThrough(
  gateway: {readonly host: string; readonly port: number},
  {url, method, headers, body, signal}: GatewayRequest,
): Promise<{
  status: number
  headers: [name: string, value: string][]
  body: AsyncIterable<Uint8Array>
}> {
  const {host, pathname, search} = new URL(url)
  const {promise, resolve, reject} =
    Promise.withResolvers<Awaited<ReturnType<typeof requestThrough>>>()
  const outgoing = sendRequest({
    host: gateway.host,
    port: gateway.port,
    method,
    path: pathname + search,
    agent: false,
    ...(signal && {signal}),
  })
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  if (!given.has('host')) outgoing.setHeader('host', host)
  for (const [name, value] of headers) outgoing.appendHeader(name, value)
  outgoing.on('response', (response) => {
    const {rawHeaders} = response
    const pairs = rawHeaders.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
    )
    resolve({status: response.statusCode ?? 0, headers: pairs, body: response})
  })
  outgoing.on('error', (cause) => {
    reject(
      signal?.aborted
        ? cause
        : new KntoolError(
            'KN_UNREACHABLE',
            `The gateway at ${gateway.host}:${gateway.port} did not answer: ${cause.message}.`,
            {hint: 'kntool local status', cause},
          ),
    )
  })
  outgoing.end(body)
  return promise
}
