/** What Prometheus finds on a pod of a Service, through the API server's proxy. */
import {get} from 'node:https'
import {text} from 'node:stream/consumers'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {readYaml} from '../../src/util/yaml/read-yaml.ts'
import {PODS} from '../../src/api/core/v1.ts'
import {SERVICES} from '../../src/api/serving/v1.ts'
import type {EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'

let cluster: EmbeddedCluster

beforeAll(async () => {
  cluster = await startCluster({
    listen: {gatewayPort: 0},
    handlers: {'example.test/shop': () => new Response('hello')},
  })
  await cluster.client.create(SERVICES, {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {namespace: 'default', name: 'shop'},
    spec: {template: {spec: {containers: [{image: 'example.test/shop'}]}}},
  })
  await cluster.settled()
})
afterAll(() => cluster.stop())

test('requests are counted on port 9091, by revision and pod', async () => {
  for (let sent = 0; sent < 3; sent++) {
    const answer = await cluster.fetch('http://shop.default.localhost/')
    expect(await answer.text()).toBe('hello')
  }
  const {items} = await cluster.client.list(PODS, {namespace: 'default'})
  const [pod = ''] = items.map(({metadata}) => metadata.name)
  const metrics = await scrape(`/api/v1/namespaces/default/pods/${pod}:9091/proxy/metrics`)
  const count = metrics.split('\n').filter((line) => line.startsWith('revision_request_count{'))
  expect(count).toEqual([expect.stringMatching(/revision_name="shop-00001".*} 3$/)])
  expect(count[0]).toContain(`pod_name="${pod}"`)
  expect(count[0]).toContain('response_code="200"')
})

interface Kubeconfig {
  readonly clusters: readonly {cluster: {'certificate-authority-data': string}}[]
  readonly users: readonly {user: {token: string}}[]
}

function scrape(path: string): Promise<string> {
  const {clusters, users} = readYaml(cluster.kubeconfig ?? '') as Kubeconfig
  const ca = Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64')
  const headers = {authorization: `Bearer ${users[0]?.user.token}`}
  return new Promise((resolve, reject) => {
    get(`${cluster.apiUrl}${path}`, {ca, headers, agent: false}, (response) => {
      text(response).then(resolve, reject)
    }).on('error', reject)
  })
}
