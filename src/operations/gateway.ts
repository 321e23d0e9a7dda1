import {CORE_SERVICES} from '../api/core/v1.ts'
import type {Client} from '../client/client.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {GatewayAccess} from './connection.ts'
import {ISTIO_NAMESPACE} from '../api/config/system-namespace.ts'

const GATEWAY = {namespace: ISTIO_NAMESPACE, name: 'istio-ingressgateway'}

/** Where the gateway of a cluster of this machine listens. */
export interface GatewayUrls {
  readonly gatewayUrl: string
  readonly gatewayHttpsUrl?: string | undefined
}

/** The address behind such URLs. */
export function localGatewayAccess({gatewayUrl, gatewayHttpsUrl}: GatewayUrls): GatewayAccess {
  const {hostname, port} = new URL(gatewayUrl)
  return {
    kind: 'address',
    host: hostname,
    port: Number(port || 80),
    ...(gatewayHttpsUrl !== undefined && {httpsPort: Number(new URL(gatewayHttpsUrl).port || 443)}),
  }
}

/**
 * The address of a cluster's gateway: `local` if the cluster runs here, else that of the load
 * balancer in front of `istio-ingressgateway`.
 *
 * Throws `KN_NOT_FOUND` when there is none, or none yet.
 */
export async function findClusterGateway(
  client: Client,
  local: GatewayUrls | undefined,
): Promise<GatewayAccess> {
  if (local !== undefined) return localGatewayAccess(local)
  const service = await client.find(CORE_SERVICES, GATEWAY)
  const where = `${GATEWAY.namespace}/${GATEWAY.name}`
  if (service === undefined) {
    throw new KntoolError('KN_NOT_FOUND', `The cluster has no gateway: no Service ${where}.`, {
      hint: 'kntool install --domain DOMAIN',
    })
  }
  const [ingress] = service.status?.loadBalancer?.ingress ?? []
  const host = ingress?.hostname ?? ingress?.ip
  if (host === undefined) {
    throw new KntoolError('KN_NOT_FOUND', `The gateway ${where} has no external address (yet).`, {
      hint: `kubectl describe service -n ${GATEWAY.namespace} ${GATEWAY.name}`,
    })
  }
  const ports = service.spec.ports ?? []
  const port = ports.find(({name}) => name === 'http2' || name === 'http')?.port ?? 80
  return {kind: 'address', host, port}
}
