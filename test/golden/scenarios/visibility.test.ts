/** Who reaches a Service, and under which names. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {DOMAIN_MAPPINGS, SERVICES} from '../../../src/api/serving/v1.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

describe('visibility', needs(RECORDINGS), () => {
  let world: GoldenCluster
  beforeAll(async () => {
    world = await createGoldenCluster()
  })
  afterAll(() => world.stop())

  test('the label hides a Service, at creation and later', async () => {
    const namespace = 'i-vis'
    await world.createNamespace(namespace)
    const states = world.follow(namespace)
    await world.deploy(namespace, 'i-visibility/private.yaml', 'priv')
    await world.deploy(namespace, 'i-visibility/public.yaml', 'pub')
    expect(await world.differences('i-visibility/1-created', namespace)).toEqual([])

    const labels = {'networking.knative.dev/visibility': 'cluster-local'}
    const body = {metadata: {labels}}
    await world.client.patch(SERVICES, {namespace, name: 'pub'}, {type: 'merge', body})
    await world.pause()
    expect(await world.differences('i-visibility/2-pub-now-private', namespace)).toEqual([])
    states.stop()
    expect(states.unexpected('i-visibility/timeline.jsonl')).toEqual([])
  })

  test('a domain is mapped once it is claimed', async () => {
    const namespace = 'i-dm'
    await world.createNamespace(namespace)
    await world.deploy(namespace, 'i-domainmapping/service.yaml', 'web')
    await world.apply(namespace, 'i-domainmapping/dm.yaml')
    await world.pause()
    expect(await world.differences('i-domainmapping/1-without-claim', namespace)).toEqual([])

    await world.apply('', 'i-domainmapping/cdc.yaml')
    await world.client.create(DOMAIN_MAPPINGS, {
      apiVersion: 'serving.knative.dev/v1beta1',
      kind: 'DomainMapping',
      metadata: {namespace, name: 'x.example.org'},
      spec: {ref: {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'web', namespace}},
    })
    await world.pause()
    expect(await world.differences('i-domainmapping/2-with-claim', namespace)).toEqual([])
  })
})
