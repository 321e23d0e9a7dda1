import {createServer} from 'node:http'
import {createServer as createHttp2Server} from 'node:http2'
import {createServer as createNetServer} from 'node:net'
import {describe, expect, test} from 'vitest'
import type {Probe} from '../../../../src/api/core/v1.ts'
import {ReadinessProbe} from '../../../../src/knative/queue-proxy/readiness.ts'
import {type Clock, SystemClock} from '../../../../src/util/clock.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {until} from '../../../support/until.ts'
import {listen, onCleanup, refusedPort} from '../../http/wire.ts'

const USER_PORT = 8080

/** A process that was not given the processor for a while has not failed an attempt. */
const PATIENT = {eagerTimeoutMs: 60_000}

function probeOf(
  port: number,
  probe: Probe | undefined,
  {detectHttp2 = false, clock = new SystemClock()}: {detectHttp2?: boolean; clock?: Clock} = {},
): ReadinessProbe {
  return new ReadinessProbe({
    ...PATIENT,
    clock,
    probe,
    upstream: {kind: 'tcp', host: '127.0.0.1', port, protocol: 'http1'},
    userPort: USER_PORT,
    detectHttp2,
  })
}

describe('the readiness probe', () => {
  test('finds a container that begins to listen within milliseconds', async () => {
    const port = await refusedPort()
    const clock = new FakeClock()
    const ready = probeOf(port, {tcpSocket: {port: USER_PORT}}, {clock}).check()
    await until(() => clock.untilNextMs() !== undefined, 'the pause after the first attempt')
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    onCleanup(() => void server.close())
    await clock.advance(25)
    expect(await ready).toBe(true)
  })

  test('gives an answer to everybody who asks meanwhile', async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests++
      response.end()
    })
    const probe = probeOf(await listen(server), {httpGet: {port: USER_PORT, path: 'ready'}})
    expect(await Promise.all([probe.check(), probe.check(), probe.check()])).toEqual([
      true,
      true,
      true,
    ])
    expect(requests).toBe(1)
  })

  test('asks by HTTP as the kubelet would, and takes 200 to 399 for yes', async () => {
    const seen: unknown[] = []
    const server = createServer((request, response) => {
      seen.push([request.url, request.headers['user-agent'], request.headers['x-custom']])
      response.writeHead(seen.length === 1 ? 302 : 500).end()
    })
    const port = await listen(server)
    const probe: Probe = {
      httpGet: {port: USER_PORT, path: '/ready?x', httpHeaders: [{name: 'X-Custom', value: '1'}]},
      periodSeconds: 1,
      timeoutSeconds: 1,
    }
    expect(await probeOf(port, probe).check()).toBe(true)
    expect(await probeOf(port, probe).check()).toBe(false)
    expect(seen[0]).toEqual(['/ready?x', 'kube-probe/', '1'])
  })

  test('wants as many successes in a row as it is told', async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests++
      response.writeHead(requests === 2 ? 503 : 200).end()
    })
    const probe: Probe = {httpGet: {port: USER_PORT}, successThreshold: 2}
    expect(await probeOf(await listen(server), probe).check()).toBe(true)
    expect(requests).toBe(4)
  })

  describe('where it finds out the version of HTTP', () => {
    test('asks a container by HTTP/2 that agrees to change to it', async () => {
      const seen: unknown[] = []
      const http2 = createHttp2Server()
      http2.on('stream', (stream, headers) => {
        seen.push([headers[':method'], headers[':path'], headers['x-custom']])
        stream.respond({':status': seen.length === 2 ? 200 : 500}, {endStream: true})
      })
      const http1 = createServer()
      http1.on('upgrade', (request, socket) => {
        seen.push([request.method, request.url, request.headers.upgrade])
        const fields = 'Connection: Upgrade\r\nUpgrade: h2c'
        socket.end(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n\r\n`)
      })
      const port = await listen(
        createNetServer((socket) => {
          socket.once('readable', () => {
            const first = socket.read() as Buffer
            socket.unshift(first)
            const server = first.toString('latin1').startsWith('PRI') ? http2 : http1
            server.emit('connection', socket)
          })
        }),
      )
      const action = {
        port: USER_PORT,
        path: '/ready',
        httpHeaders: [{name: 'X-Custom', value: '1'}],
      }
      const probe = probeOf(port, {httpGet: action, periodSeconds: 1}, {detectHttp2: true})
      expect(await probe.check()).toBe(true)
      expect(seen).toEqual([
        ['OPTIONS', '/ready', 'h2c'],
        ['GET', '/ready', '1'],
      ])
      expect(await probe.check()).toBe(false)
    })

    test('takes the answer of one that does not for the answer to the probe', async () => {
      const methods: unknown[] = []
      const server = createServer((request, response) => {
        methods.push(request.method)
        response.writeHead(methods.length === 1 ? 204 : 503).end()
      })
      const action = {port: USER_PORT, path: '/ready'}
      const probe = probeOf(
        await listen(server),
        {httpGet: action, periodSeconds: 1},
        {detectHttp2: true},
      )
      expect(await probe.check()).toBe(true)
      expect(await probe.check()).toBe(false)
      expect(methods).toEqual(['OPTIONS', 'OPTIONS'])
    })
  })

  test('says why a container is not ready', async () => {
    const reasons: string[] = []
    const probe = new ReadinessProbe({
      clock: new SystemClock(),
      probe: {tcpSocket: {port: USER_PORT}, periodSeconds: 1},
      upstream: {kind: 'tcp', host: '127.0.0.1', port: await refusedPort(), protocol: 'http1'},
      userPort: USER_PORT,
      onFailure: (reason) => reasons.push(reason),
    })
    expect(await probe.check()).toBe(false)
    expect(reasons).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  test('asks the gRPC health service', async () => {
    const status = {value: 1}
    const server = createHttp2Server()
    server.on('stream', (stream, headers) => {
      let request = Buffer.alloc(0)
      stream.on('data', (chunk: Buffer) => (request = Buffer.concat([request, chunk])))
      stream.on('end', () => {
        const known =
          headers[':path'] === '/grpc.health.v1.Health/Check' &&
          request.subarray(7).toString() === 'my.Service'
        stream.respond(
          {':status': 200, 'content-type': 'application/grpc'},
          {waitForTrailers: true},
        )
        stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}))
        stream.end(Buffer.from([0, 0, 0, 0, 2, 8, known ? status.value : 3]))
      })
    })
    const port = await listen(server)
    const probe: Probe = {grpc: {port: USER_PORT, service: 'my.Service'}, periodSeconds: 1}
    expect(await probeOf(port, probe).check()).toBe(true)
    status.value = 2
    expect(await probeOf(port, probe).check()).toBe(false)
  })

  test('stops at once when it is told to', async () => {
    const stop = new AbortController()
    const clock = new FakeClock()
    const probe = probeOf(await refusedPort(), {tcpSocket: {port: USER_PORT}}, {clock})
    const answer = probe.check(stop.signal)
    await until(() => clock.untilNextMs() !== undefined, 'the pause after the first attempt')
    stop.abort()
    expect(await answer).toBe(false)
  })

  test('says yes where nothing is asked for', async () => {
    expect(await probeOf(await refusedPort(), undefined).check()).toBe(true)
  })

  test("takes a port that is not the container's own for one of its host", async () => {
    const port = await listen(createServer())
    expect(await probeOf(1, {tcpSocket: {port}, periodSeconds: 1}).check()).toBe(true)
  })
})
