import {text} from 'node:stream/consumers'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {callHandler, type InProcessRequest} from '../../../../src/http/in-process.ts'
import {
  createQueueProxy,
  type QueueProxy,
  type QueueProxyOptions,
} from '../../../../src/knative/queue-proxy/queue-proxy.ts'
import {FakeClock, settle} from '../../../../src/util/fake-clock.ts'

const ENV = {
  CONTAINER_CONCURRENCY: '0',
  QUEUE_SERVING_PORT: '8012',
  USER_PORT: '8080',
  REVISION_TIMEOUT_SECONDS: '300',
  REVISION_RESPONSE_START_TIMEOUT_SECONDS: '0',
  REVISION_IDLE_TIMEOUT_SECONDS: '0',
  SERVING_NAMESPACE: 'default',
  SERVING_REVISION: 'hello-00001',
  SERVING_POD: 'hello-00001-pod',
  SERVING_POD_IP: '10.244.0.9',
  SERVING_READINESS_PROBE: '{"tcpSocket":{"port":8080,"host":"127.0.0.1"},"successThreshold":1}',
}

interface Answer {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

function proxyOf(
  handle: (request: Request) => Promise<Response>,
  env: Record<string, string> = {},
  more: Partial<QueueProxyOptions> = {},
): {
  proxy: QueueProxy
  clock: FakeClock
  readonly call: (request?: InProcessRequest) => Promise<Answer>
} {
  const clock = new FakeClock()
  const proxy = createQueueProxy({
    clock,
    env: {...ENV, ...env},
    upstream: {kind: 'handler', handle},
    ...more,
  })
  return {
    proxy,
    clock,
    call: async (request = {}) => {
      const response = await callHandler(proxy.handler, {...request, nowMs: clock.now()})
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        body: await text(response.body),
      }
    },
  }
}

const never = (): Promise<Response> => new Promise(() => {})

describe('a queue-proxy', () => {
  test('gives the container the request without what is meant for Knative', async () => {
    const {call} = proxyOf(async (request) => Response.json(Object.fromEntries(request.headers)))
    const {body} = await call({
      host: 'hello.example.com',
      headers: {
        'Knative-Serving-Revision': 'hello-00001',
        'Knative-Serving-Namespace': 'default',
        'X-Forwarded-For': '203.0.113.7',
        'X-Forwarded-Proto': 'http',
        'X-Mine': '1',
      },
    })
    expect(JSON.parse(body)).toEqual({
      host: 'hello.example.com',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'http',
      forwarded: 'for=203.0.113.7;proto=http',
      'x-mine': '1',
    })
  })

  test('gives back the host that a component had to change', async () => {
    const {call} = proxyOf(async (request) => new Response(request.headers.get('host')))
    const headers = {'K-Original-Host': 'hello.example.com'}
    expect((await call({host: '10.244.0.9:8012', headers})).body).toBe('hello.example.com')
  })

  test('answers 502 with the reason when the container fails', async () => {
    const logs: string[] = []
    const {call} = proxyOf(
      () => Promise.reject(new Error('boom')),
      {},
      {log: (line) => logs.push(line)},
    )
    expect(await call()).toEqual({status: 502, type: 'text/plain; charset=utf-8', body: 'boom\n'})
    expect(logs).toEqual(['error reverse proxying request; error: boom'])
  })

  test('never gives a container of concurrency 1 two requests at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({startMs: fc.nat(50), workMs: fc.nat(30)}), {maxLength: 11}),
        async (requests) => {
          let running = 0
          let most = 0
          const {call, clock} = proxyOf(
            async (request) => {
              most = Math.max(most, ++running)
              const workMs = Number(new URL(request.url).pathname.slice(1))
              await new Promise<void>((resolve) => clock.after(workMs, resolve))
              running--
              return new Response('done')
            },
            {CONTAINER_CONCURRENCY: '1'},
          )
          const answers: Promise<Answer>[] = []
          for (const {startMs, workMs} of requests) {
            clock.after(startMs, () => answers.push(call({path: `/${workMs}`})))
          }
          await clock.advance(1000)
          const statuses = (await Promise.all(answers)).map(({status}) => status)
          expect(statuses).toEqual(requests.map(() => 200))
          expect(most).toBeLessThanOrEqual(1)
        },
      ),
      {numRuns: 20},
    )
  })

  test('lets ten wait per slot and refuses the next one', async () => {
    const {call, proxy} = proxyOf(never, {CONTAINER_CONCURRENCY: '2'})
    for (let at = 0; at < 22; at++) void call()
    await settle()
    expect(proxy.active).toBe(22)
    expect(await call()).toEqual({
      status: 503,
      type: 'text/plain; charset=utf-8',
      body: 'pending request queue full\n',
    })
    expect(proxy.active).toBe(22)
  })

  test('answers 504 when the time is over, and gives the slot to the next one', async () => {
    let requests = 0
    const {call, clock} = proxyOf(
      async () => (++requests === 1 ? never() : new Response('second')),
      {CONTAINER_CONCURRENCY: '1', REVISION_TIMEOUT_SECONDS: '5'},
    )
    const first = call()
    await clock.advance(1000)
    const second = call()
    await clock.advance(4000)
    expect(await first).toEqual({
      status: 504,
      type: 'text/plain; charset=utf-8',
      body: 'request timeout',
    })
    expect((await second).body).toBe('second')
  })

  test('limits the start of a response and its pauses separately', async () => {
    const start = proxyOf(never, {REVISION_RESPONSE_START_TIMEOUT_SECONDS: '2'})
    const answer = start.call()
    await start.clock.advance(2000)
    expect((await answer).status).toBe(504)
    const idle = proxyOf(
      async () =>
        new Response(
          ReadableStream.from(
            (async function* () {
              yield Buffer.from('piece ')
              await never()
            })(),
          ),
        ),
      {REVISION_IDLE_TIMEOUT_SECONDS: '3'},
    )
    const paused = idle.call()
    await settle()
    await idle.clock.advance(3000)
    expect((await paused).body).toBe('piece request timeout')
  })

  test('measures the load, and what of it came through the activator', async () => {
    const {call, clock, proxy} = proxyOf(async () => {
      await new Promise<void>((resolve) => clock.after(500, resolve))
      return new Response()
    })
    const calls = [call(), call({headers: {'K-Proxy-Request': 'activator'}})]
    await settle()
    await clock.advance(2000)
    await Promise.all(calls)
    expect(proxy.takeStat()).toEqual({
      averageConcurrentRequests: 0.5,
      averageProxiedConcurrentRequests: 0.25,
      requestCount: 1,
      proxiedRequestCount: 0.5,
    })
    await clock.advance(1000)
    expect(proxy.takeStat()).toMatchObject({averageConcurrentRequests: 0, requestCount: 0})
  })

  test('answers health checks itself, and counts none of them', async () => {
    const {call, proxy, clock} = proxyOf(async () => new Response('from the container'))
    const agents = ['kube-probe/1.30', 'Knative-Activator-Probe', 'Knative-Autoscaling-Probe']
    for (const agent of agents) {
      const headers = {'user-agent': agent, 'K-Network-Probe': 'queue'}
      expect(await call({headers})).toMatchObject({status: 200, body: 'queue'})
    }
    expect(await call({headers: {'K-Kubelet-Probe': 'x'}})).toMatchObject({
      status: 400,
      body: 'unexpected probe header value: \n',
    })
    await clock.advance(1000)
    expect(proxy.takeStat().requestCount).toBe(0)
    // A field without a value is none.
    expect((await call({headers: {'K-Kubelet-Probe': ''}})).body).toBe('from the container')
    // Only those whose job it is may ask.
    const headers = {'K-Network-Probe': 'queue'}
    expect((await call({headers})).body).toBe('from the container')
  })

  test('answers probes of the network with the hash', async () => {
    const {proxy} = proxyOf(never)
    const headers = {'K-Network-Probe': 'probe', 'K-Network-Hash': 'abc'}
    const response = await callHandler(proxy.handler, {headers})
    expect([response.status, response.headers.get('k-network-hash')]).toEqual([200, 'abc'])
    const missing = await callHandler(proxy.handler, {headers: {'K-Network-Probe': 'probe'}})
    expect(missing.status).toBe(400)
  })

  test('drains: fails health checks, serves what still comes, ends when it is quiet', async () => {
    const {call, clock, proxy} = proxyOf(async () => new Response('served'))
    let drained = false
    void proxy.drain().then(() => (drained = true))
    const probe = {'user-agent': 'kube-probe/1.30', 'K-Network-Probe': 'queue'}
    expect(await call({headers: probe})).toMatchObject({status: 503, body: 'shutting down\n'})
    await clock.advance(29_000)
    expect((await call()).body).toBe('served')
    await clock.advance(29_000)
    expect(drained).toBe(false)
    await clock.advance(1000)
    expect(drained).toBe(true)
  })

  test('waits for requests under way before it has drained', async () => {
    const finish = Promise.withResolvers<void>()
    const {call, clock, proxy} = proxyOf(
      async () => {
        await finish.promise
        return new Response('finished')
      },
      {},
      {drainQuietPeriodMs: 100},
    )
    const answer = call()
    await settle()
    let drained = false
    void proxy.drain().then(() => (drained = true))
    await clock.advance(10_000)
    expect(drained).toBe(false)
    finish.resolve()
    await settle()
    await clock.advance(100)
    expect(drained).toBe(true)
    expect((await answer).body).toBe('finished')
  })

  test('lets a preStop hook wait for the drain, and forgets it when the pod stays', async () => {
    const {call, clock, proxy} = proxyOf(async () => new Response())
    const hook = callHandler(proxy.adminHandler, {path: '/wait-for-drain'})
    const probe = {'user-agent': 'kube-probe/1.30', 'K-Network-Probe': 'queue'}
    await settle()
    expect((await call({headers: probe})).status).toBe(503)
    await clock.advance(1000)
    expect((await hook).status).toBe(200)
    expect((await call({headers: probe})).status).toBe(200)
  })

  test('holds the preStop hook of a pod that goes until its requests are answered', async () => {
    const finish = Promise.withResolvers<void>()
    const {call, clock, proxy} = proxyOf(
      async () => {
        await finish.promise
        return new Response('finished')
      },
      {},
      {drainQuietPeriodMs: 500},
    )
    const answer = call()
    await settle()
    let released = false
    const hook = callHandler(proxy.adminHandler, {path: '/wait-for-drain'})
    void hook.then(() => (released = true))
    void proxy.drain()
    await clock.advance(3000)
    expect(released).toBe(false)
    finish.resolve()
    await settle()
    await clock.advance(100)
    expect(await answer).toMatchObject({status: 200, body: 'finished'})
    expect(released).toBe(true)
  })

  test('lets a container that restarts go, whatever it still owes', async () => {
    const {call, clock, proxy} = proxyOf(() => new Promise<Response>(() => undefined))
    void call().catch(() => undefined)
    await settle()
    const hook = callHandler(proxy.adminHandler, {path: '/wait-for-drain'})
    await clock.advance(1100)
    expect((await hook).status).toBe(200)
  })

  test('refuses an environment that lacks something, by name', () => {
    const {USER_PORT: _missing, ...env} = ENV
    const make = (broken: Record<string, string>): QueueProxy =>
      createQueueProxy({
        env: broken,
        clock: new FakeClock(),
        upstream: {kind: 'handler', handle: never},
      })
    expect(() => make(env)).toThrow('required key USER_PORT missing value')
    expect(() => make({...ENV, CONTAINER_CONCURRENCY: 'many'})).toThrow('CONTAINER_CONCURRENCY')
  })
})

test('a request log writes the template that config-observability has by default', async () => {
  const lines: string[] = []
  const template =
    '{"httpRequest": {"requestMethod": "{{.Request.Method}}", "requestUrl": "{{js .Request.RequestURI}}", ' +
    '"status": {{.Response.Code}}, "responseSize": "{{.Response.Size}}", ' +
    '"latency": "{{.Response.Latency}}s", "serverIp": "{{.Revision.PodIP}}"}, ' +
    '"traceId": "{{index .Request.Header "X-B3-Traceid"}}"}'
  const {call, clock} = proxyOf(
    async () => {
      await new Promise<void>((resolve) => clock.after(250, resolve))
      return new Response('hello')
    },
    {SERVING_ENABLE_REQUEST_LOG: 'true', SERVING_REQUEST_LOG_TEMPLATE: template},
    {log: (line) => lines.push(line)},
  )
  const answer = call({path: '/a?b="c"', headers: {'x-b3-traceid': 'f00'}})
  await settle()
  await clock.advance(250)
  await answer
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    httpRequest: {
      requestMethod: 'GET',
      requestUrl: '/a?b="c"',
      status: 200,
      responseSize: '5',
      latency: '0.25s',
      serverIp: '10.244.0.9',
    },
    // A header has a list of values, and Go prints lists in brackets.
    traceId: '[f00]',
  })
})

test('the load is there for Prometheus, as the autoscaler was told last', async () => {
  const {proxy, clock, call} = proxyOf(never)
  const scrape = async (path: string): Promise<Answer> => {
    const response = await callHandler(proxy.metricsHandler, {path, nowMs: clock.now()})
    const {status} = response
    return {status, type: response.headers.get('content-type'), body: await text(response.body)}
  }
  expect((await scrape('/metrics')).body).toContain('queue_average_concurrent_requests{')
  void call()
  await settle()
  await clock.advance(1000)
  proxy.takeStat()
  const {body, type} = await scrape('/metrics')
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  const labels =
    'destination_configuration="",destination_namespace="default",destination_pod="hello-00001-pod",destination_revision="hello-00001"'
  expect(body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    `process_uptime{${labels}} 1`,
    `queue_average_concurrent_requests{${labels}} 1`,
    `queue_average_proxied_concurrent_requests{${labels}} 0`,
    `queue_proxied_operations_per_second{${labels}} 0`,
    `queue_requests_per_second{${labels}} 1`,
  ])
  expect((await scrape('/')).status).toBe(404)
  await proxy.close()
})
