/** The proxy of pods, with real sockets on both sides of it. */
import {createServer, type IncomingMessage, request, type Server} from 'node:http'
import {type AddressInfo, connect, type Socket} from 'node:net'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {ClusterNetwork} from '../../../../src/http/cluster-network.ts'
import type {Exchange} from '../../../../src/http/exchange.ts'
import type {ServiceTarget} from '../../../../src/kubernetes/kube-proxy/service-target.ts'
import {PodProxy} from '../../../../src/local/pod-proxy/pod-proxy.ts'
import {SystemClock} from '../../../../src/util/clock.ts'

const GATEWAY: ServiceTarget = {
  kind: 'external-name',
  host: 'gateway.istio-system.svc.cluster.local',
}

describe('the proxy of pods', () => {
  let proxy: PodProxy
  let url: URL
  let outside: Server
  let outsidePort: number
  const seen: string[] = []
  const services = new Map<string, ServiceTarget>([
    ['default/hello', GATEWAY],
    ['istio-system/gateway', {kind: 'endpoints', addresses: [{ip: '10.244.0.2', port: 8081}]}],
    ['default/plain', {kind: 'endpoints', addresses: [{ip: '10.244.0.9', port: 8080}]}],
    ['default/empty', {kind: 'endpoints', addresses: []}],
    ['default/circle', {kind: 'external-name', host: 'circle.default.svc.cluster.local'}],
  ])
  const answer = async (exchange: Exchange): Promise<void> => {
    let length = 0
    for await (const chunk of exchange.body ?? []) length += (chunk as Buffer).length
    exchange.respond(200, `${exchange.method} ${exchange.host}${exchange.path} ${length}`)
  }

  beforeEach(async () => {
    seen.length = 0
    const network = new ClusterNetwork()
    network.bind('10.244.0.2', 8081, answer)
    network.bind('10.244.0.9', 8080, answer)
    outside = createServer((incoming, response) => {
      seen.push(`${incoming.headers.host}${incoming.url}`)
      response.end(`outside ${JSON.stringify(incoming.headers['proxy-authorization'] ?? null)}`)
    })
    outsidePort = await new Promise<number>((resolve) =>
      outside.listen(0, '127.0.0.1', () => resolve((outside.address() as AddressInfo).port)),
    )
    services.set('default/abroad', {kind: 'external-name', host: '127.0.0.1'})
    proxy = new PodProxy({
      clock: new SystemClock(),
      network,
      resolveService: (name, namespace) => services.get(`${namespace}/${name}`),
      access: {
        connect: (_namespace, name) =>
          name === 'plain'
            ? Promise.resolve(connect({port: outsidePort, host: '127.0.0.1'}))
            : Promise.resolve('in-process'),
      },
      apiPort: () => outsidePort,
      onError: (error) => seen.push(String(error)),
    })
    url = new URL(await proxy.of('default').url())
  })
  afterEach(async () => {
    await proxy.close()
    await new Promise((resolve) => outside.close(resolve))
  })

  /** Asks as an HTTP client asks a proxy: with the whole URL. */
  const ask = (
    target: string,
    options: {method?: string; body?: string; headers?: Record<string, string>} = {},
  ): Promise<string> =>
    new Promise((resolve, reject) => {
      const {host} = new URL(target)
      const outgoing = request(
        {
          host: url.hostname,
          port: url.port,
          path: target,
          method: options.method ?? 'GET',
          headers: {host, ...options.headers},
          agent: false,
        },
        (response) =>
          void textOf(response).then((text) => resolve(`${response.statusCode} ${text}`)),
      )
      outgoing.on('error', reject)
      outgoing.end(options.body)
    })

  const tunnel = (authority: string): Promise<{status: number; socket: Socket}> =>
    new Promise((resolve, reject) => {
      const outgoing = request({
        host: url.hostname,
        port: url.port,
        method: 'CONNECT',
        path: authority,
        agent: false,
      })
      outgoing.on('connect', (response, socket) =>
        resolve({status: response.statusCode ?? 0, socket: socket as Socket}),
      )
      outgoing.on('error', reject)
      outgoing.end()
    })

  const askThrough = async (authority: string, host: string): Promise<string> => {
    const {status, socket} = await tunnel(authority)
    if (status !== 200) return `${status}`
    socket.write(`GET /x HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    return text.slice(text.lastIndexOf('\r\n\r\n') + 4)
  }

  test.each([
    ['http://hello.default.svc.cluster.local/a?b=c', 'hello.default.svc.cluster.local/a?b=c'],
    ['http://hello.default/', 'hello.default/'],
    ['http://hello/', 'hello.default.svc.cluster.local/'],
    ['http://plain:8080/', 'plain:8080/'],
  ])('leads %s to its pods', async (target, expected) => {
    expect(await ask(target)).toBe(`200 GET ${expected} 0`)
  })

  test('hands a body on', async () => {
    const body = 'x'.repeat(200_000)
    expect(await ask('http://hello.default/up', {method: 'POST', body})).toBe(
      '200 POST hello.default/up 200000',
    )
  })

  test.each([
    ['http://missing.default.svc.cluster.local/', 'no such host'],
    ['http://empty/', 'connection refused'],
    ['http://circle/', 'names stand for one another'],
  ])('says why %s leads nowhere', async (target, why) => {
    expect(await ask(target)).toMatch(new RegExp(`^502 .*${why}\\n$`))
  })

  test('passes everything else on to where it is', async () => {
    const headers = {'proxy-authorization': 'Basic secret'}
    expect(await ask(`http://127.0.0.1:${outsidePort}/path?q`, {headers})).toBe('200 outside null')
    expect(await ask(`http://abroad:${outsidePort}/`)).toBe('200 outside null')
    expect(seen).toEqual([`127.0.0.1:${outsidePort}/path?q`, `abroad:${outsidePort}/`])
  })

  test('is not led in a circle by its own address', async () => {
    expect(await ask(`${url.origin}/`)).toMatch(/^421 /)
    expect((await tunnel(`127.0.0.1:${url.port}`)).status).toBe(502)
    expect((await tunnel(`localhost:${url.port}`)).status).toBe(502)
  })

  test('is a tunnel for clients that ask for one', async () => {
    expect(await askThrough('hello.default:80', 'hello.default')).toBe('GET hello.default/x 0')
    expect(await askThrough('hello:80', 'hello')).toBe('GET hello.default.svc.cluster.local/x 0')
    expect(await askThrough('plain:8080', 'plain')).toBe('outside null')
    expect(await askThrough(`127.0.0.1:${outsidePort}`, 'other')).toBe('outside null')
    expect(await askThrough('kubernetes.default.svc:443', 'api')).toBe('outside null')
  })

  test.each(['missing.default.svc:80', 'empty:80', 'kubernetes.default.svc:444'])(
    'opens no tunnel to %s',
    async (authority) => {
      expect((await tunnel(authority)).status).toBe(502)
    },
  )

  test.each(['CONNECT \r\n\r\n', 'CONNECT nothing:x HTTP/1.1\r\n\r\n', 'GARBAGE\r\n\r\n'])(
    'answers %j without harm to others',
    async (text) => {
      const socket = connect({port: Number(url.port), host: url.hostname})
      socket.on('error', () => undefined)
      socket.write(text)
      let received = ''
      for await (const chunk of socket) received += String(chunk)
      expect(received).toMatch(/^HTTP\/1\.1 400 /)
      expect(await ask('http://hello/')).toMatch(/^200 /)
    },
  )

  test('survives clients and servers that go away', async () => {
    const {socket} = await tunnel(`127.0.0.1:${outsidePort}`)
    socket.destroy()
    const half = connect({port: Number(url.port), host: url.hostname})
    half.write('CONN')
    half.end()
    await new Promise((resolve) => half.once('close', resolve))
    expect(await ask('http://hello/')).toMatch(/^200 /)
  })

  test('listens on a bridge, for those who are on it', async () => {
    const bridge = {address: '127.0.0.2', subnet: '127.0.0.0', prefix: 8}
    url = new URL(await proxy.of('default').urlOn(bridge))
    expect(url.hostname).toBe('127.0.0.2')
    await expect.poll(() => ask('http://hello/').catch(() => '')).toMatch(/^200 /)
    const other = {address: '127.0.0.3', subnet: '192.0.2.0', prefix: 24}
    url = new URL(await proxy.of('default').urlOn(other))
    await expect.poll(() => ask('http://hello/').catch(String)).toContain('hang up')
  })

  test('knows a short name in the namespace of who asks', async () => {
    expect(await proxy.of('default').url()).toBe(url.origin)
    const other = new URL(await proxy.of('shop').url())
    services.set('shop/hello', {kind: 'endpoints', addresses: [{ip: '10.244.0.9', port: 8080}]})
    url = other
    expect(await ask('http://hello/')).toBe('200 GET hello/ 0')
  })
})

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}
