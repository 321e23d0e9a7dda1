/** Gateway, activator and queue-proxies in front of applications, as `local up` puts them together. */
import type {Gateway, VirtualService} from '../../../src/api/istio/v1beta1.ts'
import {ClusterNetwork} from '../../../src/http/cluster-network.ts'
import {HttpServer} from '../../../src/http/server.ts'
import {IngressGateway} from '../../../src/istio/gateway/gateway.ts'
import {Activator} from '../../../src/knative/activator/activator.ts'
import {createQueueProxy, type QueueProxy} from '../../../src/knative/queue-proxy/queue-proxy.ts'
import {SystemClock} from '../../../src/util/clock.ts'

const ACTIVATOR_IP = '10.0.0.2'
const POD_PORT = 8012

/** An application behind the chain, reached by its name as host. */
export interface Application {
  readonly name: string
  readonly port: number
  readonly protocol: 'http1' | 'h2c'
  readonly isViaActivator: boolean
}

/** The chain on a port. */
export interface Chain {
  readonly port: number
  /** What the server was told of mistakes of ours. */
  readonly errors: unknown[]
  /** Lets the pod of an application end, and another one take its place. */
  replacePod(name: string): Promise<void>
  close(): Promise<void>
}

/** Starts it on a free port. */
export async function startChain(applications: readonly Application[]): Promise<Chain> {
  const clock = new SystemClock()
  const network = new ClusterNetwork()
  const pod = {name: 'activator', ip: ACTIVATOR_IP}
  const activator = new Activator({clock, network, pod, statSink: () => {}})
  network.bind(ACTIVATOR_IP, POD_PORT, activator.handler)
  const pods = new Map<string, {ip: string; queueProxy: QueueProxy; release: () => void}>()
  let started = 0
  const startPod = ({name, port, protocol}: Application): void => {
    const ip = `10.1.${Math.floor(started / 250)}.${started++ % 250}`
    const queueProxy = createQueueProxy({
      clock,
      drainQuietPeriodMs: 20,
      upstream: {kind: 'tcp', host: '127.0.0.1', port, protocol},
      env: {
        CONTAINER_CONCURRENCY: '0',
        USER_PORT: '8080',
        REVISION_TIMEOUT_SECONDS: '300',
        SERVING_POD: ip,
        SERVING_ENABLE_REQUEST_LOG: 'true',
        SERVING_REQUEST_LOG_TEMPLATE: '{{.Request.Header.Get "X-Bytes"}} {{.Response.Code}}',
        SERVING_REQUEST_METRICS_BACKEND: 'prometheus',
      },
    })
    pods.set(name, {ip, queueProxy, release: network.bind(ip, POD_PORT, queueProxy.handler)})
    activator.setBackends(`default/${name}`, [{ip, port: POD_PORT, ready: true}])
  }
  const gateway = new IngressGateway({
    clock,
    network,
    labels: {istio: 'ingressgateway'},
    podIp: '10.0.0.1',
    resolveService: (name) => {
      const application = applications.find((one) => one.name === name)
      const ip = application?.isViaActivator === true ? ACTIVATOR_IP : pods.get(name)?.ip
      return {kind: 'endpoints', addresses: ip === undefined ? [] : [{ip, port: POD_PORT}]}
    },
  })
  gateway.setGateway(GATEWAY)
  for (const application of applications) {
    const {name} = application
    const limits = {totalMs: 300_000, responseStartMs: 0, idleMs: 0}
    activator.setRevision(`default/${name}`, {containerConcurrency: 0, limits})
    startPod(application)
    gateway.setVirtualService(virtualService(name))
  }
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  const server = new HttpServer({clock, handler: gateway.handlerFor(80), onError})
  return {
    port: await server.listen(0),
    errors,
    async replacePod(name) {
      const application = applications.find((one) => one.name === name)
      const before = pods.get(name)
      if (application === undefined || before === undefined) return
      startPod(application)
      await before.queueProxy.drain()
      before.release()
      await before.queueProxy.close()
    },
    async close() {
      await server.close()
      await Promise.all([...pods.values()].map(({queueProxy}) => queueProxy.close()))
      activator.close()
      await gateway.close()
    },
  }
}

const GATEWAY: Gateway = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'Gateway',
  metadata: {name: 'knative-ingress-gateway', namespace: 'knative-serving'},
  spec: {
    selector: {istio: 'ingressgateway'},
    servers: [{hosts: ['*'], port: {number: 80, protocol: 'HTTP'}}],
  },
}

function virtualService(name: string): VirtualService {
  const gateways = ['knative-serving/knative-ingress-gateway']
  const set = {'Knative-Serving-Namespace': 'default', 'Knative-Serving-Revision': name}
  const destination = {host: `${name}.default.svc.cluster.local`, port: {number: 80}}
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {name, namespace: 'default'},
    spec: {
      gateways,
      hosts: [name],
      http: [{match: [{gateways}], route: [{destination, headers: {request: {set}}, weight: 100}]}],
    },
  }
}
