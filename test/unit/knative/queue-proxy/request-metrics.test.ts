import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {HeaderFields} from '../../../../src/http/header-fields.ts'
import {callHandler, type InProcessRequest} from '../../../../src/http/in-process.ts'
import {createQueueProxy} from '../../../../src/knative/queue-proxy/queue-proxy.ts'
import {routeTagOf} from '../../../../src/knative/queue-proxy/request-metrics.ts'
import {FakeClock, settle} from '../../../../src/util/fake-clock.ts'

const ENV = {
  CONTAINER_CONCURRENCY: '0',
  USER_PORT: '8080',
  REVISION_TIMEOUT_SECONDS: '300',
  SERVING_NAMESPACE: 'default',
  SERVING_SERVICE: 'hello',
  SERVING_CONFIGURATION: 'hello',
  SERVING_REVISION: 'hello-00001',
  SERVING_POD: 'hello-00001-pod',
  SERVING_REQUEST_METRICS_BACKEND: 'prometheus',
}
const BEFORE =
  'configuration_name="hello",container_name="queue-proxy",namespace_name="default",pod_name="hello-00001-pod"'

/** A proxy before a container that takes 30 ms, unless `handle` says otherwise. */
function meteredProxy(
  env: Record<string, string> = {},
  handle?: (request: Request) => Promise<Response>,
): {
  readonly clock: FakeClock
  readonly call: (request?: InProcessRequest) => Promise<void>
  readonly scrape: (path?: string) => Promise<string>
} {
  const clock = new FakeClock()
  const slowly = async (): Promise<Response> => {
    await new Promise<void>((resolve) => clock.after(30, resolve))
    return new Response('hello')
  }
  const upstream = {kind: 'handler', handle: handle ?? slowly} as const
  const proxy = createQueueProxy({clock, env: {...ENV, ...env}, upstream})
  const send = async (handler = proxy.handler, request: InProcessRequest = {}): Promise<string> => {
    const {body} = await callHandler(handler, {...request, nowMs: clock.now()})
    return text(body)
  }
  return {
    clock,
    call: async (request) => {
      const answer = send(proxy.handler, request)
      await settle()
      await clock.advance(30)
      await answer
    },
    scrape: (path = '/metrics') => send(proxy.userMetricsHandler, {path}),
  }
}

const linesOf = (metrics: string, name: string): string[] =>
  metrics.split('\n').filter((line) => line.startsWith(`${name}{`))

describe('the metrics of requests', () => {
  test('count what was answered, by the code, with the labels of upstream', async () => {
    const {call, scrape} = meteredProxy()
    expect(await scrape()).toBe('')
    await call()
    await call()
    const metrics = await scrape()
    const after = 'response_code="200",response_code_class="2xx",revision_name="hello-00001"'
    expect(linesOf(metrics, 'revision_request_count')).toEqual([
      `revision_request_count{${BEFORE},${after},route_tag="DISABLED",service_name="hello"} 2`,
    ])
    expect(linesOf(metrics, 'revision_app_request_count')).toEqual([
      `revision_app_request_count{${BEFORE},${after},service_name="hello"} 2`,
    ])
    expect(metrics).not.toContain('revision_queue_depth')
    expect(await scrape('/')).toContain('404')
  })

  test('put response times in buckets, each with all that is below its end', async () => {
    const {call, scrape} = meteredProxy()
    await call()
    const metrics = await scrape()
    const buckets = linesOf(metrics, 'revision_request_latencies_bucket')
    expect(buckets).toHaveLength(27)
    const values = buckets.map((line) => /le="(.*)"} (\d+)$/.exec(line)?.slice(1))
    expect(values.slice(0, 4)).toEqual([
      ['5', '0'],
      ['10', '0'],
      ['20', '0'],
      ['40', '1'],
    ])
    expect(values.at(-1)).toEqual(['+Inf', '1'])
    expect(linesOf(metrics, 'revision_request_latencies_sum')[0]).toMatch(/ 30$/)
    expect(linesOf(metrics, 'revision_app_request_latencies_count')[0]).toMatch(/ 1$/)
    expect(metrics).toContain('# TYPE revision_request_latencies histogram\n')
  })

  test('tell how many run and wait where their number is limited', async () => {
    const {call, scrape} = meteredProxy({CONTAINER_CONCURRENCY: '2'})
    await call()
    expect(linesOf(await scrape(), 'revision_queue_depth')).toEqual([
      `revision_queue_depth{${BEFORE},response_code="",response_code_class="",revision_name="hello-00001",service_name="hello"} 1`,
    ])
  })

  test('have no request of the container where it found no place there', async () => {
    const never = (): Promise<Response> => new Promise(() => {})
    const {call, scrape} = meteredProxy({CONTAINER_CONCURRENCY: '1'}, never)
    for (let taken = 0; taken < 11; taken++) void call()
    await settle()
    await call()
    const metrics = await scrape()
    expect(linesOf(metrics, 'revision_request_count')[0]).toContain('response_code="503"')
    expect(linesOf(metrics, 'revision_app_request_count')).toEqual([])
  })

  test('leave out probes', async () => {
    const {call, scrape} = meteredProxy()
    await call({headers: {'K-Network-Probe': 'activator'}})
    await call({headers: {'user-agent': 'kube-probe/1.36'}})
    expect(await scrape()).toBe('')
  })

  test.each(['', 'none', 'opencensus'])('are not there for the backend "%s"', (backend) => {
    const proxy = createQueueProxy({
      clock: new FakeClock(),
      env: {...ENV, SERVING_REQUEST_METRICS_BACKEND: backend},
      upstream: {kind: 'handler', handle: async () => new Response()},
    })
    expect(proxy.userMetricsHandler).toBeUndefined()
  })
})

test.each([
  [{}, 'DISABLED'],
  [{'knative-serving-default-route': 'true'}, 'DEFAULT'],
  [{'knative-serving-tag': 'old', 'knative-serving-default-route': 'true'}, 'UNDEFINED'],
  [{'knative-serving-tag': 'old', 'knative-serving-default-route': 'false'}, 'old'],
])('a request with %o came by the tag %s', (headers, tag) => {
  expect(routeTagOf(HeaderFields.from(headers))).toBe(tag)
})
