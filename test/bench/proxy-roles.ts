/**
 * The processes of the proxy bench: each is started with its role as first argument, says
 * `{port}` when it listens, and answers `cpu` with the processor time it has used.
 */
import {Agent, createServer, request} from 'node:http'
import {type AddressInfo, connect} from 'node:net'
import type {Gateway, VirtualService} from '../../src/api/istio/v1beta1.ts'
import {ClusterNetwork} from '../../src/http/cluster-network.ts'
import {HttpServer} from '../../src/http/server.ts'
import {IngressGateway} from '../../src/istio/gateway/gateway.ts'
import {Activator} from '../../src/knative/activator/activator.ts'
import {createQueueProxy} from '../../src/knative/queue-proxy/queue-proxy.ts'
import {SystemClock} from '../../src/util/clock.ts'
import {percentile} from './figure.ts'

/** What the client of the bench is asked to do. */
export interface LoadRequest {
  readonly port: number
  readonly connections: number
  readonly durationMs: number
  /** Requests per second over all connections; undefined for as many as go. */
  readonly rate?: number
}

/** What it measured. */
export interface LoadResult {
  readonly requestsPerSecond: number
  readonly p99Ms: number
  readonly failures: number
}

/** How a chain is put together. */
interface ChainOptions {
  readonly viaActivator?: boolean
  /** Moves traffic between two revisions all the time, and replaces their pods. */
  readonly isMoving?: boolean
}

const HOST = 'hello.default.example.com'
const REVISIONS = ['hello-00001', 'hello-00002']
const GATEWAY_IP = '10.244.0.2'
const ACTIVATOR_IP = '10.244.0.3'
const MOVE_EVERY_MS = 2

/** The container: answers what the article's helloworld-go answers. */
function upstream(): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8')
    response.end('Hello Go Sample v1!\n')
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** The peer: a proxy of fifteen lines on node:http. */
function bare(target: number): Promise<number> {
  const agent = new Agent({keepAlive: true})
  const server = createServer((incoming, outgoing) => {
    const {url: path, method, headers} = incoming
    const options = {host: '127.0.0.1', port: target, path, method, headers, agent}
    const forwarded = request(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(forwarded)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** Gateway, activator if asked for, queue-proxies; in front of the same container. */
function chain(
  target: number,
  {viaActivator = false, isMoving = false}: ChainOptions,
): Promise<number> {
  const clock = new SystemClock()
  const network = new ClusterNetwork()
  const pod = {name: 'activator', ip: ACTIVATOR_IP}
  const activator = new Activator({clock, network, pod, statSink: () => {}})
  network.bind(ACTIVATOR_IP, 8012, activator.handler)
  const pods = new Map<string, string>()
  /** Starts a new pod of a revision; the one before drains and goes. */
  const replacePod = (revision: string, ip: string): (() => Promise<void>) => {
    const queueProxy = createQueueProxy({
      clock,
      drainQuietPeriodMs: 20,
      upstream: {kind: 'tcp', host: '127.0.0.1', port: target, protocol: 'http1'},
      env: {
        CONTAINER_CONCURRENCY: '0',
        USER_PORT: '8080',
        REVISION_TIMEOUT_SECONDS: '300',
        SERVING_POD: `${revision}-${ip}`,
      },
    })
    const release = network.bind(ip, 8012, queueProxy.handler)
    pods.set(revision, ip)
    activator.setBackends(`default/${revision}`, [{ip, port: 8012, ready: true}])
    return async () => {
      await queueProxy.drain()
      release()
      await queueProxy.close()
    }
  }
  for (const revision of REVISIONS) {
    const limits = {totalMs: 300_000, responseStartMs: 0, idleMs: 0}
    activator.setRevision(`default/${revision}`, {containerConcurrency: 0, limits})
  }
  let stops = REVISIONS.map((revision, at) => replacePod(revision, `10.244.1.${at}`))
  const gateway = new IngressGateway({
    clock,
    network,
    labels: {istio: 'ingressgateway'},
    podIp: GATEWAY_IP,
    resolveService: (name) => {
      const ip = viaActivator ? ACTIVATOR_IP : pods.get(name)
      return {kind: 'endpoints', addresses: ip === undefined ? [] : [{ip, port: 8012}]}
    },
  })
  gateway.setGateway(gatewayObject())
  gateway.setVirtualService(virtualService(100))
  if (isMoving) {
    let moves = 0
    setInterval(() => {
      moves++
      gateway.setVirtualService(virtualService(moves % 101))
      if (moves % 50 !== 0) return
      const before = stops
      stops = REVISIONS.map((revision, at) =>
        replacePod(revision, `10.244.${2 + (moves % 200)}.${at}`),
      )
      for (const stop of before) void stop()
    }, MOVE_EVERY_MS)
  }
  return new HttpServer({clock, handler: gateway.handlerFor(80)}).listen(0)
}

function gatewayObject(): Gateway {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name: 'knative-ingress-gateway', namespace: 'knative-serving'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{hosts: ['*'], port: {number: 80, protocol: 'HTTP'}}],
    },
  }
}

/** As net-istio writes it: the route for probes of the hash comes first. */
function virtualService(firstPercent: number): VirtualService {
  const authority = {prefix: HOST}
  const gateways = ['knative-serving/knative-ingress-gateway']
  const weights = [firstPercent, 100 - firstPercent]
  const route = REVISIONS.map((revision, at) => ({
    destination: {host: `${revision}.default.svc.cluster.local`, port: {number: 80}},
    headers: {
      request: {
        set: {'Knative-Serving-Namespace': 'default', 'Knative-Serving-Revision': revision},
      },
    },
    weight: weights[at] ?? 0,
  }))
  const headers = {'K-Network-Hash': {exact: 'override'}}
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {name: 'hello-ingress', namespace: 'default'},
    spec: {
      gateways,
      hosts: [HOST],
      http: [
        {match: [{authority, gateways, headers}], route},
        {match: [{authority, gateways}], route},
      ],
    },
  }
}

const REQUEST = Buffer.from(
  `GET /hello HTTP/1.1\r\nHost: ${HOST}\r\nUser-Agent: kntool-bench\r\nAccept: */*\r\n` +
    'Accept-Encoding: gzip\r\n\r\n',
)

/**
 * Sends requests on kept connections and measures. At a rate, a request that is late because the
 * one before took long counts from when it was due, so that a stall is not counted once only.
 */
async function load(ask: LoadRequest): Promise<LoadResult> {
  const latencies: number[] = []
  let failures = 0
  const endAt = performance.now() + ask.durationMs
  const everyMs = ask.rate === undefined ? 0 : (1000 * ask.connections) / ask.rate
  const runs = Array.from({length: ask.connections}, (_, at) => {
    const firstAt = performance.now() + (everyMs * at) / ask.connections
    return new Promise<void>((resolve) => {
      const socket = connect(ask.port, '127.0.0.1')
      socket.setNoDelay(true)
      let dueAt = firstAt
      let received = ''
      let isWaiting = false
      const next = (): void => {
        if (performance.now() >= endAt) {
          socket.end()
          return
        }
        isWaiting = true
        socket.write(REQUEST)
      }
      const schedule = (): void => {
        const waitMs = dueAt - performance.now()
        if (everyMs === 0 || waitMs <= 0) next()
        else setTimeout(next, waitMs)
      }
      socket.on('connect', schedule)
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1')
        if (!isComplete(received)) return
        if (!received.startsWith('HTTP/1.1 200')) failures++
        received = ''
        isWaiting = false
        const nowAt = performance.now()
        latencies.push(nowAt - dueAt)
        dueAt = everyMs === 0 ? nowAt : dueAt + everyMs
        schedule()
      })
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        if (isWaiting) failures++
        resolve()
      })
    })
  })
  await Promise.all(runs)
  return {
    requestsPerSecond: latencies.length / (ask.durationMs / 1000),
    p99Ms: percentile(latencies, 0.99),
    failures,
  }
}

function isComplete(response: string): boolean {
  const end = response.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length: (\d+)/i.exec(response)?.[1]
  return length === undefined
    ? response.endsWith('0\r\n\r\n')
    : response.length >= end + 4 + Number(length)
}

function cpuMs(): number {
  const {user, system} = process.cpuUsage()
  return (user + system) / 1000
}

async function main(role: string | undefined, target: number): Promise<void> {
  if (role === 'client') {
    process.on('message', (ask: LoadRequest) => void load(ask).then((got) => process.send?.(got)))
    process.send?.({port: 0})
    return
  }
  process.on('message', () => process.send?.({cpuMs: cpuMs()}))
  const starts: Record<string, () => Promise<number>> = {
    upstream,
    bare: () => bare(target),
    chain: () => chain(target, {}),
    activator: () => chain(target, {viaActivator: true}),
    moving: () => chain(target, {isMoving: true}),
  }
  process.send?.({port: await starts[role ?? '']?.()})
}

// Imported for its types only by the bench itself.
if (process.send !== undefined) await main(process.argv[2], Number(process.argv[3]))
