import {describe, expect, test} from 'vitest'
import type {Exchange} from '../../../../src/http/exchange.ts'
import {HeaderFields} from '../../../../src/http/header-fields.ts'
import {settle} from '../../../../src/util/fake-clock.ts'
import {destination, POD_IP, virtualService, whoAmI, World} from './gateway-world.ts'

describe('the gateway', () => {
  test('leads a request to its destination, and tells it about the client', async () => {
    const world = new World()
    world.serve('hello-00001', '10.244.0.9')
    world.gateway.setVirtualService(
      virtualService('hello', 'hello.example.com', [
        {
          route: [
            destination('hello-00001', {
              headers: {request: {set: {'Knative-Serving-Revision': 'hello-00001'}}},
            }),
          ],
        },
      ]),
    )
    const {status, headers, body} = await world.call(
      'hello.example.com',
      // Whether it came over TLS is for the gateway to say.
      {'x-forwarded-for': '203.0.113.7', 'x-request-id': 'mine', 'x-forwarded-proto': 'https'},
      '/p?q',
    )
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      host: 'hello.example.com',
      path: '/p?q',
      headers: {
        'x-forwarded-for': '203.0.113.7, 127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-request-id': 'mine',
        'x-envoy-attempt-count': '1',
        'knative-serving-revision': 'hello-00001',
      },
    })
    expect(headers.get('server')).toBe('istio-envoy')
    expect(headers.get('x-upstream')).toBe('yes')
    expect(headers.get('x-envoy-upstream-service-time')).toBe('0')
  })

  test('makes the ids of a request that has none, and keeps those it has', async () => {
    const world = new World()
    world.serve('a', '10.244.0.9')
    world.gateway.setVirtualService(virtualService('a', 'a', [{route: [destination('a')]}]))
    const seen = async (sent: Record<string, string>): Promise<Record<string, string>> =>
      JSON.parse((await world.call('a', sent)).body).headers
    const first = await seen({})
    expect(first['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    expect(first['x-b3-traceid']).toMatch(/^[0-9a-f]{32}$/)
    expect(first['x-b3-spanid']).toMatch(/^[0-9a-f]{16}$/)
    expect(first['traceparent']).toBe(`00-${first['x-b3-traceid']}-${first['x-b3-spanid']}-00`)
    expect((await seen({}))['x-b3-traceid']).not.toBe(first['x-b3-traceid'])
    const given = {traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`}
    expect(await seen(given)).toMatchObject({...given, 'x-b3-traceid': 'a'.repeat(32)})
    const old = {'x-b3-traceid': 'c'.repeat(16), 'x-b3-spanid': 'd'.repeat(16)}
    expect(await seen(old)).toMatchObject({
      ...old,
      traceparent: expect.stringMatching(`^00-0{16}c{16}-[0-9a-f]{16}-00$`),
    })
  })

  test('answers as Envoy when there is no route, Service, endpoint or pod', async () => {
    const world = new World()
    const route = (name: string): void =>
      world.gateway.setVirtualService(virtualService(name, name, [{route: [destination(name)]}]))
    for (const name of ['no-service', 'no-endpoints', 'no-pod']) route(name)
    world.services.set('default/no-endpoints:80', {kind: 'endpoints', addresses: []})
    world.services.set('default/no-pod:80', {
      kind: 'endpoints',
      addresses: [{ip: '10.244.0.9', port: 8012}],
    })
    expect((await world.call('no-pod', {}, '*')).status).toBe(404)
    const unknown = await world.call('unknown')
    expect([unknown.status, unknown.body]).toEqual([404, ''])
    expect(unknown.headers.toRecord()).toEqual({'content-length': '0', server: 'istio-envoy'})
    const noService = await world.call('no-service')
    expect([noService.status, noService.body]).toEqual([503, ''])
    const noEndpoints = await world.call('no-endpoints')
    expect([noEndpoints.status, noEndpoints.body]).toEqual([503, 'no healthy upstream'])
    expect(noEndpoints.headers.get('content-type')).toBe('text/plain')
    const noPod = await world.call('no-pod')
    expect(noPod.status).toBe(503)
    expect(noPod.body).toContain('connection failure')
  })

  test('tries another pod when the first one it picks is gone', async () => {
    const world = new World()
    world.network.bind('10.244.0.9', 8012, whoAmI('second'))
    world.services.set('default/a:80', {
      kind: 'endpoints',
      addresses: [
        {ip: '10.244.0.8', port: 8012},
        {ip: '10.244.0.9', port: 8012},
      ],
    })
    world.gateway.setVirtualService(virtualService('a', 'a', [{route: [destination('a')]}]))
    expect((await world.call('a')).body).toBe('second')
  })

  test('gives the next request to the pod with fewer under way', async () => {
    const world = new World()
    const busy: Exchange[] = []
    world.network.bind('10.244.0.8', 8012, (exchange) => {
      busy.push(exchange)
      return new Promise(() => {})
    })
    world.network.bind('10.244.0.9', 8012, whoAmI('free'))
    world.services.set('default/a:80', {
      kind: 'endpoints',
      addresses: [
        {ip: '10.244.0.8', port: 8012},
        {ip: '10.244.0.9', port: 8012},
      ],
    })
    world.gateway.setVirtualService(virtualService('a', 'a', [{route: [destination('a')]}]))
    void world.call('a')
    await settle()
    expect(busy).toHaveLength(1)
    expect((await world.call('a')).body).toBe('free')
  })

  test('splits requests by weight', async () => {
    const world = new World()
    world.serve('one', '10.244.0.8', whoAmI('one'))
    world.serve('two', '10.244.0.9', whoAmI('two'))
    world.gateway.setVirtualService(
      virtualService('a', 'a', [
        {route: [destination('one', {weight: 30}), destination('two', {weight: 70})]},
      ]),
    )
    const answers: string[] = []
    for (let at = 0; at < 10; at++) {
      world.random = at / 10
      answers.push((await world.call('a')).body)
    }
    expect(answers.filter((answer) => answer === 'one')).toHaveLength(3)
  })

  test('follows a Service that stands for the gateway itself', async () => {
    const world = new World()
    world.serve('hello-00001', '10.244.0.9')
    world.services.set('default/hello:80', {
      kind: 'external-name',
      host: 'knative-local-gateway.istio-system.svc.cluster.local',
    })
    world.services.set('istio-system/knative-local-gateway:80', {
      kind: 'endpoints',
      addresses: [{ip: POD_IP, port: 8081}],
    })
    world.gateway.setVirtualService(
      virtualService('hello', 'hello.default.svc.cluster.local', [
        {route: [destination('hello-00001')]},
      ]),
    )
    world.gateway.setVirtualService(
      virtualService('mapping', 'www.example.org', [
        {
          rewrite: {authority: 'hello.default.svc.cluster.local'},
          route: [destination('hello')],
        },
      ]),
    )
    const {status, body} = await world.call('www.example.org')
    expect(status).toBe(200)
    expect(JSON.parse(body).host).toBe('hello.default.svc.cluster.local')
    expect(world.records).toHaveLength(1)
    expect(world.records[0]).toMatchObject({
      host: 'www.example.org',
      destination: 'default/hello-00001',
    })
  })

  test('does not follow a circle for ever', async () => {
    const world = new World()
    world.services.set('default/loop:80', {
      kind: 'endpoints',
      addresses: [{ip: POD_IP, port: 8080}],
    })
    world.services.set('default/name:80', {
      kind: 'external-name',
      host: 'name.default.svc.cluster.local',
    })
    world.gateway.setVirtualService(virtualService('a', 'a', [{route: [destination('loop')]}]))
    world.gateway.setVirtualService(virtualService('b', 'b', [{route: [destination('name')]}]))
    expect((await world.call('a')).status).toBe(503)
    expect((await world.call('b')).status).toBe(503)
  })

  test('sets, adds and removes fields both ways, and rewrites the path', async () => {
    const world = new World()
    world.serve('a', '10.244.0.9')
    world.gateway.setVirtualService(
      virtualService('a', 'a', [
        {
          match: [{uri: {prefix: '/api/'}}],
          rewrite: {uri: '/'},
          headers: {
            request: {set: {'X-Set': 'route'}, add: {'X-Add': '2'}, remove: ['X-Gone']},
            response: {set: {'X-Upstream': 'changed'}, add: {'X-More': '1'}},
          },
          route: [destination('a', {headers: {request: {set: {'X-Set': 'destination'}}}})],
        },
      ]),
    )
    const {headers, body} = await world.call('a', {'x-gone': '1', 'x-add': '1'}, '/api/v1?x=1')
    const got = JSON.parse(body)
    expect(got.path).toBe('/v1?x=1')
    expect(got.headers).toMatchObject({
      'x-set': 'route',
      'x-add': ['1', '2'],
      'x-envoy-original-path': '/api/v1?x=1',
    })
    expect(got.headers).not.toHaveProperty('x-gone')
    expect(headers.get('x-upstream')).toBe('changed')
    expect(headers.get('x-more')).toBe('1')
  })

  test('redirects where a route says so', async () => {
    const world = new World()
    world.gateway.setVirtualService(
      virtualService('a', 'a', [{redirect: {authority: 'b', redirectCode: 302}}]),
    )
    const {status, headers} = await world.call('a', {}, '/x?y')
    expect([status, headers.get('location')]).toEqual([302, 'http://b/x?y'])
  })

  test('gives up after the time of the route', async () => {
    const world = new World()
    let aborted = false
    world.serve('a', '10.244.0.9', (exchange) => {
      return new Promise((resolve) => {
        exchange.onAbort(() => {
          aborted = true
          resolve()
        })
      })
    })
    world.gateway.setVirtualService(
      virtualService('a', 'a', [{timeout: '10s', route: [destination('a')]}]),
    )
    const answer = world.call('a')
    await world.clock.advance(10_000)
    const {status, body} = await answer
    expect([status, body, aborted]).toEqual([504, 'upstream request timeout', true])
  })

  test('says who answered, but only to those who ask', async () => {
    const world = new World()
    world.serve('hello-00001', '10.244.0.9', async (exchange) => {
      exchange.notes['pod'] = 'hello-00001-pod'
      exchange.notes['activatorWaitMs'] = 40
      await world.clock.advance(50)
      exchange.notes['proxiedAtMs'] = world.clock.now()
      await world.clock.advance(7)
      exchange.start(200, new HeaderFields())
      if (exchange.headers.has('kntool-trace')) exchange.write(Buffer.from('leaked'))
      exchange.end()
    })
    world.gateway.setVirtualService(
      virtualService('a', 'a', [{route: [destination('hello-00001')]}]),
    )
    const traced = await world.call('a', {'Kntool-Trace': '1'})
    expect(traced.body).toBe('')
    expect(traced.headers.toRecord()).toMatchObject({
      'kntool-trace': 'answered',
      'kntool-route': 'default/a',
      'kntool-destination': 'default/hello-00001',
      'kntool-pod': 'hello-00001-pod',
      'server-timing': 'activator;dur=40, queue;dur=10, container;dur=7',
    })
    const plain = await world.call('a')
    expect(plain.headers.has('kntool-pod')).toBe(false)
    expect(world.records[0]).toMatchObject({
      route: 'default/a',
      pod: 'hello-00001-pod',
      status: 200,
      durationMs: 57,
      phases: {activatorMs: 40, queueMs: 10, containerMs: 7},
    })
  })

  test('keeps the VirtualService it had when the next one cannot be understood', async () => {
    const world = new World()
    world.serve('a', '10.244.0.9', whoAmI('a'))
    world.gateway.setVirtualService(virtualService('a', 'a', [{route: [destination('a')]}]))
    world.gateway.setVirtualService(
      virtualService('a', 'a', [{match: [{uri: {regex: '('}}], route: [destination('a')]}]),
    )
    expect((await world.call('a')).body).toBe('a')
    expect(world.logs[0]).toContain('default/a rejected')
  })

  test('loses no request while traffic moves from one revision to the other', async () => {
    const world = new World()
    const releases = new Map<string, () => void>()
    const answers: string[] = []
    for (const [at, name] of ['one', 'two'].entries()) {
      releases.set(
        name,
        world.serve(name, `10.244.0.${8 + at}`, async (exchange) => {
          await settle(1)
          exchange.respond(200, name)
        }),
      )
    }
    const split = (one: number): void =>
      world.gateway.setVirtualService(
        virtualService('a', 'a', [
          {
            route: [destination('one', {weight: one}), destination('two', {weight: 100 - one})],
          },
        ]),
      )
    split(100)
    const calls: Promise<void>[] = []
    for (let at = 0; at <= 1000; at++) {
      if (at % 10 === 0) split(100 - at / 10)
      world.random = (at * 0.618_033_9) % 1
      calls.push(world.call('a').then(({body}) => void answers.push(body)))
      if (at % 50 === 0) await settle(1)
    }
    await Promise.all(calls)
    expect(answers.filter((answer) => answer === 'one').length).toBeGreaterThan(400)
    expect(answers.filter((answer) => answer === 'two').length).toBeGreaterThan(400)
    expect(answers).toHaveLength(1001)
    // Nothing goes to the old revision any more: its pod can be taken away.
    releases.get('one')?.()
    expect((await world.call('a')).body).toBe('two')
  })

  test('gives the address of its pod back when it closes', async () => {
    const world = new World()
    await world.gateway.close()
    expect(world.network.dial(POD_IP, 8080)).toBeUndefined()
    expect(world.network.dial(POD_IP, 8081)).toBeUndefined()
  })
})
