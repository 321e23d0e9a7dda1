/** Knative's end-to-end tests of autoscaling. */
import {describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import {POD_AUTOSCALERS} from '../../../src/api/autoscaling/v1alpha1.ts'
import {getCondition, isFalse} from '../../../src/api/condition-set.ts'
import {ENDPOINTS} from '../../../src/api/core/v1.ts'
import {SERVERLESS_SERVICES} from '../../../src/api/networking/v1alpha1.ts'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import type {TestCluster} from '../../../src/index.ts'
import {
  at,
  configure,
  Hold,
  objectsOf,
  serve,
  service,
  startCluster,
  update,
  withImage,
} from './conformance-cluster.ts'

const SVC = 'http://svc.default.example.com/'
const KEY = 'autoscaling.knative.dev/'

/** Keeps `count` requests under way. */
async function load(cluster: TestCluster, count: number): Promise<Promise<Response>[]> {
  const answers = Array.from({length: count}, () => cluster.send(SVC))
  await cluster.advance(0)
  return answers
}

async function replicas(cluster: TestCluster, revision = 'svc-00001'): Promise<number> {
  const {spec} = await cluster.client.get(DEPLOYMENTS, at(`${revision}-deployment`))
  return spec.replicas ?? 0
}

async function secondsUntil(
  cluster: TestCluster,
  condition: () => Promise<boolean>,
): Promise<number> {
  const began = cluster.now()
  await cluster.until(condition)
  return (cluster.now() - began) / 1000
}

describe('up and down', () => {
  test('TestAutoscaleUpDownUp', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    await serve(cluster, 'svc', 'autoscale', {template: {[`${KEY}target`]: '10'}})
    for (let round = 0; round < 2; round++) {
      const answers = await load(cluster, 50)
      // 50 requests at 70 % of 10 each.
      await cluster.until(async () => (await replicas(cluster)) >= 8)
      await cluster.advance(10_000)
      hold.release()
      for (const answer of answers) expect((await answer).status).toBe(200)
      await cluster.until(async () => (await replicas(cluster)) === 0)
      await cluster.advance(10_000)
    }
  })

  test('TestAutoscaleUpCountPods', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    await serve(cluster, 'svc', 'autoscale', {
      template: {[`${KEY}target`]: '10', [`${KEY}target-utilization-percentage`]: '100'},
    })
    for (const pods of [1, 2, 4]) {
      const answers = await load(cluster, pods * 10)
      await cluster.advance(90_000)
      expect(await replicas(cluster)).toBe(pods)
      hold.release()
      await Promise.all(answers)
    }
  })

  test('TestRPSBasedAutoscaleUpCountPods', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {
      template: {
        [`${KEY}metric`]: 'rps',
        [`${KEY}target`]: '10',
        [`${KEY}target-utilization-percentage`]: '100',
        [`${KEY}window`]: '10s',
      },
    })
    for (let second = 0; second < 30; second++) {
      const answers = Array.from({length: 30}, () => cluster.send(SVC))
      await cluster.advance(1000)
      await Promise.all(answers.map(async (answer) => (await answer).text()))
    }
    expect(await replicas(cluster)).toBe(3)
  })

  test('TestAutoscaleSustaining', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    await serve(cluster, 'svc', 'autoscale', {template: {[`${KEY}target`]: '10'}})
    const answers = await load(cluster, 30)
    await cluster.advance(120_000)
    const pods = new Set<number>()
    for (let second = 0; second < 60; second++) {
      await cluster.advance(1000)
      pods.add(await replicas(cluster))
    }
    expect([...pods]).toEqual([5])
    hold.release()
    await Promise.all(answers)
  })

  test('TestScaleToZero', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    const seconds = await secondsUntil(cluster, async () => (await replicas(cluster)) === 0)
    // The stable window. The grace period is over by then: with the usual burst capacity the
    // activator has been in the path from the start.
    expect(Math.ceil(seconds)).toBeGreaterThanOrEqual(60)
    expect(seconds).toBeLessThan(60 + 10)
    const {revision} = await objectsOf(cluster, 'svc')
    expect(getCondition(revision.status, 'Ready')?.status).toBe('True')
    expect(getCondition(revision.status, 'Active')).toMatchObject({
      status: 'False',
      reason: 'NoTraffic',
    })
    expect((await cluster.fetch(SVC)).status).toBe(200)
    expect(await cluster.pods('svc')).toHaveLength(1)
  })

  test('TestFastScaleToZero', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {
      template: {[`${KEY}target-burst-capacity`]: '-1', [`${KEY}window`]: '6s'},
    })
    const seconds = await secondsUntil(cluster, async () => (await replicas(cluster)) === 0)
    // The activator is in the path all along.
    expect(seconds).toBeLessThan(6 + 30 + 10)
  })

  test('TestActivatorInPathBeforeZero', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {template: {[`${KEY}target-burst-capacity`]: '0'}})
    const activators = async (): Promise<boolean> => {
      const pods = await cluster.client.get(ENDPOINTS, at('svc-00001'))
      const all = await cluster.client.get(ENDPOINTS, {
        namespace: 'knative-serving',
        name: 'activator-service',
      })
      const ips = (endpoints: typeof pods): string[] =>
        (endpoints.subsets ?? []).flatMap(({addresses = []}) => addresses.map(({ip}) => ip))
      return ips(pods).every((ip) => ips(all).includes(ip))
    }
    await cluster.until(
      async () =>
        (await cluster.client.get(SERVERLESS_SERVICES, at('svc-00001'))).spec.mode === 'Serve',
    )
    await cluster.advance(1000)
    expect(await activators()).toBe(false)
    let proxiedAtMs = 0
    await cluster.until(async () => {
      if (proxiedAtMs === 0 && (await activators())) proxiedAtMs = cluster.now()
      return (await replicas(cluster)) === 0
    })
    expect(proxiedAtMs).toBeGreaterThan(0)
    expect(cluster.now() - proxiedAtMs).toBeGreaterThanOrEqual(30_000)
  })
})

describe('bounds', () => {
  test('TestMinScale', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {template: {[`${KEY}min-scale`]: '3'}})
    expect(await cluster.pods('svc')).toHaveLength(3)
    await cluster.advance(5 * 60_000)
    expect(await replicas(cluster)).toBe(3)
    // One that no traffic reaches any more keeps no pods.
    await update(cluster, 'svc', withImage('pizzaplanetv1'))
    await cluster.until(async () => (await replicas(cluster)) === 0)
    expect(await replicas(cluster, 'svc-00002')).toBe(3)
  })

  test('TestMaxScale', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    const template = {[`${KEY}max-scale`]: '2', [`${KEY}target`]: '1'}
    await serve(cluster, 'svc', 'autoscale', {template})
    const answers = await load(cluster, 20)
    for (let second = 0; second < 60; second++) {
      await cluster.advance(1000)
      expect(await replicas(cluster)).toBeLessThanOrEqual(2)
    }
    expect(await replicas(cluster)).toBe(2)
    hold.release()
    await Promise.all(answers)
  })

  test('TestInitScaleZero', async () => {
    const cluster = await startCluster()
    const zero = service('svc', 'helloworld', {template: {[`${KEY}initial-scale`]: '0'}})
    await expect(cluster.client.create(SERVICES, zero)).rejects.toThrow('initial-scale')
    await configure(cluster, 'config-autoscaler', {'allow-zero-initial-scale': 'true'})
    await cluster.client.create(SERVICES, zero)
    await cluster.ready('svc')
    expect(await cluster.pods('svc')).toEqual([])
    await cluster.advance(30_000)
    expect(await replicas(cluster)).toBe(0)
    expect((await cluster.fetch(SVC)).status).toBe(200)
    expect(await replicas(cluster)).toBe(1)
  })

  test('TestInitScalePositive', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {template: {[`${KEY}initial-scale`]: '3'}})
    expect(await cluster.pods('svc')).toHaveLength(3)
    await cluster.until(async () => (await replicas(cluster)) === 0)
  })

  test('TestActivationScale', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {template: {[`${KEY}activation-scale`]: '4'}})
    expect(await cluster.pods('svc')).toHaveLength(1)
    await cluster.until(async () => (await replicas(cluster)) === 0)
    await cluster.advance(10_000)
    await cluster.fetch(SVC)
    await cluster.advance(5000)
    expect(await replicas(cluster)).toBe(4)
  })
})

describe('delays', () => {
  test('TestScaleDownDelay', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    await serve(cluster, 'svc', 'autoscale', {
      template: {
        [`${KEY}target`]: '10',
        [`${KEY}window`]: '10s',
        [`${KEY}scale-down-delay`]: '3m',
      },
    })
    const answers = await load(cluster, 28)
    await cluster.until(async () => (await replicas(cluster)) === 4)
    await cluster.advance(30_000)
    hold.release()
    await Promise.all(answers)
    const seconds = await secondsUntil(cluster, async () => (await replicas(cluster)) < 4)
    expect(seconds).toBeGreaterThan(150)
  })

  test('TestScaleToZeroPodRetention', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld', {
      template: {[`${KEY}scale-to-zero-pod-retention-period`]: '2m', [`${KEY}window`]: '6s'},
    })
    const seconds = await secondsUntil(cluster, async () => (await replicas(cluster)) === 0)
    expect(Math.ceil(seconds)).toBeGreaterThanOrEqual(6 + 120)
    expect(seconds).toBeLessThan(6 + 120 + 15)
  })
})

describe('the way of requests', () => {
  test('TestTargetBurstCapacity', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    await serve(cluster, 'svc', 'autoscale', {
      spec: {containerConcurrency: 10},
      template: {[`${KEY}target-burst-capacity`]: '7', [`${KEY}max-scale`]: '2'},
    })
    const mode = async (): Promise<string> =>
      (await cluster.client.get(SERVERLESS_SERVICES, at('svc-00001'))).spec.mode ?? ''
    await cluster.until(async () => (await mode()) === 'Serve')
    const answers = await load(cluster, 18)
    await cluster.until(async () => (await mode()) === 'Proxy')
    // Those that had gone to the first pod before wait there, ten at a time.
    expect(hold.most).toBe(10)
    hold.release()
    await cluster.advance(0)
    hold.release()
    await Promise.all(answers)
    await cluster.until(async () => (await mode()) === 'Serve')
  })

  test('TestActivatorOverload', async () => {
    let served = 0
    const cluster = await startCluster({
      once: () => {
        served++
        return new Response('done')
      },
    })
    await serve(cluster, 'svc', 'once', {
      spec: {containerConcurrency: 1},
      template: {[`${KEY}max-scale`]: '10'},
    })
    await cluster.until(async () => (await replicas(cluster)) === 0)
    const answers = await load(cluster, 1000)
    await cluster.advance(20_000)
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(served).toBe(1000)
  })
})

describe('classes', () => {
  test('TestHPAClass', async () => {
    const cluster = await startCluster()
    const hpa = {[`${KEY}class`]: 'hpa.autoscaling.knative.dev', [`${KEY}metric`]: 'cpu'}
    await cluster.client.create(SERVICES, service('svc', 'helloworld', {template: hpa}))
    await cluster.until(async () =>
      isFalse((await cluster.client.get(POD_AUTOSCALERS, at('svc-00001'))).status, 'Ready'),
    )
    const {status} = await cluster.client.get(POD_AUTOSCALERS, at('svc-00001'))
    expect(getCondition(status, 'Active')).toMatchObject({
      status: 'False',
      reason: 'ClassNotSupported',
    })
    await cluster.until(async () =>
      isFalse((await cluster.client.get(SERVICES, at('svc'))).status, 'ConfigurationsReady'),
    )
  })
})
