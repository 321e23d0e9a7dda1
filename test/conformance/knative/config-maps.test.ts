/** Each ConfigMap of knative-serving: a good change is in force at once, a bad one is refused. */
import {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import {CONFIG_MAPS, PODS} from '../../../src/api/core/v1.ts'
import {DESTINATION_RULES} from '../../../src/api/istio/v1beta1.ts'
import {KINGRESSES} from '../../../src/api/networking/v1alpha1.ts'
import {getCondition} from '../../../src/api/condition-set.ts'
import {CONFIGURATIONS, REVISIONS, SERVICES} from '../../../src/api/serving/v1.ts'
import type {TestCluster} from '../../../src/index.ts'
import {at, configure, objectsOf, serve, service, startCluster} from './conformance-cluster.ts'

const SVC = 'http://svc.default.example.com/'

async function queueProxyOf(cluster: TestCluster) {
  const key = at('svc-00001-deployment')
  const {spec} = await cluster.client.get(DEPLOYMENTS, key)
  const container = spec.template.spec.containers.find(({name}) => name === 'queue-proxy')
  const env = Object.fromEntries(
    (container?.env ?? []).map(({name, value}) => [name, value] as const),
  )
  return {...container, env, progressDeadlineSeconds: spec.progressDeadlineSeconds}
}

describe('a good change', () => {
  test('of config-defaults concerns what is created from then on', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-defaults', {
      'revision-timeout-seconds': '123',
      'container-concurrency': '7',
      'revision-cpu-request': '33m',
      'container-name-template': 'app-{{.Name}}',
    })
    await serve(cluster, 'svc', 'helloworld')
    const {revision} = await objectsOf(cluster, 'svc')
    expect(revision.spec).toMatchObject({
      timeoutSeconds: 123,
      containerConcurrency: 7,
      containers: [{name: 'app-svc', resources: {requests: {cpu: '33m'}}}],
    })
  })

  test('of config-defaults reaches a Service that is there by a new revision, and no old one', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await configure(cluster, 'config-defaults', {
      'revision-timeout-seconds': '123',
      'container-concurrency': '7',
      'revision-cpu-request': '33m',
    })
    await cluster.advance(2000)
    const old = await cluster.client.get(DEPLOYMENTS, at('svc-00001-deployment'))
    expect(old.metadata.generation).toBe(1)

    await cluster.client.patch(CONFIGURATIONS, at('svc'), {
      type: 'merge',
      body: {metadata: {labels: {touched: 'yes'}}},
    })
    await cluster.advance(5000)
    const {spec} = await cluster.client.get(REVISIONS, at('svc-00002'))
    expect(spec).toMatchObject({
      // What was filled in when the Service was written stays.
      timeoutSeconds: 300,
      containerConcurrency: 0,
      containers: [{resources: {requests: {cpu: '33m'}}}],
    })
    expect((await cluster.client.list(REVISIONS)).items).toHaveLength(2)
    const left = await cluster.client.get(DEPLOYMENTS, at('svc-00001-deployment'))
    expect(left.spec.template.spec).toEqual(old.spec.template.spec)
  })

  test('of config-defaults reaches Deployments where the revision leaves it open', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-defaults', {'enable-service-links': 'default'})
    await serve(cluster, 'svc', 'helloworld')
    const links = async (): Promise<[boolean | undefined, number | undefined]> => {
      const {metadata, spec} = await cluster.client.get(DEPLOYMENTS, at('svc-00001-deployment'))
      return [spec.template.spec.enableServiceLinks, metadata.generation]
    }
    const [before, generation = 0] = await links()
    expect(before).toBeUndefined()

    await configure(cluster, 'config-defaults', {'enable-service-links': 'false'})
    await cluster.advance(2000)
    expect(await links()).toEqual([false, generation + 1])
  })

  test('of config-autoscaler concerns revisions that are there', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await configure(cluster, 'config-autoscaler', {'min-scale': '2'})
    await cluster.advance(5000)
    expect(await cluster.pods('svc')).toHaveLength(2)
    await configure(cluster, 'config-autoscaler', {
      'min-scale': '0',
      'enable-scale-to-zero': 'false',
    })
    await cluster.advance(10 * 60_000)
    expect(await cluster.pods('svc')).toHaveLength(1)
  })

  test('of config-deployment concerns Deployments that are there', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await configure(cluster, 'config-deployment', {
      'queue-sidecar-cpu-request': '77m',
      'progress-deadline': '90s',
    })
    await cluster.advance(2000)
    const {resources, progressDeadlineSeconds} = await queueProxyOf(cluster)
    expect(resources).toMatchObject({requests: {cpu: '77m'}})
    expect(progressDeadlineSeconds).toBe(90)
  })

  test('of config-domain moves Routes', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await configure(cluster, 'config-domain', {
      'moved.example.org': '',
      'example.com': 'selector: {a: b}',
    })
    await cluster.advance(2000)
    expect((await cluster.ready('svc')).status?.url).toBe('http://svc.default.moved.example.org')
    expect((await cluster.fetch('http://svc.default.moved.example.org/')).status).toBe(200)
    expect((await cluster.fetch(SVC)).status).toBe(404)
  })

  test('of config-features opens fields', async () => {
    const cluster = await startCluster()
    const wish = service('svc', 'helloworld', {
      spec: {dnsPolicy: 'Default'} as never,
    })
    await expect(cluster.client.create(SERVICES, wish)).rejects.toThrow(
      'must not set the field(s): spec.template.spec.dnsPolicy',
    )
    await configure(cluster, 'config-features', {'kubernetes.podspec-dnspolicy': 'enabled'})
    await cluster.client.create(SERVICES, wish)
    await cluster.ready('svc')
  })

  test('of config-network concerns Routes that are there', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await configure(cluster, 'config-network', {
      'http-protocol': 'Redirected',
      'default-external-scheme': 'https',
    })
    await cluster.advance(2000)
    const ingress = await cluster.client.get(KINGRESSES, at('svc'))
    expect(ingress.spec.httpOption).toBe('Redirected')
  })

  test('of config-observability concerns Deployments and statuses that are there', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await configure(cluster, 'config-observability', {
      'logging.enable-request-log': 'true',
      'logging.request-log-template': '{{.Request.Method}}',
      'logging.revision-url-template': 'http://logs.example.org/${REVISION_UID}',
    })
    await cluster.advance(2000)
    const {env} = await queueProxyOf(cluster)
    expect(env).toMatchObject({
      SERVING_ENABLE_REQUEST_LOG: 'true',
      SERVING_REQUEST_LOG_TEMPLATE: '{{.Request.Method}}',
    })
    const {revision} = await objectsOf(cluster, 'svc')
    expect(revision.status?.logUrl).toBe(`http://logs.example.org/${revision.metadata.uid}`)
  })
})

describe('a bad change is refused, and the old value stays in force', () => {
  test.each([
    [
      'config-autoscaler',
      {'stable-window': '1s'},
      'stable-window = 1s, must be in [6s; 1h0m0s] range',
    ],
    ['config-autoscaler', {'max-scale': 'many'}, 'failed to parse "max-scale"'],
    ['config-defaults', {'revision-timeout-seconds': '700'}, 'cannot be greater than max-revision'],
    ['config-defaults', {'container-name-template': '{{.Nope}}'}, "can't evaluate field Nope"],
    [
      'config-deployment',
      {'progress-deadline': '0s'},
      'progress-deadline cannot be a non-positive',
    ],
    ['config-domain', {'example.org': 'selector: ['}, 'error converting YAML to JSON'],
    ['config-gc', {'retain-since-create-time': '-1s'}, 'must be non-negative'],
    ['config-network', {'domain-template': '{{.Name'}, 'template: domain-template'],
    ['config-network', {'rollout-duration': '-5'}, 'rollout-duration must be a positive integer'],
    ['config-observability', {'logging.request-log-template': '{{ .a'}, 'template: requestLog'],
  ])('%s %o', async (name, data, why) => {
    const cluster = await startCluster()
    const key = {namespace: 'knative-serving', name}
    const before = await cluster.client.get(CONFIG_MAPS, key)
    const refusal = configure(cluster, name, data as Record<string, string>)
    await expect(refusal).rejects.toThrow('config.webhook.serving.knative.dev')
    await expect(refusal).rejects.toThrow(why)
    expect(await cluster.client.get(CONFIG_MAPS, key)).toEqual(before)
    const {status} = await serve(cluster, 'svc', 'helloworld')
    expect(getCondition(status, 'Ready')?.status).toBe('True')
  })

  test('also of the example alone', async () => {
    const cluster = await startCluster()
    const key = {namespace: 'knative-serving', name: 'config-gc'}
    const body = {
      metadata: {annotations: {'knative.dev/example-checksum': '12345678'}},
      data: {_example: 'changed'},
    }
    await expect(cluster.client.patch(CONFIG_MAPS, key, {type: 'merge', body})).rejects.toThrow(
      'the update modifies a key in "_example" which is probably not what you want',
    )
  })

  test('config-features takes every value, and knows three', async () => {
    const cluster = await startCluster()
    await configure(cluster, 'config-features', {'kubernetes.podspec-dnspolicy': 'perhaps'})
    const wish = service('svc', 'helloworld', {spec: {dnsPolicy: 'Default'} as never})
    await expect(cluster.client.create(SERVICES, wish)).rejects.toThrow('dnsPolicy')
  })
})

describe('with config-network', () => {
  test.each([
    {data: {'system-internal-tls': 'Enabled'}, status: 200},
    {data: {'cluster-local-domain-tls': 'Enabled'}, status: 200},
    {data: {'external-domain-tls': 'Enabled'}, status: 200},
    {data: {'mesh-compatibility-mode': 'enabled'}, status: 200},
    {data: {'enable-mesh-pod-addressability': 'true'}, status: 200},
    {data: {'http-protocol': 'Redirected'}, status: 301, location: SVC.replace('http', 'https')},
  ])('$data a Service becomes ready and answers $status', async ({data, status, location}) => {
    const cluster = await startCluster()
    await configure(cluster, 'config-network', data as Record<string, string>)
    await serve(cluster, 'svc', 'helloworld')
    const response = await cluster.fetch(SVC, {redirect: 'manual'})
    expect(response.status).toBe(status)
    expect(response.headers.get('location') ?? undefined).toBe(location)
  })
})

test('config-network makes the gateways speak TLS to revisions', async () => {
  const cluster = await startCluster()
  await serve(cluster, 'svc', 'helloworld')
  await configure(cluster, 'config-network', {'system-internal-tls': 'Enabled'})
  await cluster.advance(2000)
  await cluster.ready('svc')
  const {items} = await cluster.client.list(DESTINATION_RULES, {namespace: 'default'})
  expect(items.map(({metadata}) => metadata.name)).toEqual(['svc-00001.default.svc.cluster.local'])
  expect((await cluster.fetch(SVC)).status).toBe(200)
})

test('config-observability turns the request log of the activator on and off', async () => {
  const cluster = await startCluster()
  await serve(cluster, 'svc', 'helloworld')
  await cluster.fetch(`${SVC}before`)
  await configure(cluster, 'config-observability', {
    'logging.enable-request-log': 'true',
    'logging.request-log-template': 'asked for {{.Request.URL}} of {{.Revision.Name}}',
  })
  await cluster.advance(2000)
  await cluster.fetch(`${SVC}during`)
  await configure(cluster, 'config-observability', {'logging.enable-request-log': 'false'})
  await cluster.fetch(`${SVC}after`)
  const lines = (await logOfActivator(cluster)).split('\n')
  expect(lines.filter((line) => line.startsWith('asked'))).toEqual([
    'asked for /during of svc-00001',
  ])
})

async function logOfActivator({client}: TestCluster): Promise<string> {
  const namespace = 'knative-serving'
  const {items} = await client.list(PODS, {namespace, labelSelector: 'app=activator'})
  const name = items[0]?.metadata.name ?? ''
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`
  const {body} = await client.raw({method: 'GET', path})
  return body.kind === 'bytes' ? text(Readable.from(body.chunks)) : ''
}
