import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  CONFIG_MAPS,
  type Namespace,
  NAMESPACES,
  PODS,
  SERVICE_ACCOUNTS,
} from '../../../../../src/api/core/v1.ts'
import {NodeCluster, pod} from '../../../../support/node-cluster.ts'

describe('a namespace', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
    await cluster.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: 'team'},
    })
  })
  afterEach(() => cluster.stop())

  const find = (): Promise<Namespace | undefined> => cluster.client.find(NAMESPACES, {name: 'team'})
  const untilGone = (): Promise<boolean> =>
    cluster.until(async () => ((await find()) === undefined ? true : undefined))

  test('gets a service account and the certificate of the API server', async () => {
    await cluster.until(() =>
      cluster.client.find(SERVICE_ACCOUNTS, {namespace: 'team', name: 'default'}),
    )
    const certificate = await cluster.until(() =>
      cluster.client.find(CONFIG_MAPS, {namespace: 'team', name: 'kube-root-ca.crt'}),
    )
    expect(certificate.data).toEqual({'ca.crt': 'PEM'})
    expect(certificate.metadata.annotations?.['kubernetes.io/description']).toContain('CA bundle')
  })

  test('gets them back when somebody deletes or changes them', async () => {
    const key = {namespace: 'team', name: 'kube-root-ca.crt'}
    await cluster.until(() => cluster.client.find(CONFIG_MAPS, key))
    await cluster.client.delete(CONFIG_MAPS, key)
    await cluster.until(() => cluster.client.find(CONFIG_MAPS, key))
    await cluster.client.patch(CONFIG_MAPS, key, {type: 'merge', body: {data: {'ca.crt': 'mine'}}})
    const restored = await cluster.until(async () => {
      const current = await cluster.client.get(CONFIG_MAPS, key)
      return current.data?.['ca.crt'] === 'PEM' ? current : undefined
    })
    expect(restored.metadata.name).toBe('kube-root-ca.crt')
  })

  test('is emptied when it is deleted, pods included', async () => {
    const made = pod('web')
    await cluster.until(() =>
      cluster.client.find(SERVICE_ACCOUNTS, {namespace: 'team', name: 'default'}),
    )
    await cluster.client.create(PODS, {...made, metadata: {...made.metadata, namespace: 'team'}})
    await cluster.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'data', namespace: 'team'},
    })
    await cluster.client.delete(NAMESPACES, {name: 'team'})
    await cluster.clock.advance(60_000)
    await untilGone()
    expect((await cluster.client.list(CONFIG_MAPS, {namespace: 'team'})).items).toEqual([])
  })

  test('rests for five seconds before anything in it is deleted', async () => {
    const key = {namespace: 'team', name: 'data'}
    await cluster.client.create(CONFIG_MAPS, {apiVersion: 'v1', kind: 'ConfigMap', metadata: key})
    await cluster.client.delete(NAMESPACES, {name: 'team'})
    await cluster.clock.advance(4000)
    expect((await find())?.status).toEqual({phase: 'Terminating'})
    expect(await cluster.client.find(CONFIG_MAPS, key)).toBeDefined()
    await cluster.clock.advance(2000)
    await untilGone()
  })

  test('says what holds it while it is being deleted', async () => {
    const key = {namespace: 'team', name: 'held'}
    await cluster.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {...key, finalizers: ['example.com/hold']},
    })
    await cluster.client.delete(NAMESPACES, {name: 'team'})
    await cluster.clock.advance(6000)
    const conditions = (await find())?.status?.conditions ?? []
    expect(
      conditions.map(({type, status, reason, message}) => [type, status, reason, message]),
    ).toEqual([
      [
        'NamespaceDeletionDiscoveryFailure',
        'False',
        'ResourcesDiscovered',
        'All resources successfully discovered',
      ],
      [
        'NamespaceDeletionGroupVersionParsingFailure',
        'False',
        'ParsedGroupVersions',
        'All legacy kube types successfully parsed',
      ],
      [
        'NamespaceDeletionContentFailure',
        'False',
        'ContentDeleted',
        'All content successfully deleted, may be waiting on finalization',
      ],
      [
        'NamespaceContentRemaining',
        'True',
        'SomeResourcesRemain',
        'Some resources are remaining: configmaps. has 1 resource instances',
      ],
      [
        'NamespaceFinalizersRemaining',
        'True',
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
      ],
    ])
    await cluster.client.patch(CONFIG_MAPS, key, {
      type: 'merge',
      body: {metadata: {finalizers: null}},
    })
    await cluster.clock.advance(1000)
    await untilGone()
  })
})
