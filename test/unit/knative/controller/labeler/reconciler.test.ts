import {describe, expect, test} from 'vitest'
import {
  CONFIGURATIONS,
  REVISIONS,
  type Route,
  ROUTES,
  type TrafficTarget,
} from '../../../../../src/api/serving/v1.ts'
import {createLabelerController} from '../../../../../src/knative/controller/labeler/controller.ts'
import {aConfiguration, aRevision, aRoute, notReady, ready} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const STATE = 'serving.knative.dev/routingState'
const ROUTES_KEY = 'serving.knative.dev/routes'
const MODIFIED = 'serving.knative.dev/routingStateModified'
const FINALIZER = 'routes.serving.knative.dev'

const latest: TrafficTarget = {configurationName: 'hello', latestRevision: true, percent: 100}
const pinned: TrafficTarget = {revisionName: 'hello-00001', latestRevision: false, percent: 100}

/** A world with a Configuration, its revisions 1 and 2, and a Route that has its finalizer. */
async function given(route: Route) {
  const world = await ReconcileWorld.start()
  const controller = createLabelerController(world.deps())
  const object = await world.given(CONFIGURATIONS, {
    ...aConfiguration(),
    status: {latestCreatedRevisionName: 'hello-00002', latestReadyRevisionName: 'hello-00001'},
  })
  for (const name of ['hello-00001', 'hello-00002']) {
    const pending = aRevision(name, {labels: {[STATE]: 'pending'}})
    await world.given(REVISIONS, pending, {type: CONFIGURATIONS, object})
  }
  await world.given(ROUTES, {
    ...route,
    metadata: {...route.metadata, finalizers: [FINALIZER]},
  })
  return {world, controller}
}

async function labelsOf(world: ReconcileWorld, name: string): Promise<string> {
  const {labels, annotations} = (await world.get(REVISIONS, name)).metadata
  return `${labels?.[STATE] ?? ''} ${annotations?.[ROUTES_KEY] ?? '-'}`
}

async function routesOfConfiguration(world: ReconcileWorld): Promise<string | undefined> {
  return (await world.get(CONFIGURATIONS, 'hello')).metadata.annotations?.[ROUTES_KEY]
}

describe('the labeler', () => {
  test('keeps a Route until its traces are gone', async () => {
    await using world = await ReconcileWorld.start()
    const controller = createLabelerController(world.deps())
    await world.given(ROUTES, aRoute())

    await world.reconcile(controller, 'hello', {again: false})

    expect((await world.get(ROUTES, 'hello')).metadata.finalizers).toEqual([FINALIZER])
    expect(await world.events()).toEqual(['Normal FinalizerUpdate Updated "hello" finalizers'])
  })

  test('notes the Route on what its traffic reaches, and on the revision to come', async () => {
    const route = {...aRoute([latest]), status: {traffic: [{...pinned, latestRevision: true}]}}
    const {world, controller} = await given(route)
    await using _world = world

    await world.reconcile(controller, 'hello')

    expect(await labelsOf(world, 'hello-00001')).toBe('active hello')
    expect(await labelsOf(world, 'hello-00002')).toBe('active hello')
    expect(await routesOfConfiguration(world)).toBe('hello')
    const {annotations} = (await world.get(REVISIONS, 'hello-00001')).metadata
    expect(annotations?.[MODIFIED]).toBe('2024-04-22T00:00:00Z')
  })

  test('notes a pinned revision alone', async () => {
    const {world, controller} = await given(aRoute([pinned]))
    await using _world = world

    await world.reconcile(controller, 'hello')

    expect(await labelsOf(world, 'hello-00001')).toBe('active hello')
    expect(await labelsOf(world, 'hello-00002')).toBe('pending -')
    expect(await routesOfConfiguration(world)).toBe('hello')
  })

  test('leaves old traces while the Route is undecided, and removes them then', async () => {
    const {world, controller} = await given({
      ...aRoute([pinned]),
      status: notReady('Unknown', 'IngressNotConfigured'),
    })
    await using _world = world
    await world.patch(REVISIONS, 'hello-00002', {
      metadata: {labels: {[STATE]: 'active'}, annotations: {[ROUTES_KEY]: 'hello'}},
    })
    await world.reconcile(controller, 'hello')
    expect(await labelsOf(world, 'hello-00002')).toBe('active hello')

    await world.clock.advance(60_000)
    await world.setStatus(ROUTES, 'hello', ready({traffic: [pinned]}))
    await world.reconcile(controller, 'hello')

    expect(await labelsOf(world, 'hello-00002')).toBe('reserve -')
    const {annotations} = (await world.get(REVISIONS, 'hello-00002')).metadata
    expect(annotations?.[MODIFIED]).toBe('2024-04-22T00:01:00Z')
  })

  test('shares a revision with another Route', async () => {
    const {world, controller} = await given({
      ...aRoute([latest]),
      status: ready({traffic: [{...pinned, revisionName: 'hello-00002'}]}),
    })
    await using _world = world
    await world.patch(REVISIONS, 'hello-00001', {
      metadata: {labels: {[STATE]: 'active'}, annotations: {[ROUTES_KEY]: 'canary,hello'}},
    })
    await world.patch(CONFIGURATIONS, 'hello', {
      metadata: {annotations: {[ROUTES_KEY]: 'canary'}},
    })

    await world.reconcile(controller, 'hello')

    expect(await labelsOf(world, 'hello-00001')).toBe('active canary')
    expect(await routesOfConfiguration(world)).toBe('canary,hello')
  })

  test('removes every trace before the Route goes', async () => {
    const {world, controller} = await given(aRoute([latest]))
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.delete(ROUTES, 'hello')

    await world.reconcile(controller, 'hello')

    expect(await world.find(ROUTES, 'hello')).toBeUndefined()
    expect(await labelsOf(world, 'hello-00002')).toBe('reserve -')
    expect(await routesOfConfiguration(world)).toBeUndefined()
  })

  test('waits for targets that do not exist yet', async () => {
    const {world, controller} = await given(
      aRoute([{revisionName: 'later-00001', latestRevision: false, percent: 100}]),
    )
    await using _world = world
    await world.reconcile(controller, 'hello')
    const {queue} = controller
    while (queue.length > 0) queue.done((await queue.take()) ?? '')

    await world.given(REVISIONS, aRevision('later-00001'))
    await world.sync()

    expect(queue.length).toBe(1)
    await world.reconcile(controller, 'hello')
    expect(await labelsOf(world, 'later-00001')).toBe('active hello')
  })

  test('is not held up by a revision that was deleted in between', async () => {
    const {world, controller} = await given(aRoute([pinned]))
    await using _world = world
    await world.sync()
    await world.delete(REVISIONS, 'hello-00001')

    await expect(controller.reconcile('default/hello')).resolves.toBeUndefined()
  })
})
