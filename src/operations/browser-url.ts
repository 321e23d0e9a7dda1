import {SERVICES} from '../api/serving/v1.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {Connection, GatewayAccess} from './connection.ts'
import {type AddressChoice, findAddress} from './find-address.ts'

/**
 * The URL of a Service for a browser on this machine: that of its status and, where the gateway
 * listens on a loopback address, its port, which no status has.
 *
 * Throws `KN_FAILED` where nothing answers once the command is over.
 */
export async function browserUrl(
  connection: Connection,
  {namespace, name, ...choice}: AddressChoice & {namespace: string; name: string},
): Promise<string> {
  const {client} = connection
  const service = await client.get(SERVICES, {namespace, name})
  const {url} = await findAddress(client, service, choice)
  const gateway = await knownGateway(connection)
  if (gateway?.kind === 'in-process') {
    throw new KntoolError('KN_FAILED', `Nothing answers at ${url} while no cluster runs.`, {
      hint: 'kntool local up --detach',
    })
  }
  if (gateway === undefined || !isLoopback(gateway.host)) return url
  const port = url.startsWith('https:') ? gateway.httpsPort : gateway.port
  return port === undefined ? url : withPort(url, port)
}

// Another ingress than Istio's has no gateway that kntool knows; its URLs are good all the same.
async function knownGateway(connection: Connection): Promise<GatewayAccess | undefined> {
  try {
    return await connection.gateway()
  } catch (error) {
    if (error instanceof KntoolError && error.code === 'KN_NOT_FOUND') return undefined
    throw error
  }
}

function isLoopback(host: string): boolean {
  return /^(127\.|localhost$|\[?::1\]?$)/.test(host)
}

function withPort(text: string, port: number): string {
  const url = new URL(text)
  url.port = String(port)
  return url.href.replace(/\/$/, '')
}
