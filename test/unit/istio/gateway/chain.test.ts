/** The whole way of a request: socket, gateway, activator, queue-proxy, socket of a container. */
import {createServer, type RequestListener} from 'node:http'
import {connect as connectHttp2, createServer as createHttp2Server} from 'node:http2'
import {describe, expect, test} from 'vitest'
import {WebSocket, WebSocketServer} from 'ws'
import {ClusterNetwork} from '../../../../src/http/cluster-network.ts'
import {HttpServer} from '../../../../src/http/server.ts'
import type {TcpUpstream} from '../../../../src/http/upstream.ts'
import {IngressGateway} from '../../../../src/istio/gateway/gateway.ts'
import {Activator} from '../../../../src/knative/activator/activator.ts'
import {createQueueProxy, type QueueProxy} from '../../../../src/knative/queue-proxy/queue-proxy.ts'
import {type Clock, SystemClock} from '../../../../src/util/clock.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {until} from '../../../support/until.ts'
import {gate, listen, onCleanup, rawConnect} from '../../http/wire.ts'
import {destination, gatewayObject, virtualService} from './gateway-world.ts'

const HOST = '127.0.0.1'
const KEY = 'default/hello-00001'
const POD_IP = '10.244.1.1'
const ACTIVATOR_IP = '10.244.0.3'

interface Chain {
  readonly port: number
  readonly activator: Activator
  /** Settles when the activator has told of a request that waits. */
  readonly asked: Promise<void>
  /** Starts the one pod there is, in front of a container. */
  readonly startPod: (upstream: TcpUpstream) => QueueProxy
}

/** Everything but a pod. Requests wait in the activator. */
async function startChain({
  containerConcurrency = 0,
  clock = new SystemClock(),
}: {containerConcurrency?: number; clock?: Clock} = {}): Promise<Chain> {
  const asked = gate()
  const network = new ClusterNetwork()
  const pod = {name: 'activator', ip: ACTIVATOR_IP}
  const activator = new Activator({clock, network, pod, statSink: () => asked.resolve()})
  network.bind(ACTIVATOR_IP, 8012, activator.handler)
  activator.setRevision(KEY, {
    containerConcurrency,
    limits: {totalMs: 30_000, responseStartMs: 0, idleMs: 0},
  })
  const gateway = new IngressGateway({
    clock,
    network,
    labels: {istio: 'ingressgateway'},
    podIp: '10.244.0.2',
    resolveService: () => ({kind: 'endpoints', addresses: [{ip: ACTIVATOR_IP, port: 8012}]}),
  })
  gateway.setGateway(gatewayObject('knative-ingress-gateway', 80))
  const headers = {
    request: {
      set: {'Knative-Serving-Namespace': 'default', 'Knative-Serving-Revision': 'hello-00001'},
    },
  }
  gateway.setVirtualService(
    virtualService('hello', HOST, [{route: [destination('hello-00001', {headers})]}]),
  )
  const server = new HttpServer({clock, handler: gateway.handlerFor(80)})
  const port = await server.listen(0)
  onCleanup(() => server.close())
  onCleanup(() => activator.close())
  return {
    port,
    activator,
    asked: asked.promise,
    startPod(upstream) {
      const proxy = createQueueProxy({
        clock,
        upstream,
        drainQuietPeriodMs: 20,
        env: {
          CONTAINER_CONCURRENCY: String(containerConcurrency),
          USER_PORT: '8080',
          REVISION_TIMEOUT_SECONDS: '30',
          SERVING_POD: 'hello-00001-pod',
          SERVING_READINESS_PROBE: '{"tcpSocket":{"port":8080},"successThreshold":1}',
        },
      })
      onCleanup(() => proxy.close())
      network.bind(POD_IP, 8012, proxy.handler)
      return proxy
    },
  }
}

async function container(listener: RequestListener): Promise<TcpUpstream> {
  const server = createServer(listener)
  const port = await listen(server)
  onCleanup(() => server.closeAllConnections())
  return {kind: 'tcp', host: HOST, port, protocol: 'http1'}
}

describe('the chain', () => {
  test('holds a request until the first pod is there, and says where the time went', async () => {
    const clock = new FakeClock()
    const {port, activator, asked, startPod} = await startChain({clock})
    const answer = fetch(`http://${HOST}:${port}/`, {headers: {'kntool-trace': '1'}})
    let isAnswered = false
    void answer.then(() => (isAnswered = true))
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: false}])
    await asked
    await clock.advance(200)
    const upstream = await container((request, response) => {
      response.end(JSON.stringify(request.headers))
    })
    startPod(upstream)
    await until(async () => {
      await clock.advance(10)
      return isAnswered
    }, 'an answer')
    const response = await answer
    const headers = (await response.json()) as Record<string, string>
    expect(headers).toMatchObject({
      'k-proxy-request': 'activator',
      'x-forwarded-for': '127.0.0.1, 10.244.0.2, 10.244.0.3',
      forwarded: 'for=127.0.0.1;proto=http, for=10.244.0.2',
    })
    expect(Object.keys(headers)).not.toContain('knative-serving-revision')
    expect(response.headers.get('kntool-pod')).toBe('hello-00001-pod')
    const waitedMs = /activator;dur=(\d+)/.exec(response.headers.get('server-timing') ?? '')?.[1]
    expect(Number(waitedMs)).toBeGreaterThanOrEqual(200)
  })

  test('does not take an answer of its own for that of a pod', async () => {
    const {port, activator, startPod} = await startChain()
    const ask = async (): Promise<[number, string | null, string | null]> => {
      const {status, headers} = await fetch(`http://${HOST}:${port}/`, {
        headers: {'kntool-trace': '1'},
      })
      return [status, headers.get('kntool-trace'), headers.get('kntool-pod')]
    }
    const gone = await container((request) => request.socket.destroy())
    startPod(gone)
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    expect(await ask()).toEqual([502, 'refused', null])

    activator.removeRevision(KEY)
    expect(await ask()).toEqual([404, 'refused', null])
  })

  test('never lets two requests into a container of concurrency 1', async () => {
    const {port, activator, startPod} = await startChain({containerConcurrency: 1})
    let running = 0
    let most = 0
    const upstream = await container((_request, response) => {
      most = Math.max(most, ++running)
      // What comes too early would come meanwhile.
      setImmediate(() => {
        running--
        response.end('done')
      })
    })
    startPod(upstream)
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    const answers = await Promise.all(
      Array.from({length: 20}, () => fetch(`http://${HOST}:${port}/`).then((got) => got.text())),
    )
    expect(answers).toEqual(Array.from({length: 20}, () => 'done'))
    expect(most).toBe(1)
  })

  test('carries a WebSocket, and counts it as a request as long as it is open', async () => {
    const {port, activator, startPod} = await startChain()
    const server = createServer()
    const sockets = new WebSocketServer({server})
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
    onCleanup(() => sockets.close())
    const proxy = startPod({kind: 'tcp', host: HOST, port: await listen(server), protocol: 'http1'})
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    const socket = new WebSocket(`ws://${HOST}:${port}/`)
    const echoed = new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => resolve(data.toString()))
    })
    await new Promise((resolve) => socket.on('open', resolve))
    socket.send('hello')
    expect(await echoed).toBe('hello')
    expect(proxy.active).toBe(1)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.close()
    await closed
    await expect.poll(() => proxy.active).toBe(0)
  })

  test('carries gRPC from an h2c client to an h2c container', async () => {
    const {port, activator, startPod} = await startChain()
    const server = createHttp2Server()
    server.on('session', (session) => onCleanup(() => session.destroy()))
    server.on('stream', (stream) => {
      stream.respond({':status': 200, 'content-type': 'application/grpc'}, {waitForTrailers: true})
      stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}))
      stream.pipe(stream)
    })
    startPod({kind: 'tcp', host: HOST, port: await listen(server), protocol: 'h2c'})
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    const client = connectHttp2(`http://${HOST}:${port}`)
    onCleanup(() => client.destroy())
    const stream = client.request({':method': 'POST', ':path': '/S/M', te: 'trailers'})
    const trailers = new Promise<Record<string, unknown>>((resolve) => {
      stream.on('trailers', (got) => resolve({...got}))
    })
    const got = new Promise<string>((resolve) => {
      stream.on('data', (chunk: Buffer) => resolve(chunk.toString()))
    })
    stream.end('message')
    expect(await got).toBe('message')
    expect(await trailers).toMatchObject({'grpc-status': '0'})
  })

  test('tells the container at once when the client goes away', async () => {
    const {port, activator, startPod} = await startChain()
    const begun = gate()
    const closed = gate()
    const upstream = await container((request) => {
      request.on('close', () => closed.resolve())
      begun.resolve()
    })
    const proxy = startPod(upstream)
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    const client = await rawConnect(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
    await begun.promise
    client.socket.destroy()
    await closed.promise
    await expect.poll(() => proxy.active).toBe(0)
  })

  test('finishes requests under way while the pod drains', async () => {
    const {port, activator, startPod} = await startChain()
    const begun = gate()
    const finish = gate()
    const upstream = await container((_request, response) => {
      begun.resolve()
      void finish.promise.then(() => response.end('finished'))
    })
    const proxy = startPod(upstream)
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    const answer = fetch(`http://${HOST}:${port}/`).then((response) => response.text())
    await begun.promise
    activator.setBackends(KEY, [])
    const drained = proxy.drain()
    finish.resolve()
    await drained
    expect(await answer).toBe('finished')
  })

  test('sends the head of an event stream before there is any event', async () => {
    const {port, activator, startPod} = await startChain()
    const event = gate()
    const upstream = await container((_request, response) => {
      response.writeHead(200, {'content-type': 'text/event-stream'})
      response.flushHeaders()
      void event.promise.then(() => response.write('data: 1\n\n'))
    })
    startPod(upstream)
    activator.setBackends(KEY, [{ip: POD_IP, port: 8012, ready: true}])
    const client = await rawConnect(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
    expect(await client.until('\r\n\r\n')).toContain('text/event-stream')
    event.resolve()
    expect(await client.until('data: 1')).toContain('data: 1')
    client.socket.destroy()
  })
})
