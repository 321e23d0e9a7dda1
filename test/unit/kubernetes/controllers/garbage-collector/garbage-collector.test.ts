import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS, REPLICA_SETS} from '../../../../../src/api/apps/v1.ts'
import {type ConfigMap, CONFIG_MAPS, EVENTS} from '../../../../../src/api/core/v1.ts'
import type {OwnerReference} from '../../../../../src/api/meta/object.ts'
import {deployment, NodeCluster} from '../../../../support/node-cluster.ts'

const KEY = {namespace: 'default', name: 'web'}

describe('the garbage collector', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
  })
  afterEach(() => cluster.stop())

  function find(name: string): Promise<ConfigMap | undefined> {
    return cluster.client.find(CONFIG_MAPS, {namespace: 'default', name})
  }
  function create(name: string, owners: ConfigMap[] = [], block = false): Promise<ConfigMap> {
    return cluster.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace: 'default',
        ownerReferences: owners.map((owner) => referenceTo(owner, block)),
      },
    })
  }
  function remove(name: string, policy: 'Background' | 'Foreground' | 'Orphan'): Promise<void> {
    return cluster.client.delete(
      CONFIG_MAPS,
      {namespace: 'default', name},
      {propagationPolicy: policy},
    )
  }
  const untilGone = (name: string): Promise<boolean> =>
    cluster.until(async () => ((await find(name)) === undefined ? true : undefined))

  test('deletes the dependents of what is gone, down to the last', async () => {
    const child = await create('child', [await create('owner')])
    await create('grandchild', [child])
    await remove('owner', 'Background')
    expect(await untilGone('child')).toBe(true)
    expect(await untilGone('grandchild')).toBe(true)
  })

  test('keeps an object while one of its owners is there, and takes the others off', async () => {
    const [one, two] = [await create('one'), await create('two')]
    await create('child', [one, two])
    await remove('one', 'Background')
    const child = await cluster.until(async () => {
      const found = await find('child')
      return found?.metadata.ownerReferences?.length === 1 ? found : undefined
    })
    expect(child.metadata.ownerReferences?.[0]?.name).toBe('two')
    await remove('two', 'Background')
    await untilGone('child')
  })

  test('deletes an object whose owner never existed', async () => {
    const ghost: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'ghost', namespace: 'default', uid: '00000000-0000-0000-0000-000000000000'},
    }
    await create('child', [ghost])
    expect(await untilGone('child')).toBe(true)
  })

  test('does not take a namesake for the owner', async () => {
    const first = await create('owner')
    await create('child', [first])
    await remove('owner', 'Background')
    await create('owner')
    await untilGone('child')
    expect(await find('owner')).toBeDefined()
  })

  test('keeps an owner until its blocking dependents are gone, if that is asked for', async () => {
    const owner = await create('owner')
    const child = await create('child', [owner], true)
    await cluster.client.patch(CONFIG_MAPS, child.metadata, {
      type: 'merge',
      body: {metadata: {finalizers: ['example.com/hold']}},
    })
    await remove('owner', 'Foreground')
    await cluster.until(async () => {
      const held = await find('child')
      return held?.metadata.deletionTimestamp === undefined ? undefined : true
    })
    expect((await find('owner'))?.metadata.finalizers).toEqual(['foregroundDeletion'])
    await cluster.client.patch(CONFIG_MAPS, child.metadata, {
      type: 'merge',
      body: {metadata: {finalizers: null}},
    })
    await untilGone('owner')
  })

  test('does not wait for dependents that do not block', async () => {
    const owner = await create('owner')
    await create('child', [owner])
    await remove('owner', 'Foreground')
    expect(await untilGone('owner')).toBe(true)
    expect(await untilGone('child')).toBe(true)
  })

  test('sets dependents free, if that is asked for', async () => {
    await create('child', [await create('owner')], true)
    await remove('owner', 'Orphan')
    await untilGone('owner')
    expect((await find('child'))?.metadata.ownerReferences ?? []).toEqual([])
  })

  test('takes a Deployment down with everything below it', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web', {replicas: 2}))
    await cluster.until(async () => ((await cluster.pods()).length === 2 ? true : undefined))
    await cluster.client.delete(DEPLOYMENTS, KEY, {propagationPolicy: 'Foreground'})
    const left = await cluster.until(async () => {
      const [sets, pods, owner] = await Promise.all([
        cluster.client.list(REPLICA_SETS),
        cluster.pods(),
        cluster.client.find(DEPLOYMENTS, KEY),
      ])
      return sets.items.length + pods.length === 0 && owner === undefined ? 'nothing' : undefined
    })
    expect(left).toBe('nothing')
  })

  test('does not follow an owner into another scope, and says so', async () => {
    const owner = await create('owner')
    await cluster.client.raw({
      method: 'POST',
      path: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
      body: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: {name: 'wide', ownerReferences: [referenceTo(owner, false)]},
        rules: [],
      },
    })
    await remove('owner', 'Background')
    await cluster.until(async () => {
      const {items} = await cluster.client.list(EVENTS)
      return items.some(({reason}) => reason === 'OwnerRefInvalidNamespace') ? true : undefined
    })
    const {status} = await cluster.client.raw({
      method: 'GET',
      path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/wide',
    })
    expect(status).toBe(200)
  })
})

function referenceTo(owner: ConfigMap, block: boolean): OwnerReference {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    blockOwnerDeletion: block,
  }
}
