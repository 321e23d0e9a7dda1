/** Knative's runtime contract, as a function in a container sees it. */
import {describe, expect, test} from 'vitest'
import {getCondition, isFalse} from '../../../src/api/condition-set.ts'
import {CONFIG_MAPS, SECRETS} from '../../../src/api/core/v1.ts'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import type {TestCluster} from '../../../src/index.ts'
import {
  at,
  objectsOf,
  type RuntimeInfo,
  serve,
  service,
  type ServiceOptions,
  startCluster,
} from './conformance-cluster.ts'

const URL_OF_SVC = 'http://svc.default.example.com/'

async function fetchRuntimeInfo(
  options: ServiceOptions = {},
  init: RequestInit = {},
  cluster?: TestCluster,
): Promise<RuntimeInfo> {
  const on = cluster ?? (await startCluster())
  await serve(on, 'svc', 'runtime', options)
  const response = await on.fetch(`${URL_OF_SVC}path?query=1`, init)
  return (await response.json()) as RuntimeInfo
}

describe('environment', () => {
  test('TestMustEnvVars', async () => {
    const {env} = await fetchRuntimeInfo({container: {ports: [{containerPort: 8881}]}})
    expect(env['PORT']).toBe('8881')
  })

  test('TestShouldEnvVars', async () => {
    const {env} = await fetchRuntimeInfo()
    expect(env).toMatchObject({
      PORT: '8080',
      K_SERVICE: 'svc',
      K_CONFIGURATION: 'svc',
      K_REVISION: 'svc-00001',
    })
  })

  test('TestSecretsViaEnv, TestConfigsViaEnv', async () => {
    const cluster = await startCluster()
    const {client} = cluster
    const data = {key: Buffer.from('secret').toString('base64')}
    await client.create(SECRETS, {apiVersion: 'v1', kind: 'Secret', metadata: at('s'), data})
    const map = {apiVersion: 'v1', kind: 'ConfigMap', metadata: at('c'), data: {A: '1', B: '2'}}
    await client.create(CONFIG_MAPS, map)
    const container = {
      env: [
        {name: 'FROM_SECRET', valueFrom: {secretKeyRef: {name: 's', key: 'key'}}},
        {name: 'BOTH', value: '$(FROM_SECRET)/$(C_A)'},
      ],
      envFrom: [{prefix: 'C_', configMapRef: {name: 'c'}}],
    }
    const {env} = await fetchRuntimeInfo({container}, {}, cluster)
    expect(env).toMatchObject({FROM_SECRET: 'secret', C_A: '1', C_B: '2', BOTH: 'secret/1'})
  })

  test.each([
    ['stdin', {stdin: true}],
    ['tty', {tty: true}],
    ['lifecycle', {lifecycle: {preStop: {exec: {command: ['x']}}}}],
    ['ports[0].hostPort', {ports: [{containerPort: 8080, hostPort: 80}]}],
  ])('TestMustNotContainerConstraints: %s', async (field, container) => {
    const cluster = await startCluster()
    const bad = service('svc', 'runtime', {
      container: container as NonNullable<ServiceOptions['container']>,
    })
    const creation = cluster.client.create(SERVICES, bad, {fieldValidation: 'Strict'})
    await expect(creation).rejects.toThrow(
      `unknown field "spec.template.spec.containers[0].${field}"`,
    )
  })

  test('TestCustomResourcesLimits', async () => {
    const cluster = await startCluster()
    const resources = {limits: {memory: '350Mi'}, requests: {cpu: '50m'}}
    await serve(cluster, 'svc', 'runtime', {container: {resources}})
    const [pod] = await cluster.pods('svc')
    expect(pod?.spec.containers[0]?.resources).toEqual({
      limits: {memory: '350Mi'},
      requests: {cpu: '50m', memory: '350Mi'},
    })
  })
})

describe('headers', () => {
  test('TestMustHaveHeadersSet', async () => {
    const {headers, url} = await fetchRuntimeInfo()
    expect(new URL(url).host).toBe('svc.default.example.com')
    expect(headers['host']).toBe('svc.default.example.com')
  })

  test('TestShouldHaveHeadersSet', async () => {
    const {headers, url} = await fetchRuntimeInfo(
      {},
      {headers: {'this-was-user-set': 'a value', 'x-request-id': 'mine'}},
    )
    expect(url).toBe(`${URL_OF_SVC}path?query=1`)
    expect(headers).toMatchObject({
      'this-was-user-set': 'a value',
      'x-forwarded-proto': 'http',
      'x-request-id': 'mine',
    })
    for (const address of (headers['x-forwarded-for'] ?? '').split(',')) {
      expect(address.trim()).toMatch(/^(?:\d+\.){3}\d+$/)
    }
    expect(headers['forwarded']).toMatch(
      /^for=(?:\d+\.){3}\d+;proto=http(?:, for=(?:\d+\.){3}\d+)*$/,
    )
    expect(headers['x-b3-spanid']).toMatch(/^[0-9a-f]{16}$/)
    expect(headers['x-b3-traceid']).toMatch(/^[0-9a-f]{16}([0-9a-f]{16})?$/)
  })

  test('TestKnativeHeadersStayInside', async () => {
    const {headers} = await fetchRuntimeInfo(
      {},
      {headers: {'K-Network-Hash': 'x', 'Knative-Serving-Revision': 'other'}},
    )
    const inside = Object.keys(headers).filter((name) => name.startsWith('knative-'))
    expect(inside).toEqual([])
    expect(headers).not.toHaveProperty('k-network-hash')
  })
})

describe('probes', () => {
  test.each([
    ['http', {httpGet: {path: '/healthz'}}],
    ['http with a header', {httpGet: {path: '/', httpHeaders: [{name: 'X', value: 'y'}]}}],
    ['tcp', {tcpSocket: {}}],
    ['a period of its own', {httpGet: {path: '/healthz'}, periodSeconds: 1}],
    ['many successes', {httpGet: {path: '/healthz'}, successThreshold: 3}],
  ])('TestProbeRuntime: %s', async (_name, readinessProbe) => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'runtime', {
      container: {readinessProbe} as NonNullable<ServiceOptions['container']>,
    })
    expect((await cluster.fetch(URL_OF_SVC)).status).toBe(200)
  })

  test('TestReadinessAfterStart', async () => {
    let isReady = false
    const cluster = await startCluster({
      late: ({url}) =>
        new Response('', {status: new URL(url).pathname === '/healthz' && !isReady ? 500 : 200}),
    })
    const container = {readinessProbe: {httpGet: {path: '/healthz'}}}
    await cluster.client.create(
      SERVICES,
      service('svc', 'late', {container: container as ServiceOptions['container'] & object}),
    )
    await cluster.advance(30_000)
    const {status} = await cluster.client.get(SERVICES, at('svc'))
    expect(getCondition(status, 'Ready')?.status).toBe('Unknown')
    isReady = true
    await cluster.ready('svc')
  })

  test('TestLivenessWithFail', async () => {
    let isAlive = true
    let starts = 0
    const cluster = await startCluster({
      mortal: {
        fetch: ({url}) =>
          new Response('', {status: new URL(url).pathname === '/alive' && !isAlive ? 500 : 200}),
        main: () => {
          starts++
          isAlive = true
          return new Promise(() => undefined)
        },
      },
    })
    const livenessProbe = {httpGet: {path: '/alive'}, periodSeconds: 1, failureThreshold: 2}
    await serve(cluster, 'svc', 'mortal', {
      container: {livenessProbe} as NonNullable<ServiceOptions['container']>,
      template: {'autoscaling.knative.dev/min-scale': '1'},
    })
    isAlive = false
    await cluster.until(() => starts === 2)
    await cluster.advance(60_000)
    const [pod] = await cluster.pods('svc')
    const user = pod?.status?.containerStatuses?.find(({name}) => name === 'user-container')
    expect(user).toMatchObject({restartCount: 1, ready: true})
  })
})

describe('failures', () => {
  test('TestDeploymentFailure', async () => {
    const cluster = await startCluster()
    const options = {spec: {serviceAccountName: 'nobody'}}
    await cluster.client.create(SERVICES, service('svc', 'runtime', options))
    await cluster.until(async () =>
      isFalse((await cluster.client.get(SERVICES, at('svc'))).status, 'Ready'),
    )
    const {status} = await cluster.client.get(SERVICES, at('svc'))
    expect(getCondition(status, 'ConfigurationsReady')?.message).toContain(
      'serviceaccount "nobody" not found',
    )
    const deployment = await cluster.client.get(DEPLOYMENTS, at('svc-00001-deployment'))
    expect(deployment.status?.replicas ?? 0).toBe(0)
  })

  test('TestProgressDeadline', async () => {
    const cluster = await startCluster()
    const template = {'serving.knative.dev/progress-deadline': '30s'}
    await cluster.client.create(SERVICES, service('svc', 'silent', {template}))
    await cluster.until(async () =>
      isFalse((await cluster.client.get(SERVICES, at('svc'))).status, 'Ready'),
    )
    const why = async (): Promise<string | undefined> =>
      getCondition((await objectsOf(cluster, 'svc')).revision.status, 'Ready')?.message
    expect(await why()).toMatch(/^ReplicaSet "svc-00001-.*" has timed out progressing\.$/)
    await cluster.advance(60_000)
    expect(await why()).toBe('Initial scale was never achieved')
    expect(await cluster.pods('svc')).toEqual([])
  })

  test('TestPanickingContainer', async () => {
    const cluster = await startCluster({
      panics: () => {
        throw new Error('boom')
      },
    })
    await serve(cluster, 'svc', 'panics')
    expect((await cluster.fetch(URL_OF_SVC)).status).toBe(502)
  })
})
