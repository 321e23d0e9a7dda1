import {request as sendHttp} from 'node:http'
import {request as sendHttps} from 'node:https'
import {KntoolError} from '../errors/kntool-error.ts'

/** A request whose host is only a name for the gateway to route by. */
export interface GatewayRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal
  /**
   * For a port that speaks TLS: certificates of authorities to trust, in PEM. The URL's host is the
   * one that is asked for (SNI), and that the certificate has to be of.
   */
  readonly trusted?: readonly string[]
}

/** Sends a request to a gateway's address with the URL's host in the `Host` field. */
export function requestThrough(
  gateway: {readonly host: string; readonly port: number},
  {url, method, headers, body, signal, trusted}: GatewayRequest,
): Promise<{
  status: number
  headers: [name: string, value: string][]
  body: AsyncIterable<Uint8Array>
}> {
  const {host, hostname, pathname, search} = new URL(url)
  const {promise, resolve, reject} =
    Promise.withResolvers<Awaited<ReturnType<typeof requestThrough>>>()
  const options = {
    host: gateway.host,
    port: gateway.port,
    method,
    path: pathname + search,
    agent: false,
    ...(signal && {signal}),
  }
  const outgoing =
    trusted === undefined
      ? sendHttp(options)
      : sendHttps({...options, servername: hostname, ca: [...trusted]})
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
