import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {EVENTS, NODES, PODS} from '../../../../../src/api/core/v1.ts'
import {NodeCluster, pod} from '../../../../support/node-cluster.ts'

describe('the scheduler', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
  })
  afterEach(() => cluster.stop())

  async function scheduled(name: string): Promise<unknown> {
    const {status} = await cluster.pod(name)
    return status?.conditions?.find(({type}) => type === 'PodScheduled')
  }

  test('puts a pod on the node and says so', async () => {
    await cluster.client.create(PODS, pod('web'))
    const event = await cluster.until(async () => {
      const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
      return items.find(({reason}) => reason === 'Scheduled')
    })
    expect((await cluster.pod('web')).spec.nodeName).toBe('kntool')
    expect(await scheduled('web')).toMatchObject({status: 'True'})
    expect(event).toMatchObject({
      type: 'Normal',
      message: 'Successfully assigned default/web to kntool',
      source: {component: 'default-scheduler'},
    })
  })

  test('leaves pods of other schedulers alone', async () => {
    await cluster.client.create(PODS, pod('web', {schedulerName: 'mine'}))
    await cluster.clock.advance(1000)
    expect((await cluster.pod('web')).spec.nodeName).toBeUndefined()
  })

  test('says why a pod fits nowhere, and places it as soon as it does', async () => {
    await cluster.client.create(PODS, pod('web', {nodeSelector: {disk: 'fast'}}))
    await cluster.clock.advance(1000)
    expect(await scheduled('web')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    })
    await cluster.client.patch(
      NODES,
      {name: 'kntool'},
      {
        type: 'merge',
        body: {metadata: {labels: {disk: 'fast'}}},
      },
    )
    await cluster.until(async () =>
      (await cluster.pod('web')).status?.phase === 'Running' ? true : undefined,
    )
    expect(await scheduled('web')).toMatchObject({status: 'True'})
  })

  test('places nothing on a cordoned node', async () => {
    await cluster.client.patch(
      NODES,
      {name: 'kntool'},
      {
        type: 'merge',
        body: {spec: {unschedulable: true}},
      },
    )
    await cluster.client.create(PODS, pod('web'))
    await cluster.clock.advance(1000)
    expect(await scheduled('web')).toMatchObject({
      message: '0/1 nodes are available: 1 node(s) were unschedulable.',
    })
  })
})
