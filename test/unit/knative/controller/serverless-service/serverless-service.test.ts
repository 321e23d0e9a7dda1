import {afterEach, expect, test} from 'vitest'
import {getCondition} from '../../../../../src/api/condition-set.ts'
import {CORE_SERVICES, ENDPOINTS, type Endpoints} from '../../../../../src/api/core/v1.ts'
import {SERVERLESS_SERVICES} from '../../../../../src/api/networking/v1alpha1.ts'
import {chooseSubset} from '../../../../../src/knative/controller/serverless-service/choose-subset.ts'
import {
  chooseBackend,
  servingSubsets,
  subsetEndpoints,
} from '../../../../../src/knative/controller/serverless-service/resources.ts'
import {ScalingWorld} from '../../../../support/scaling-world.ts'

let world: ScalingWorld | undefined

afterEach(() => world?.stop())

test.for([
  {mode: 'Serve', pods: 0, activators: 0, backend: 'pods'},
  {mode: 'Proxy', pods: 1, activators: 0, backend: 'pods'},
  {mode: 'Serve', pods: 0, activators: 1, backend: 'activator'},
  {mode: 'Serve', pods: 1, activators: 1, backend: 'pods'},
  {mode: 'Proxy', pods: 1, activators: 1, backend: 'activator'},
] as const)('$pods pods and $activators activators in $mode mode: $backend', (row) => {
  expect(chooseBackend(row.mode, row.pods, row.activators)).toBe(row.backend)
})

test('a subset is the same for the same revision and spreads over revisions', () => {
  const activators = new Set(Array.from({length: 20}, (_, index) => `10.0.0.${index}`))
  const first = chooseSubset(activators, 4, 'hello-00001')
  expect([...first]).toHaveLength(4)
  expect(chooseSubset(new Set([...activators].toReversed()), 4, 'hello-00001')).toEqual(first)
  const used = new Set<string>()
  for (let revision = 0; revision < 50; revision++) {
    for (const ip of chooseSubset(activators, 4, `rev-${revision}`)) used.add(ip)
  }
  expect(used).toEqual(activators)
})

test('a subset of all is all', () => {
  const few = new Set(['a', 'b'])
  expect(chooseSubset(few, 2, 'rev')).toBe(few)
})

test('subsets of endpoints keep order and ports and lose what becomes empty', () => {
  const ports = [{name: 'http', port: 8012}]
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {name: 'activator-service'},
    subsets: [
      {addresses: [{ip: '1'}, {ip: '2'}, {ip: '3'}], ports},
      {addresses: [{ip: '4'}], ports},
    ],
  }
  const chosen = subsetEndpoints(endpoints, 'rev', 2)
  const addresses = (chosen.subsets ?? []).flatMap((subset) => subset.addresses ?? [])
  expect(addresses).toHaveLength(2)
  expect(addresses.map(({ip}) => ip)).toEqual(addresses.map(({ip}) => ip).toSorted())
  expect(chosen.subsets?.every((subset) => (subset.addresses ?? []).length > 0)).toBe(true)
  expect(subsetEndpoints(endpoints, 'rev', 0)).toBe(endpoints)
})

test('only ports that serve requests are copied', () => {
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {name: 'rev-private'},
    subsets: [
      {
        addresses: [{ip: '1'}],
        ports: [8022, 8012, 9090, 8112].map((port) => ({name: `p${port}`, port})),
      },
    ],
  }
  const sks = {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ServerlessService',
    metadata: {name: 'rev'},
    spec: {objectRef: {}, protocolType: 'http1' as const},
  }
  const [subset] = servingSubsets(sks, endpoints)
  expect(subset?.ports?.map(({port}) => port)).toEqual([8012, 8112])
})

test('an activator that joins is put behind revisions that go through activators', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(1_000)
  await world.setActivators(['10.0.0.1', '10.0.0.2'])
  await world.clock.advance(100)
  expect(await world.publicAddresses('rev')).toEqual(['10.0.0.1', '10.0.0.2'])
})

test('without any activator the public name leads to the pods', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(1_000)
  await world.setActivators([])
  await world.clock.advance(100)
  expect(await world.publicAddresses('rev')).toEqual(['10.1.0.1'])
})

test('a Service that somebody changed is put right', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(1_000)
  const key = {name: 'rev', namespace: 'default'}
  const before = await world.client.get(CORE_SERVICES, key)
  await world.client.patch(CORE_SERVICES, key, {
    type: 'merge',
    body: {spec: {ports: [{name: 'x', port: 1}], selector: {app: 'mine'}}},
  })
  await world.clock.advance(100)
  expect((await world.client.get(CORE_SERVICES, key)).spec).toEqual(before.spec)
})

test('Endpoints that somebody deleted come back', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(1_000)
  await world.client.delete(ENDPOINTS, {name: 'rev', namespace: 'default'})
  await world.clock.advance(100)
  expect(await world.publicAddresses('rev')).toEqual(['10.0.0.1'])
})

test('a Service of the wanted name that belongs to somebody else is reported', async () => {
  world = await ScalingWorld.start()
  await world.create(CORE_SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'rev', namespace: 'default'},
    spec: {},
  })
  await world.createRevision('rev')
  const sks = await world.client.get(SERVERLESS_SERVICES, {name: 'rev', namespace: 'default'})
  expect(getCondition(sks.status, 'Ready')).toMatchObject({
    status: 'False',
    reason: 'NotOwned',
    message: 'Resource rev of type Service is not owned by SKS',
  })
})
