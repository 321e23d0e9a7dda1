import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {LEASES} from '../../../../src/api/apps/v1.ts'
import {NODES} from '../../../../src/api/core/v1.ts'
import {PodIps} from '../../../../src/kubernetes/kubelet/pod-ips.ts'
import {NodeCluster} from '../../../support/node-cluster.ts'

describe('the node', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
  })
  afterEach(() => cluster.stop())

  test('is this machine, and ready', async () => {
    const {metadata, status} = await cluster.client.get(NODES, {name: 'kntool'})
    expect(metadata.labels).toMatchObject({
      'kubernetes.io/hostname': 'kntool',
      'kubernetes.io/os': process.platform,
    })
    expect(status?.['addresses']).toEqual([
      {type: 'InternalIP', address: '127.0.0.1'},
      {type: 'Hostname', address: 'kntool'},
    ])
    const conditions = status?.['conditions'] as {type: string; status: string}[]
    expect(conditions.map(({type, status: value}) => [type, value])).toEqual([
      ['MemoryPressure', 'False'],
      ['DiskPressure', 'False'],
      ['PIDPressure', 'False'],
      ['Ready', 'True'],
    ])
  })

  test('takes its lease anew each time it comes, and writes nothing while it is idle', async () => {
    const renewed = async (): Promise<unknown> =>
      (await cluster.client.get(LEASES, {namespace: 'kube-node-lease', name: 'kntool'})).spec?.[
        'renewTime'
      ]
    expect(await renewed()).toBe('2024-04-22T00:00:00.000000Z')
    const before = cluster.storage.currentRevision
    await cluster.clock.advance(10 * 60_000)
    expect(cluster.storage.currentRevision).toBe(before)
    await cluster.stop()
    await cluster.start()
    expect(await renewed()).toBe('2024-04-22T00:10:00.000000Z')
  })

  test('keeps its transition times and what others wrote when it comes back', async () => {
    await cluster.client.patch(
      NODES,
      {name: 'kntool'},
      {type: 'merge', body: {metadata: {labels: {disk: 'fast'}}}},
    )
    await cluster.stop()
    await cluster.clock.advance(60_000)
    await cluster.start()
    const {metadata, status} = await cluster.client.get(NODES, {name: 'kntool'})
    expect(metadata.labels?.['disk']).toBe('fast')
    const conditions = status?.['conditions'] as Record<string, string>[]
    expect(conditions[3]).toMatchObject({
      type: 'Ready',
      lastHeartbeatTime: '2024-04-22T00:01:00Z',
      lastTransitionTime: '2024-04-22T00:00:00Z',
    })
  })
})

describe('the addresses of pods', () => {
  test('are those that were asked for, or the next free ones', () => {
    const ips = new PodIps()
    expect([ips.allocate(), ips.allocate()]).toEqual(['10.244.0.2', '10.244.0.3'])
    expect(ips.allocate('10.244.7.7')).toBe('10.244.7.7')
    expect(ips.allocate('10.244.7.7')).toBe('10.244.0.4')
    expect(ips.allocate('192.168.1.1')).toBe('10.244.0.5')
  })

  test('are used again as late as possible', () => {
    const ips = new PodIps()
    const first = ips.allocate()
    ips.release(first)
    expect(ips.allocate()).not.toBe(first)
  })

  test('are never given out twice, and come to an end', () => {
    const ips = new PodIps()
    const all = new Set(Array.from({length: 65_533}, () => ips.allocate()))
    expect(all.size).toBe(65_533)
    expect(() => ips.allocate()).toThrow('no pod address is free')
    ips.release('10.244.9.9')
    expect(ips.allocate()).toBe('10.244.9.9')
  })
})
