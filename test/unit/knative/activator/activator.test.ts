import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {callHandler} from '../../../../src/http/in-process.ts'
import {settle} from '../../../../src/util/fake-clock.ts'
import {type Answer, FakePod, KEY, World} from './activator-world.ts'

describe('the activator', () => {
  test('holds requests until there is a pod, then lets all of them through', async () => {
    const world = new World()
    const answers = Promise.all(Array.from({length: 100}, () => world.call()))
    await world.clock.advance(5000)
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    expect(new Set((await answers).map(({body}) => body))).toEqual(new Set([pod.ip]))
  })

  test('wakes the autoscaler with the first request, at once', async () => {
    const world = new World()
    void world.call()
    await settle()
    expect(world.stats).toEqual([
      {
        revision: KEY,
        stat: {
          averageConcurrentRequests: 1,
          averageProxiedConcurrentRequests: 0,
          requestCount: 1,
          proxiedRequestCount: 0,
        },
      },
    ])
  })

  test('reports once a second, without the request it has reported, until nothing is left', async () => {
    const world = new World()
    const pod = new FakePod('10.244.1.1')
    const answers = [world.call(), world.call(), world.call()]
    await world.clock.advance(1000)
    expect(world.stats[1]?.stat).toMatchObject({averageConcurrentRequests: 2, requestCount: 2})
    await world.clock.advance(1000)
    expect(world.stats[2]?.stat).toMatchObject({averageConcurrentRequests: 3, requestCount: 0})
    world.start(pod)
    world.setBackends([pod])
    await Promise.all(answers)
    await world.clock.advance(5000)
    expect(world.stats[3]?.stat).toMatchObject({averageConcurrentRequests: 0, requestCount: 0})
    expect(world.stats).toHaveLength(4)
    // With nothing to report there is no timer.
    expect(world.clock.untilNextMs() ?? Infinity).toBeGreaterThan(100_000)
    void world.call()
    await settle()
    expect(world.stats[4]?.stat).toMatchObject({averageConcurrentRequests: 1, requestCount: 1})
  })

  test('sends a request to a pod as soon as its queue-proxy is ready, before Kubernetes says so', async () => {
    const world = new World()
    const pod = new FakePod('10.244.1.1')
    pod.ready = false
    const answer = world.call()
    world.setBackends([], [pod])
    await world.clock.advance(1000)
    world.start(pod)
    await world.clock.advance(1000)
    expect(world.activator.capacityOf(KEY)).toBe(0)
    pod.ready = true
    await world.clock.advance(20)
    expect((await answer).body).toBe(pod.ip)
    const logged = world.logs.length
    world.setBackends([pod])
    expect(world.logs).toHaveLength(logged)
  })

  test('waits for Kubernetes where the queue-proxy cannot tell', async () => {
    const world = new World({probeNotReady: false})
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([], [pod])
    await world.clock.advance(1000)
    expect(world.activator.capacityOf(KEY)).toBe(0)
    world.setBackends([pod])
    expect(world.activator.capacityOf(KEY)).toBeGreaterThan(0)
  })

  test('takes a pod out that ceases to be ready, until it proves itself again', async () => {
    const world = new World()
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    pod.ready = false
    world.setBackends([], [pod])
    expect(world.activator.capacityOf(KEY)).toBe(0)
    pod.ready = true
    await world.clock.advance(20)
    expect(world.activator.capacityOf(KEY)).toBeGreaterThan(0)
    world.setBackends([])
    expect(world.activator.capacityOf(KEY)).toBe(0)
    expect(world.clock.untilNextMs()).toBeUndefined()
  })

  test('writes the lines of the genuine activator', async () => {
    const world = new World()
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    world.setBackends([])
    expect(world.messages).toEqual([
      'Updating Revision Throttler with: clusterIP = <nil>, trackers = 1, backends = 1',
      'Set capacity to 2147483647 (backends: 1, index: 0/1)',
      'Updating Revision Throttler with: clusterIP = <nil>, trackers = 0, backends = 0',
      'Set capacity to 0 (backends: 0, index: 0/1)',
    ])
    expect(JSON.stringify(world.logs[1])).toBe(
      '{"severity":"INFO","timestamp":"2024-04-22T00:00:00.000Z","logger":"activator",' +
        '"message":"Set capacity to 2147483647 (backends: 1, index: 0/1)","commit":"41769de",' +
        '"knative.dev/controller":"activator","knative.dev/pod":"activator-7dbd76fdd8-gdmbd",' +
        '"knative.dev/key":"default/hello-00001"}',
    )
  })

  test('answers 504 to one that waited too long, and forgets it', async () => {
    const world = new World({limits: {totalMs: 10_000, responseStartMs: 0, idleMs: 0}})
    const answer = world.call()
    await world.clock.advance(10_000)
    expect(await answer).toEqual({status: 504, body: 'activator request timeout'})
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    await settle()
    expect(pod.most).toBe(0)
  })

  test('forgets one whose client went away while it waited', async () => {
    const world = new World()
    const client = new AbortController()
    const answer = world.call(undefined, undefined, client.signal)
    await settle()
    client.abort(new Error('bye'))
    await expect(answer).rejects.toThrow('bye')
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    await world.clock.advance(3000)
    expect(pod.most).toBe(0)
    expect(world.stats.at(-1)?.stat.averageConcurrentRequests).toBe(0)
  })

  test('gives a request to another pod when the one it chose has vanished', async () => {
    const world = new World({containerConcurrency: 1})
    const [gone, there] = [new FakePod('10.244.1.1'), new FakePod('10.244.1.2')]
    world.start(there)
    world.setBackends([gone, there])
    expect((await world.call()).body).toBe(there.ip)
    expect(world.activator.capacityOf(KEY)).toBeGreaterThan(0)
  })

  test('marks what it passes on, and takes out what was meant for it', async () => {
    const world = new World()
    const seen: unknown[] = []
    world.network.bind('10.244.1.1', 8012, async (exchange) => {
      seen.push(exchange.headers.toRecord(), exchange.notes['peerIp'])
      exchange.respond(200)
    })
    world.activator.setBackends(KEY, [{ip: '10.244.1.1', port: 8012, ready: true}])
    await world.call({
      'knative-serving-revision': 'hello-00001',
      'knative-serving-namespace': 'default',
      'k-network-hash': 'abc',
    })
    expect(seen).toEqual([{'k-proxy-request': 'activator'}, '10.244.0.3'])
  })

  test('takes fields without a value for none', async () => {
    const world = new World()
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    const host = 'hello-00001.default.svc.cluster.local'
    const answer = await world.call({'k-network-probe': '', 'k-kubelet-probe': ''}, host)
    expect(answer).toEqual({status: 200, body: pod.ip})
  })

  test('lets those that wait for a revision that is deleted wait until their time is over', async () => {
    const world = new World({limits: {totalMs: 10_000, responseStartMs: 0, idleMs: 0}})
    const answer = world.call()
    await settle()
    world.activator.removeRevision(KEY)
    await world.clock.advance(10_000)
    expect(await answer).toEqual({status: 504, body: 'activator request timeout'})
  })

  test('finds the revision by the host of its Service', async () => {
    const world = new World()
    const pod = new FakePod('10.244.1.1')
    world.start(pod)
    world.setBackends([pod])
    const host = 'hello-00001.default.svc.cluster.local:80'
    expect((await world.call({}, host)).status).toBe(200)
  })

  test('answers 404 for a revision it does not know, also after it was removed', async () => {
    const world = new World()
    const expected = {
      status: 404,
      body: 'Error getting active endpoint: revision.serving.knative.dev "hello-00002" not found\n',
    }
    const headers = {
      'knative-serving-revision': 'hello-00002',
      'knative-serving-namespace': 'default',
    }
    expect(await world.call(headers)).toEqual(expected)
    world.activator.removeRevision(KEY)
    expect((await world.call()).status).toBe(404)
  })

  test.each([
    [{'user-agent': 'kube-probe/1.30'}, 200, ''],
    [{'k-network-probe': 'activator'}, 200, 'activator'],
    [{'k-network-probe': 'queue'}, 400, 'unexpected probe header value: "queue"\n'],
    [{'k-network-probe': '<b>'}, 400, 'unexpected probe header value: "&lt;b&gt;"\n'],
    [{'k-network-probe': 'probe', 'k-network-hash': 'abc'}, 200, ''],
    [
      {'k-network-probe': 'probe'},
      400,
      'a probe request must contain a non-empty "K-Network-Hash" header\n',
    ],
  ])('answers the probe %j', async (headers: Record<string, string>, status, body) => {
    const world = new World()
    expect(await world.call(headers)).toEqual({status, body})
    const response = await callHandler(world.activator.handler, {headers})
    expect(response.headers.get('k-network-hash')).toBe(headers['k-network-hash'])
    expect(world.stats).toEqual([])
  })
})

describe('the activator with a concurrency limit', () => {
  test('gives each pod no more than its limit, and the rest in the order of arrival', async () => {
    const world = new World({containerConcurrency: 2})
    const [left, right] = await world.startHolding(2)
    if (left === undefined || right === undefined) throw new Error('no pods')
    const done: number[] = []
    const answers = Array.from({length: 6}, async (_, at) => {
      const answer = await world.call()
      done.push(at)
      return answer
    })
    await settle()
    expect([left.waiting.length, right.waiting.length]).toEqual([2, 2])
    right.finishOne()
    await settle()
    expect([left.waiting.length, right.waiting.length]).toEqual([2, 2])
    for (let at = 0; at < 6; at++) {
      left.finishOne()
      right.finishOne()
      await settle()
    }
    await Promise.all(answers)
    expect([left.most, right.most]).toEqual([2, 2])
    expect(done.toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5])
    expect(done.indexOf(4)).toBeLessThan(done.indexOf(5))
  })

  test('uses a new pod for those that wait, and none that is gone', async () => {
    const world = new World({containerConcurrency: 1})
    const [first] = await world.startHolding(1)
    if (first === undefined) throw new Error('no pod')
    const answers = [world.call(), world.call()]
    await settle()
    const second = new FakePod('10.244.1.9')
    world.start(second)
    world.setBackends([second])
    expect((await answers[1])?.body).toBe(second.ip)
    // The first one finishes where it began.
    first.finishOne()
    expect((await answers[0])?.body).toBe(first.ip)
    expect(world.activator.capacityOf(KEY)).toBeGreaterThan(0)
  })

  test('never exceeds the limit of a pod while pods come and go', async () => {
    const step = fc.oneof(
      fc.constantFrom('call' as const, 'finish' as const),
      fc.subarray([0, 1, 2]),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 5}),
        fc.array(step, {maxLength: 40}),
        async (limit, steps) => {
          const world = new World({containerConcurrency: limit})
          const pods = await world.startHolding(3)
          const answers: Promise<Answer>[] = []
          for (const what of steps) {
            if (what === 'call') answers.push(world.call())
            else if (what === 'finish') for (const pod of pods) pod.finishOne()
            else world.setBackends(pods.filter((_, at) => what.includes(at)))
            await settle(1)
          }
          world.setBackends(pods)
          let open = answers.length
          for (const answer of answers) void answer.finally(() => open--)
          while (open > 0) {
            for (const pod of pods) pod.finishOne()
            await settle(1)
          }
          const statuses = (await Promise.all(answers)).map(({status}) => status)
          expect(statuses).toEqual(answers.map(() => 200))
          expect(Math.max(0, ...pods.map(({most}) => most))).toBeLessThanOrEqual(limit)
        },
      ),
      {numRuns: 30},
    )
  })
})
