import type {Probe, ProbeAnswer} from '../../install/network.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Connection} from '../connection.ts'
import {requestThrough} from '../request-through.ts'

const MAX_TEXT_BYTES = 64 * 1024

/** Requests to the gateway of a connection, to a host of its load balancer, or by name. */
export function createProbe(connection: Connection): Probe {
  return async (url, {route, timeoutMs}) => {
    if (route.kind === 'name')
      return request({host: new URL(url).hostname, port: 80}, url, timeoutMs)
    if (route.kind === 'host') return request(addressOf(route.host), url, timeoutMs)
    const gateway = await connection.gateway()
    if (gateway.kind === 'address') return request(gateway, url, timeoutMs)
    const response = await gateway.fetch(url)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    }
  }
}

// A port behind the host is for load balancers of tests, which cannot have port 80.
function addressOf(host: string): {host: string; port: number} {
  const url = new URL(`http://${host}`)
  return {host: url.hostname, port: Number(url.port || 80)}
}

async function request(
  address: {host: string; port: number},
  url: string,
  timeoutMs: number,
): Promise<ProbeAnswer> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const {status, headers, body} = await requestThrough(address, {
      url,
      method: 'GET',
      headers: [],
      signal,
    })
    return {
      status,
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      text: await readText(body),
    }
  } catch (error) {
    if (!signal.aborted) throw error
    throw new KntoolError(
      'KN_UNREACHABLE',
      `${address.host}:${address.port} did not answer within ${timeoutMs / 1000} s.`,
      {cause: error},
    )
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes > MAX_TEXT_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
