/** The Gateways that net-istio binds hosts to, and the Services of their pods, as installed. */
import {CORE_SERVICES, type CoreService, ENDPOINTS, type Endpoints} from '../../src/api/core/v1.ts'
import {type Gateway, GATEWAYS} from '../../src/api/istio/v1beta1.ts'
import type {Client} from '../../src/client/client.ts'

/** Where the gateway's only pod is. */
export const GATEWAY_POD_IP = '10.244.0.4'

/** Stores them all, with one pod behind the Services. */
export async function installIstio(client: Client): Promise<void> {
  for (const [service, endpoints] of [
    makeService('istio-ingressgateway', 80, 8080),
    makeService('knative-local-gateway', 80, 8081),
  ]) {
    await client.create(CORE_SERVICES, service)
    await client.create(ENDPOINTS, endpoints)
  }
  await client.create(GATEWAYS, makeGateway('knative-ingress-gateway', 80))
  await client.create(GATEWAYS, makeGateway('knative-local-gateway', 8081))
}

function makeService(name: string, port: number, podPort: number): [CoreService, Endpoints] {
  const metadata = {name, namespace: 'istio-system'}
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: {istio: 'ingressgateway'},
        ports: [{name: 'http2', port, targetPort: podPort}],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [{addresses: [{ip: GATEWAY_POD_IP}], ports: [{name: 'http2', port: podPort}]}],
    },
  ]
}

function makeGateway(name: string, port: number): Gateway {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name, namespace: 'knative-serving'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{hosts: ['*'], port: {name: 'http', number: port, protocol: 'HTTP'}}],
    },
  }
}
