import {createServer as createHttpServer} from 'node:http'
import {createServer as createHttp2Server, type Http2Server} from 'node:http2'
import type {AddressInfo, Server} from 'node:net'
import {afterEach, describe, expect, test} from 'vitest'
import type {ProbeHandler} from '../../../../src/api/core/v1.ts'
import type {
  ProbeResult,
  ProbeTarget,
} from '../../../../src/kubernetes/kubelet/probes/probe-target.ts'
import {runProbe} from '../../../../src/kubernetes/kubelet/probes/run-probe.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'

const IP = '10.244.0.7'
const servers: (Server | Http2Server)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server | Http2Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return (server.address() as AddressInfo).port
}

/** A container whose port 8080 is `port` of this machine. */
function target(port: number | undefined, changes: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    podIp: IP,
    ports: [{name: 'http', containerPort: 8080}],
    endpoint: (wanted) =>
      wanted === 8080 && port !== undefined
        ? {kind: 'tcp', host: '127.0.0.1', port, protocol: 'http1'}
        : undefined,
    dial: () => undefined,
    ...changes,
  }
}

function ask(
  subject: ProbeTarget,
  probe: ProbeHandler,
  clock = new FakeClock(),
): Promise<ProbeResult> {
  return runProbe(subject, probe, {clock, timeoutMs: 1000, signal: new AbortController().signal})
}

describe('an HTTP probe', () => {
  test.each([
    [200, true],
    [399, true],
    [400, false],
    [503, false],
  ])('takes status %i for good: %s', async (status, ok) => {
    const port = await listen(createHttpServer((_, response) => response.writeHead(status).end()))
    const result = await ask(target(port), {httpGet: {port: 'http'}})
    expect(result).toEqual(
      ok ? {ok} : {ok, status, message: `HTTP probe failed with statuscode: ${status}`},
    )
  })

  test('sends its path, its headers and the name of the prober', async () => {
    const seen: unknown[] = []
    const port = await listen(
      createHttpServer((request, response) => {
        const {host, 'user-agent': agent, 'k-probe': own} = request.headers
        seen.push(request.url, host, agent, own)
        response.end()
      }),
    )
    const httpHeaders = [
      {name: 'K-Probe', value: 'queue'},
      {name: 'Host', value: 'example.com'},
    ]
    await ask(target(port), {httpGet: {port: 8080, path: 'healthz?deep=1', httpHeaders}})
    expect(seen).toEqual(['/healthz?deep=1', 'example.com', 'kube-probe/1.36', 'queue'])
  })

  test('says when nobody listens, when it takes too long, when the port has no name', async () => {
    const refused = `Get "http://${IP}:8080/": dial tcp ${IP}:8080: connect: connection refused`
    expect(await ask(target(undefined), {httpGet: {port: 8080}})).toEqual({
      ok: false,
      message: refused,
    })
    expect(await ask(target(1), {httpGet: {port: 'other'}})).toEqual({
      ok: false,
      message: "couldn't find port: other",
    })
    const silent = createHttpServer(() => undefined)
    const clock = new FakeClock()
    const waiting = ask(target(await listen(silent)), {httpGet: {port: 8080}}, clock)
    await clock.advance(1000)
    expect(await waiting).toEqual({
      ok: false,
      message:
        `Get "http://${IP}:8080/": context deadline exceeded ` +
        '(Client.Timeout exceeded while awaiting headers)',
    })
    silent.closeAllConnections()
  })

  test('asks whoever is bound to the pod before the container itself', async () => {
    const result = await ask(
      target(undefined, {
        dial: (port) =>
          port === 8022
            ? (exchange) => {
                exchange.respond(exchange.path === '/wait-for-drain' ? 204 : 404)
                return Promise.resolve()
              }
            : undefined,
      }),
      {httpGet: {port: 8022, path: '/wait-for-drain'}},
    )
    expect(result).toEqual({ok: true})
  })
})

describe('a TCP probe', () => {
  test('is content with a connection', async () => {
    const port = await listen(createHttpServer())
    expect(await ask(target(port), {tcpSocket: {port: 8080}})).toEqual({ok: true})
    const closed = await listen(createHttpServer())
    await new Promise((resolve) => servers.pop()?.close(resolve))
    expect(await ask(target(closed), {tcpSocket: {port: 8080}})).toEqual({
      ok: false,
      message: `dial tcp ${IP}:8080: connect: connection refused`,
    })
  })

  test('is not content with the address of a pod whose program does not listen yet', async () => {
    const closed = await listen(createHttpServer())
    await new Promise((resolve) => servers.pop()?.close(resolve))
    const bound = {...target(closed), dial: () => () => Promise.resolve()}
    expect(await ask(bound, {tcpSocket: {port: 8080}})).toMatchObject({ok: false})
  })
})

describe('a gRPC probe', () => {
  async function health(status: number, trailers: Record<string, string> = {}): Promise<number> {
    const server = createHttp2Server()
    server.on('stream', (stream, headers) => {
      const received: Buffer[] = []
      stream.on('data', (chunk: Buffer) => received.push(chunk))
      stream.on('end', () => {
        const asked = Buffer.concat(received).subarray(7).toString()
        stream.respond(
          {':status': 200, 'content-type': 'application/grpc'},
          {waitForTrailers: true},
        )
        stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0', ...trailers}))
        const known = headers[':path'] === '/grpc.health.v1.Health/Check' && asked !== 'unknown'
        stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, known ? status : 3]))
      })
    })
    return listen(server)
  }

  test.each([
    [1, '', {ok: true}],
    [2, '', {ok: false, message: 'service unhealthy (responded with "NOT_SERVING")'}],
    [1, 'unknown', {ok: false, message: 'service unhealthy (responded with "SERVICE_UNKNOWN")'}],
  ])('understands health status %i of service %j', async (status, service, expected) => {
    const port = await health(status)
    expect(await ask(target(port), {grpc: {port: 8080, service}})).toEqual(expected)
  })

  test('says when the server knows no health service', async () => {
    const port = await health(1, {'grpc-status': '12'})
    expect(await ask(target(port), {grpc: {port: 8080}})).toEqual({
      ok: false,
      message:
        'error: this server does not implement the grpc health protocol (grpc.health.v1.Health)',
    })
  })
})

describe('a component', () => {
  test('is asked itself, whatever the probe says', async () => {
    const probe = {httpGet: {port: 9999}}
    expect(await ask(target(undefined, {ready: () => true}), probe)).toEqual({ok: true})
    expect(await ask(target(undefined, {ready: () => false}), probe)).toEqual({
      ok: false,
      message: 'HTTP probe failed with statuscode: 503',
    })
  })
})
