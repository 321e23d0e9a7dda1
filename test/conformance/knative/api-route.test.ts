/** Knative's API specification: Routes, Configurations, visibility, tags and DomainMappings. */
import {describe, expect, test} from 'vitest'
import {CORE_SERVICES} from '../../../src/api/core/v1.ts'
import {getCondition, isFalse, isTrue} from '../../../src/api/condition-set.ts'
import {
  CLUSTER_DOMAIN_CLAIMS,
  type KIngress,
  KINGRESSES,
} from '../../../src/api/networking/v1alpha1.ts'
import {
  CONFIGURATIONS,
  DOMAIN_MAPPINGS,
  REVISIONS,
  ROUTES,
  SERVICES,
} from '../../../src/api/serving/v1.ts'
import type {TestCluster} from '../../../src/index.ts'
import {
  ask,
  askOften,
  at,
  configure,
  image,
  serve,
  shapeOf,
  startCluster,
  TEXTS,
  update,
  withImage,
} from './conformance-cluster.ts'

const SERVING = 'serving.knative.dev/v1'

async function createConfiguration(cluster: TestCluster, name: string, of: string): Promise<void> {
  await cluster.client.create(CONFIGURATIONS, {
    apiVersion: SERVING,
    kind: 'Configuration',
    metadata: at(name),
    spec: {template: {spec: {containers: [{image: image(of)}]}}},
  })
}

async function routeReady(cluster: TestCluster, name: string): Promise<void> {
  await cluster.until(async () =>
    isTrue((await cluster.client.get(ROUTES, at(name))).status, 'Ready'),
  )
}

describe('Routes', () => {
  test('TestRouteCreation', async () => {
    const cluster = await startCluster()
    await cluster.client.create(ROUTES, {
      apiVersion: SERVING,
      kind: 'Route',
      metadata: at('web'),
      spec: {traffic: [{configurationName: 'app', percent: 100}]},
    })
    await cluster.advance(1000)
    const early = await cluster.client.get(ROUTES, at('web'))
    expect(getCondition(early.status, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ConfigurationMissing',
      message: 'Configuration "app" referenced in traffic not found.',
    })
    await createConfiguration(cluster, 'app', 'pizzaplanetv1')
    await routeReady(cluster, 'web')
    const url = 'http://web.default.example.com/'
    expect(await ask(cluster, url)).toBe(`200 ${TEXTS.pizzaplanetv1}`)
    await cluster.client.patch(CONFIGURATIONS, at('app'), {
      type: 'merge',
      body: withImage('pizzaplanetv2'),
    })
    await cluster.until(async () => (await ask(cluster, url)).endsWith(TEXTS.pizzaplanetv2))
    const {status} = await cluster.client.get(ROUTES, at('web'))
    expect(shapeOf(status?.traffic)).toEqual({
      '': {revision: 'app-00002', percent: 100, latest: true},
    })
  })

  test('TestBlueGreenRoute', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await update(cluster, 'svc', withImage('pizzaplanetv2'))
    await update(cluster, 'svc', {
      spec: {
        traffic: [
          {tag: 'blue', revisionName: 'svc-00001', percent: 50},
          {tag: 'green', revisionName: 'svc-00002', percent: 50},
        ],
      },
    })
    const blue = `200 ${TEXTS.pizzaplanetv1}`
    const green = `200 ${TEXTS.pizzaplanetv2}`
    const counts = await askOften(cluster, 'http://svc.default.example.com/', 100)
    expect((counts[blue] ?? 0) + (counts[green] ?? 0)).toBe(100)
    expect(Math.min(counts[blue] ?? 0, counts[green] ?? 0)).toBeGreaterThan(20)
    expect(await askOften(cluster, 'http://blue-svc.default.example.com/', 20)).toEqual({
      [blue]: 20,
    })
    expect(await askOften(cluster, 'http://green-svc.default.example.com/', 20)).toEqual({
      [green]: 20,
    })
  })

  test('TestRouteFollowsNoFailedRevision', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await cluster.client.patch(SERVICES, at('svc'), {type: 'merge', body: withImage('failing')})
    await cluster.until(async () =>
      isFalse((await cluster.client.get(SERVICES, at('svc'))).status, 'ConfigurationsReady'),
    )
    const {status} = await cluster.client.get(SERVICES, at('svc'))
    expect(status?.latestCreatedRevisionName).toBe('svc-00002')
    expect(status?.latestReadyRevisionName).toBe('svc-00001')
    expect(getCondition(status, 'RoutesReady')?.status).toBe('True')
    expect(shapeOf(status?.traffic)['']?.revision).toBe('svc-00001')
    expect(await ask(cluster, 'http://svc.default.example.com/')).toBe(`200 ${TEXTS.pizzaplanetv1}`)
  })

  test('TestTagHeaderBasedRouting', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-features', {'tag-header-based-routing': 'enabled'})
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await update(cluster, 'svc', withImage('pizzaplanetv2'))
    await update(cluster, 'svc', {
      spec: {
        traffic: [
          {revisionName: 'svc-00001', percent: 100},
          {tag: 'next', revisionName: 'svc-00002'},
        ],
      },
    })
    const url = 'http://svc.default.example.com/'
    const tagged = (tag: string): Promise<string> =>
      ask(cluster, url, {headers: {'Knative-Serving-Tag': tag}})
    expect(await tagged('next')).toBe(`200 ${TEXTS.pizzaplanetv2}`)
    expect(await tagged('unknown')).toBe(`200 ${TEXTS.pizzaplanetv1}`)
    expect(await ask(cluster, url)).toBe(`200 ${TEXTS.pizzaplanetv1}`)
  })

  test('TestTagRemoval', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    const traffic = [{latestRevision: true, percent: 100, tag: 'now'}]
    await update(cluster, 'svc', {spec: {traffic}})
    expect(await ask(cluster, 'http://now-svc.default.example.com/')).toContain('200')
    await update(cluster, 'svc', {spec: {traffic: [{latestRevision: true, percent: 100}]}})
    await cluster.advance(1000)
    const gone = await cluster.client.find(CORE_SERVICES, at('now-svc'))
    expect(gone).toBeUndefined()
    expect(await ask(cluster, 'http://now-svc.default.example.com/')).toBe('404 ')
  })

  test('TestRolloutDuration', async () => {
    const cluster = await startCluster()
    const annotations = {'serving.knative.dev/rollout-duration': '100s'}
    await serve(cluster, 'svc', 'pizzaplanetv1', {annotations})
    await cluster.client.patch(SERVICES, at('svc'), {
      type: 'merge',
      body: withImage('pizzaplanetv2'),
    })
    const percentOfNew = async (): Promise<number> => {
      const {status} = await cluster.client.get(ROUTES, at('svc'))
      const {percent = 0} =
        status?.traffic?.find(({revisionName}) => revisionName === 'svc-00002') ?? {}
      const sum = (status?.traffic ?? []).reduce(
        (total, target) => total + (target.percent ?? 0),
        0,
      )
      expect(sum).toBe(100)
      return percent
    }
    const steps: number[] = [0]
    await cluster.until(async () => {
      const percent = await percentOfNew()
      if (percent !== steps.at(-1)) steps.push(percent)
      return percent === 100
    })
    expect(steps[1]).toBe(1)
    expect(steps.length).toBeGreaterThan(10)
    expect(steps).toEqual(steps.toSorted((left, right) => left - right))
    expect(await ask(cluster, 'http://svc.default.example.com/')).toContain('pepperoni')
  })
})

describe('visibility', () => {
  test('TestSubrouteVisibilityPublicToPrivate', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await update(cluster, 'svc', {
      spec: {traffic: [{latestRevision: true, percent: 100, tag: 'hidden'}]},
    })
    await cluster.client.patch(CORE_SERVICES, at('hidden-svc'), {
      type: 'merge',
      body: {metadata: {labels: {'networking.knative.dev/visibility': 'cluster-local'}}},
    })
    await cluster.advance(1000)
    const {status} = await cluster.ready('svc')
    expect(status?.url).toBe('http://svc.default.example.com')
    expect(status?.traffic?.[0]?.url).toBe('http://hidden-svc.default.svc.cluster.local')
    expect(await ask(cluster, 'http://hidden-svc.default.example.com/')).toBe('404 ')
    expect(await ask(cluster, 'http://svc.default.example.com/')).toContain('200')
  })

  test('TestClusterLocalService', async () => {
    const cluster = await startCluster()
    const labels = {'networking.knative.dev/visibility': 'cluster-local'}
    const created = await serve(cluster, 'svc', 'pizzaplanetv1', {labels})
    expect(created.status?.url).toBe('http://svc.default.svc.cluster.local')
    expect(created.status?.address?.url).toBe('http://svc.default.svc.cluster.local')
    const ingress: KIngress = await cluster.client.get(KINGRESSES, at('svc'))
    expect(ingress.spec.rules?.map(({visibility}) => visibility)).toEqual(['ClusterLocal'])
    // From outside nobody reaches it, not even under its name inside the cluster.
    expect(await ask(cluster, 'http://svc.default.svc.cluster.local/')).toBe('404 ')
    await update(cluster, 'svc', {
      metadata: {labels: {'networking.knative.dev/visibility': null}},
    })
    await cluster.advance(1000)
    expect((await cluster.ready('svc')).status?.url).toBe('http://svc.default.example.com')
    expect(await ask(cluster, 'http://svc.default.example.com/')).toContain('200')
  })

  test('TestDomainBySelector', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-domain', {
      'shop.example.org': 'selector:\n  app: shop\n',
      'svc.cluster.local': 'selector:\n  app: secret\n',
    })
    const shop = await serve(cluster, 'shop', 'pizzaplanetv1', {labels: {app: 'shop'}})
    const secret = await serve(cluster, 'secret', 'pizzaplanetv1', {labels: {app: 'secret'}})
    const other = await serve(cluster, 'other', 'pizzaplanetv1')
    expect([shop, secret, other].map(({status}) => status?.url)).toEqual([
      'http://shop.default.shop.example.org',
      'http://secret.default.svc.cluster.local',
      'http://other.default.example.com',
    ])
  })

  test('TestDomainTemplate', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await configure(cluster, 'config-network', {
      'domain-template': '{{.Name}}-{{.Namespace}}.{{index .Annotations "sub"}}{{.Domain}}',
      'tag-template': '{{.Name}}-{{.Tag}}',
    })
    await update(cluster, 'svc', {
      metadata: {annotations: {sub: 'eu.'}},
      spec: {traffic: [{latestRevision: true, percent: 100, tag: 'now'}]},
    })
    await cluster.advance(1000)
    const {status} = await cluster.ready('svc')
    expect(status?.url).toBe('http://svc-default.eu.example.com')
    expect(status?.traffic?.[0]?.url).toBe('http://svc-now-default.eu.example.com')
    expect(await ask(cluster, 'http://svc-now-default.eu.example.com/')).toContain('200')
    expect(await ask(cluster, 'http://svc.default.example.com/')).toBe('404 ')
  })
})

describe('DomainMappings', () => {
  const ref = {apiVersion: SERVING, kind: 'Service', name: 'svc', namespace: 'default'}
  const mapping = (name: string) => ({
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: at(name),
    spec: {ref},
  })
  const claim = (name: string, namespace: string) => ({
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ClusterDomainClaim',
    metadata: {name},
    spec: {namespace},
  })

  test('TestDomainMapping', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await cluster.client.create(DOMAIN_MAPPINGS, mapping('www.example.org'))
    await cluster.advance(1000)
    const before = await cluster.client.get(DOMAIN_MAPPINGS, at('www.example.org'))
    expect(getCondition(before.status, 'DomainClaimed')).toMatchObject({
      status: 'False',
      reason: 'DomainAlreadyClaimed',
    })
    expect(await ask(cluster, 'http://www.example.org/')).toBe('404 ')
    await cluster.client.create(CLUSTER_DOMAIN_CLAIMS, claim('www.example.org', 'default'))
    await cluster.until(async () => {
      const {status} = await cluster.client.get(DOMAIN_MAPPINGS, at('www.example.org'))
      return isTrue(status, 'Ready')
    })
    expect(await ask(cluster, 'http://www.example.org/')).toBe(`200 ${TEXTS.pizzaplanetv1}`)
    await cluster.client.delete(DOMAIN_MAPPINGS, at('www.example.org'))
    await cluster.advance(1000)
    expect(await ask(cluster, 'http://www.example.org/')).toBe('404 ')
  })

  test('TestDomainMappingClaimedElsewhere', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await cluster.client.create(CLUSTER_DOMAIN_CLAIMS, claim('www.example.org', 'other'))
    await cluster.client.create(DOMAIN_MAPPINGS, mapping('www.example.org'))
    await cluster.advance(1000)
    const {status} = await cluster.client.get(DOMAIN_MAPPINGS, at('www.example.org'))
    expect(getCondition(status, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'DomainAlreadyClaimed',
    })
  })

  test('TestDomainMappingAutocreateClaim', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-network', {'autocreate-cluster-domain-claims': 'true'})
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await cluster.client.create(DOMAIN_MAPPINGS, mapping('www.example.org'))
    await cluster.until(async () => {
      const {status} = await cluster.client.get(DOMAIN_MAPPINGS, at('www.example.org'))
      return isTrue(status, 'Ready')
    })
    const made = await cluster.client.get(CLUSTER_DOMAIN_CLAIMS, {name: 'www.example.org'})
    expect(made.spec).toEqual({namespace: 'default'})
    await cluster.client.delete(DOMAIN_MAPPINGS, at('www.example.org'))
    await cluster.advance(1000)
    expect(
      await cluster.client.find(CLUSTER_DOMAIN_CLAIMS, {name: 'www.example.org'}),
    ).toBeUndefined()
  })
})

describe('garbage collection', () => {
  test('TestRevisionGC', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-gc', {
      'retain-since-create-time': '0s',
      'retain-since-last-active-time': '0s',
      'min-non-active-revisions': '0',
      'max-non-active-revisions': '0',
    })
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await update(cluster, 'svc', {
      spec: {
        traffic: [
          {latestRevision: true, percent: 100},
          {revisionName: 'svc-00001', tag: 'pinned'},
        ],
      },
    })
    for (const of of ['pizzaplanetv2', 'helloworld', 'pizzaplanetv1']) {
      await update(cluster, 'svc', withImage(of))
      await cluster.advance(10 * 60_000)
    }
    const names = async (): Promise<string[]> =>
      (await cluster.client.list(REVISIONS, {namespace: 'default'})).items
        .map(({metadata}) => metadata.name)
        .toSorted()
    expect(await names()).toEqual(['svc-00001', 'svc-00004'])
    expect(await ask(cluster, 'http://pinned-svc.default.example.com/')).toContain('200')
  })
})
