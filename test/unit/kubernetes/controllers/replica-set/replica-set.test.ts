import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS, REPLICA_SETS, type ReplicaSet} from '../../../../../src/api/apps/v1.ts'
import {EVENTS, type Pod, PODS, SERVICE_ACCOUNTS} from '../../../../../src/api/core/v1.ts'
import {slowStart} from '../../../../../src/kubernetes/controllers/replica-set/slow-start.ts'
import {deployment, NodeCluster, pod} from '../../../../support/node-cluster.ts'

describe('a ReplicaSet', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
  })
  afterEach(() => cluster.stop())

  async function replicaSet(): Promise<ReplicaSet> {
    const {items} = await cluster.client.list(REPLICA_SETS, {namespace: 'default'})
    if (items[0] === undefined) throw new Error('there is none')
    return items[0]
  }

  test('says why it cannot create pods, and goes on once it can', async () => {
    const spec = {...pod('web').spec, serviceAccountName: 'nosuch'}
    await cluster.client.create(
      DEPLOYMENTS,
      deployment('web', {template: {metadata: {labels: {app: 'web'}}, spec}}),
    )
    await cluster.clock.advance(50)
    const {name} = (await replicaSet()).metadata
    const why =
      `pods "${name}-" is forbidden: error looking up service account ` +
      'default/nosuch: serviceaccount "nosuch" not found'
    expect((await replicaSet()).status).toMatchObject({
      replicas: 0,
      conditions: [{type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: why}],
    })
    const owner = await cluster.client.get(DEPLOYMENTS, {namespace: 'default', name: 'web'})
    expect(owner.status).toMatchObject({unavailableReplicas: 1})
    expect(
      owner.status?.conditions?.map(({type, status, reason}) => [type, status, reason]),
    ).toEqual([
      ['Progressing', 'True', 'NewReplicaSetCreated'],
      ['Available', 'False', 'MinimumReplicasUnavailable'],
      ['ReplicaFailure', 'True', 'FailedCreate'],
    ])
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    expect(items.find(({reason}) => reason === 'FailedCreate')).toMatchObject({
      type: 'Warning',
      message: `Error creating: ${why}`,
      source: {component: 'replicaset-controller'},
    })

    await cluster.client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: 'nosuch', namespace: 'default'},
    })
    await cluster.clock.advance(10_000)
    expect((await replicaSet()).status).toMatchObject({replicas: 1, readyReplicas: 1})
    expect((await replicaSet()).status?.conditions ?? []).toEqual([])
    // Every refused attempt is reported; here they were expected.
    expect(cluster.errors.splice(0).every((line) => line.includes('nosuch'))).toBe(true)
  })

  test('replaces a pod that is deleted', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web'))
    const first = await cluster.until(async () => (await cluster.pods())[0])
    await cluster.client.delete(PODS, first.metadata, {gracePeriodSeconds: 0})
    const second = await cluster.until(async () =>
      (await cluster.pods()).find(({metadata}) => metadata.uid !== first.metadata.uid),
    )
    expect(second.metadata.name).not.toBe(first.metadata.name)
  })

  test('creates exactly as many pods as it is scaled to', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web', {replicas: 20}))
    await cluster.until(async () =>
      (await replicaSet().catch(() => undefined))?.status?.readyReplicas === 20 ? true : undefined,
    )
    await cluster.clock.advance(1000)
    expect(await cluster.pods()).toHaveLength(20)
  })

  test('counts a pod as available only after minReadySeconds', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web', {minReadySeconds: 10}))
    await cluster.clock.advance(5000)
    expect((await replicaSet()).status).toMatchObject({readyReplicas: 1})
    expect((await replicaSet()).status?.availableReplicas).toBeUndefined()
    await cluster.clock.advance(6000)
    expect((await replicaSet()).status).toMatchObject({availableReplicas: 1})
  })
})

describe('a slow start', () => {
  test('tries one, then two, then four', async () => {
    const batches: number[] = []
    let running = 0
    const result = await slowStart(10, async () => {
      running += 1
      batches.push(running)
      await Promise.resolve()
      running -= 1
    })
    expect(result).toEqual({succeeded: 10})
    expect(batches).toEqual([1, 1, 2, 1, 2, 3, 4, 1, 2, 3])
  })

  test('stops after the batch in which one failed', async () => {
    let calls = 0
    const result = await slowStart(100, () => {
      calls += 1
      return calls === 3 ? Promise.reject(new Error('quota')) : Promise.resolve()
    })
    expect(calls).toBe(3)
    expect(result).toMatchObject({succeeded: 2, error: {message: 'quota'}})
  })
})

describe('pods change hands', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
    await cluster.client.create(DEPLOYMENTS, deployment('web'))
    await cluster.until(async () => (await cluster.pods())[0])
  })
  afterEach(() => cluster.stop())

  const onlyPod = async (): Promise<Pod> => {
    const [first] = await cluster.pods()
    if (first === undefined) throw new Error('there is no pod')
    return first
  }

  test('when one loses its label: it lives on alone and is replaced', async () => {
    const first = await onlyPod()
    await cluster.client.patch(PODS, first.metadata, {
      type: 'merge',
      body: {metadata: {labels: {'pod-template-hash': null}}},
    })
    await cluster.until(async () => ((await cluster.pods()).length === 2 ? true : undefined))
    const released = await cluster.pod(first.metadata.name)
    expect(released.metadata.ownerReferences ?? []).toEqual([])
    expect(released.metadata.deletionTimestamp).toBeUndefined()
  })

  test('when one belongs to nobody: it is taken in, and a surplus one goes', async () => {
    const first = await onlyPod()
    const made = pod('stray')
    const labels = {...first.metadata.labels}
    await cluster.client.create(PODS, {...made, metadata: {...made.metadata, labels}})
    const left = await cluster.until(async () => {
      const pods = await cluster.pods()
      return pods.length === 1 ? pods : undefined
    })
    expect(left.map(({metadata}) => metadata.ownerReferences?.[0]?.kind)).toEqual(['ReplicaSet'])
  })

  test('together with the ReplicaSet, when a new Deployment selects what was left', async () => {
    const first = await onlyPod()
    const key = {namespace: 'default', name: 'web'}
    await cluster.client.delete(DEPLOYMENTS, key, {propagationPolicy: 'Orphan'})
    await cluster.until(async () =>
      (await cluster.client.find(DEPLOYMENTS, key)) === undefined ? true : undefined,
    )
    await cluster.client.create(DEPLOYMENTS, deployment('web'))
    await cluster.until(async () => {
      const {status} = await cluster.client.get(DEPLOYMENTS, key)
      return status?.availableReplicas === 1 ? true : undefined
    })
    expect((await onlyPod()).metadata.uid).toBe(first.metadata.uid)
    expect((await cluster.client.list(REPLICA_SETS)).items).toHaveLength(1)
  })
})
