/** A gateway with Services and pods that are entries of tables. */
import {text} from 'node:stream/consumers'
import type {
  Gateway,
  HTTPRoute,
  HTTPRouteDestination,
  VirtualService,
} from '../../../../src/api/istio/v1beta1.ts'
import {ClusterNetwork} from '../../../../src/http/cluster-network.ts'
import type {HttpHandler} from '../../../../src/http/exchange.ts'
import {HeaderFields} from '../../../../src/http/header-fields.ts'
import {callHandler} from '../../../../src/http/in-process.ts'
import type {ExchangeRecord} from '../../../../src/istio/gateway/exchange-record.ts'
import {IngressGateway} from '../../../../src/istio/gateway/gateway.ts'
import type {ServiceTarget} from '../../../../src/kubernetes/kube-proxy/service-target.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'

/** Address of the gateway's pod. */
export const POD_IP = '10.244.0.2'

/** A Gateway that the gateway of these tests is selected by. */
export function gatewayObject(name: string, port: number): Gateway {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name, namespace: 'knative-serving'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{hosts: ['*'], port: {number: port, protocol: 'HTTP'}}],
    },
  }
}

/** A VirtualService for both gateways. */
export function virtualService(name: string, host: string, http: HTTPRoute[]): VirtualService {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {name, namespace: 'default'},
    spec: {
      gateways: [
        'knative-serving/knative-ingress-gateway',
        'knative-serving/knative-local-gateway',
      ],
      hosts: [host],
      http,
    },
  }
}

/** A destination in namespace default. */
export function destination(
  service: string,
  more: Partial<HTTPRouteDestination> = {},
): HTTPRouteDestination {
  return {
    destination: {host: `${service}.default.svc.cluster.local`, port: {number: 80}},
    ...more,
  }
}

/** A gateway, Services as a table, and pods that say who they are and what they got. */
export class World {
  readonly clock = new FakeClock()
  readonly network = new ClusterNetwork()
  readonly services = new Map<string, ServiceTarget>()
  readonly records: ExchangeRecord[] = []
  readonly logs: string[] = []
  random = 0
  readonly gateway = new IngressGateway({
    clock: this.clock,
    network: this.network,
    labels: {istio: 'ingressgateway'},
    podIp: POD_IP,
    resolveService: (name, namespace, port) => this.services.get(`${namespace}/${name}:${port}`),
    random: () => this.random,
    onExchange: (record) => this.records.push(record),
    log: (line) => this.logs.push(line),
  })

  constructor() {
    this.gateway.setGateway(gatewayObject('knative-ingress-gateway', 80))
    this.gateway.setGateway(gatewayObject('knative-local-gateway', 8081))
  }

  /** A Service with one pod behind it. */
  serve(service: string, ip: string, handler: HttpHandler = echo): () => void {
    this.services.set(`default/${service}:80`, {kind: 'endpoints', addresses: [{ip, port: 8012}]})
    return this.network.bind(ip, 8012, handler)
  }

  async call(
    host: string,
    headers: Record<string, string> = {},
    path = '/',
  ): Promise<{status: number; headers: HeaderFields; body: string}> {
    const handler = this.network.dial(POD_IP, 8080)
    if (handler === undefined) throw new Error('the gateway is not bound')
    const response = await callHandler(handler, {host, path, headers, nowMs: this.clock.now()})
    return {
      status: response.status,
      headers: response.headers,
      body: await text(response.body),
    }
  }
}

/** Answers with what it got, as JSON. */
const echo: HttpHandler = async (exchange) => {
  const {host, path, headers} = exchange
  exchange.notes['pod'] = 'the-pod'
  const body = JSON.stringify({host, path, headers: headers.toRecord()})
  exchange.respond(200, body, HeaderFields.from({server: 'mine', 'x-upstream': 'yes'}))
}

/** Answers with a name. */
export function whoAmI(name: string): HttpHandler {
  return async (exchange) => exchange.respond(200, name)
}
