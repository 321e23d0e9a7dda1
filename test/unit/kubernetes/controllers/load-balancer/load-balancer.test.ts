import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {CORE_SERVICES, type CoreService} from '../../../../../src/api/core/v1.ts'
import {NodeCluster} from '../../../../support/node-cluster.ts'

const KEY = {namespace: 'default', name: 'front'}

describe('a Service of type LoadBalancer', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
  })
  afterEach(() => cluster.stop())

  function create(spec: CoreService['spec'] = {}): Promise<CoreService> {
    return cluster.client.create(CORE_SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: KEY,
      spec: {type: 'LoadBalancer', ports: [{port: 80}], ...spec},
    })
  }
  async function ingress(): Promise<unknown> {
    return (await cluster.client.get(CORE_SERVICES, KEY)).status?.loadBalancer?.ingress
  }

  test('gets the address of the gateway', async () => {
    await create()
    await cluster.clock.advance(100)
    expect(await ingress()).toEqual([{ip: '127.0.0.1', ipMode: 'VIP'}])
  })

  test('loses it when its type changes', async () => {
    await create()
    await cluster.clock.advance(100)
    await cluster.client.patch(CORE_SERVICES, KEY, {
      type: 'merge',
      body: {spec: {type: 'ClusterIP'}},
    })
    await cluster.clock.advance(100)
    expect(await ingress()).toBeUndefined()
  })

  test('belongs to somebody else when it names a class', async () => {
    await create({loadBalancerClass: 'example.com/other'})
    await cluster.clock.advance(100)
    expect(await ingress()).toBeUndefined()
  })
})
