import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS, ENDPOINT_SLICES, type EndpointSlice} from '../../../../../src/api/apps/v1.ts'
import {CORE_SERVICES, type CoreService, ENDPOINTS, PODS} from '../../../../../src/api/core/v1.ts'
import {deployment, NodeCluster} from '../../../../support/node-cluster.ts'

const KEY = {namespace: 'default', name: 'web'}

function service(spec: CoreService['spec'] = {}): CoreService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {...KEY, labels: {team: 'a'}},
    spec: {selector: {app: 'web'}, ports: [{name: 'http', port: 80, targetPort: 8080}], ...spec},
  }
}

describe('the endpoints of a Service', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
  })
  afterEach(() => cluster.stop())

  async function addresses(): Promise<string[]> {
    const found = await cluster.client.find(ENDPOINTS, KEY)
    return (found?.subsets ?? []).flatMap((subset) => subset.addresses ?? []).map(({ip}) => ip)
  }
  async function slices(): Promise<EndpointSlice[]> {
    return (await cluster.client.list(ENDPOINT_SLICES, {namespace: 'default'})).items
  }

  test('follow its pods, in Endpoints and in slices', async () => {
    await cluster.client.create(CORE_SERVICES, service())
    await cluster.client.create(DEPLOYMENTS, deployment('web', {replicas: 2}))
    await cluster.until(async () => ((await addresses()).length === 2 ? true : undefined))
    const [slice] = await slices()
    expect(slice).toMatchObject({
      addressType: 'IPv4',
      metadata: {
        generateName: 'web-',
        labels: {
          team: 'a',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [{kind: 'Service', name: 'web', controller: true}],
      },
      ports: [{name: 'http', port: 8080, protocol: 'TCP'}],
    })
    expect(slice?.endpoints.map((endpoint) => endpoint.addresses[0]).toSorted()).toEqual(
      await addresses(),
    )

    await cluster.client.patch(DEPLOYMENTS, KEY, {type: 'merge', body: {spec: {replicas: 0}}})
    await cluster.clock.advance(31_000)
    expect(await addresses()).toEqual([])
    expect((await slices()).map(({endpoints}) => endpoints ?? [])).toEqual([[]])
  })

  test('lose a pod as soon as it is told to end', async () => {
    await cluster.client.create(CORE_SERVICES, service())
    await cluster.client.create(DEPLOYMENTS, deployment('web'))
    const [ip] = await cluster.until(async () => {
      const found = await addresses()
      return found.length === 1 ? found : undefined
    })
    const [pod] = await cluster.pods()
    await cluster.client.delete(PODS, pod?.metadata ?? KEY)
    const isGone = await cluster.until(async () =>
      (await addresses()).includes(ip ?? '') ? undefined : true,
    )
    expect(isGone).toBe(true)
  })

  test('go with the Service', async () => {
    await cluster.client.create(CORE_SERVICES, service())
    await cluster.until(() => cluster.client.find(ENDPOINTS, KEY))
    await cluster.client.delete(CORE_SERVICES, KEY)
    const left = await cluster.until(async () => {
      const found = await cluster.client.find(ENDPOINTS, KEY)
      return found === undefined && (await slices()).length === 0 ? 'nothing' : undefined
    })
    expect(left).toBe('nothing')
  })

  test('are left alone when the Service has no selector, and mirrored into slices', async () => {
    const {selector: _, ...spec} = service().spec
    await cluster.client.create(CORE_SERVICES, {...service(), spec})
    await cluster.client.create(ENDPOINTS, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {...KEY, annotations: {note: 'mine'}},
      subsets: [
        {addresses: [{ip: '10.1.2.3'}], ports: [{name: 'http', port: 9000, protocol: 'TCP'}]},
      ],
    })
    const [slice] = await cluster.until(async () => {
      const found = await slices()
      return found.length === 1 ? found : undefined
    })
    expect(slice).toMatchObject({
      metadata: {
        annotations: {note: 'mine'},
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
        ownerReferences: [{kind: 'Endpoints', name: 'web'}],
      },
      endpoints: [{addresses: ['10.1.2.3'], conditions: {ready: true}}],
      ports: [{name: 'http', port: 9000, protocol: 'TCP'}],
    })
    await cluster.clock.advance(1000)
    expect(await addresses()).toEqual(['10.1.2.3'])
    expect(await slices()).toHaveLength(1)
  })

  test('are written again when somebody deletes them', async () => {
    await cluster.client.create(CORE_SERVICES, service())
    const first = await cluster.until(() => cluster.client.find(ENDPOINTS, KEY))
    await cluster.client.delete(ENDPOINTS, KEY)
    const second = await cluster.until(() => cluster.client.find(ENDPOINTS, KEY))
    expect(second.metadata.uid).not.toBe(first.metadata.uid)
  })
})
