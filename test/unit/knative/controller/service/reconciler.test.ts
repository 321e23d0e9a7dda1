import {describe, expect, test} from 'vitest'
import {
  CONFIGURATIONS,
  REVISIONS,
  ROUTES,
  type Service,
  SERVICES,
} from '../../../../../src/api/serving/v1.ts'
import {createServiceController} from '../../../../../src/knative/controller/service/controller.ts'
import {
  aConfiguration,
  aRevision,
  aRoute,
  aService,
  notReady,
  ready,
  summarize,
} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const CONFIGURATION_OUT_OF_DATE =
  'Unknown OutOfDate The Configuration is still working to reflect the latest desired specification.'
const ROUTE_OUT_OF_DATE =
  'Unknown OutOfDate The Route is still working to reflect the latest desired specification.'

/** A world with a Service whose children exist. */
async function reconciled(service: Service = aService()) {
  const world = await ReconcileWorld.start()
  const controller = createServiceController(world.deps())
  await world.given(SERVICES, service)
  await world.reconcile(controller, 'hello')
  return {world, controller}
}

describe('the service reconciler', () => {
  test('makes a Configuration and a Route and says that they still work', async () => {
    await using world = await ReconcileWorld.start()
    const controller = createServiceController(world.deps())
    const service = await world.given(
      SERVICES,
      aService('hello', {
        labels: {team: 'a'},
        annotations: {
          'serving.knative.dev/rollout-duration': '20s',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          note: 'kept',
        },
      }),
    )

    await world.reconcile(controller, 'hello')

    const configuration = await world.get(CONFIGURATIONS, 'hello')
    expect(configuration.metadata.labels).toEqual({
      team: 'a',
      'serving.knative.dev/service': 'hello',
      'serving.knative.dev/serviceUID': service.metadata.uid,
    })
    expect(configuration.metadata.annotations).toEqual({
      note: 'kept',
      'serving.knative.dev/routes': 'hello',
    })
    const route = await world.get(ROUTES, 'hello')
    expect(route.metadata.annotations).toEqual({
      note: 'kept',
      'serving.knative.dev/rollout-duration': '20s',
    })
    expect(route.spec.traffic).toEqual([
      {configurationName: 'hello', latestRevision: true, percent: 100},
    ])
    const {status} = await world.get(SERVICES, 'hello')
    expect(status?.observedGeneration).toBe(1)
    expect(summarize(status)).toEqual({
      ConfigurationsReady: CONFIGURATION_OUT_OF_DATE,
      RoutesReady: ROUTE_OUT_OF_DATE,
      Ready: ROUTE_OUT_OF_DATE,
    })
    expect(await world.events()).toEqual([
      'Normal Created Created Configuration "hello"',
      'Normal Created Created Route "hello"',
    ])
    expect(world.writes).toHaveLength(3)
  })

  test('repeats what Configuration and Route say', async () => {
    const {world, controller} = await reconciled()
    await using _world = world
    const latest = {
      latestCreatedRevisionName: 'hello-00001',
      latestReadyRevisionName: 'hello-00001',
    }
    const routing = {
      url: 'http://hello.default.example.com',
      address: {url: 'http://hello.default.svc.cluster.local'},
      traffic: [{revisionName: 'hello-00001', latestRevision: true, percent: 100}],
    }
    await world.setStatus(CONFIGURATIONS, 'hello', ready(latest))
    await world.setStatus(ROUTES, 'hello', ready(routing))

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(SERVICES, 'hello')
    expect(status).toMatchObject({...latest, ...routing})
    expect(summarize(status)).toEqual({
      ConfigurationsReady: 'True',
      RoutesReady: 'True',
      Ready: 'True',
    })
  })

  test('is not ready while the Route still sends traffic to the revision before', async () => {
    const {world, controller} = await reconciled()
    await using _world = world
    await world.setStatus(
      CONFIGURATIONS,
      'hello',
      ready({
        latestCreatedRevisionName: 'hello-00002',
        latestReadyRevisionName: 'hello-00002',
      }),
    )
    await world.setStatus(
      ROUTES,
      'hello',
      ready({traffic: [{revisionName: 'hello-00001', latestRevision: true, percent: 100}]}),
    )

    await world.reconcile(controller, 'hello')

    expect(summarize((await world.get(SERVICES, 'hello')).status)).toMatchObject({
      RoutesReady: 'Unknown TrafficNotMigrated Traffic is not yet migrated to the latest revision.',
      Ready: 'Unknown TrafficNotMigrated Traffic is not yet migrated to the latest revision.',
    })
  })

  test('fails with the reason of its Configuration', async () => {
    const {world, controller} = await reconciled()
    await using _world = world
    await world.setStatus(CONFIGURATIONS, 'hello', notReady('False', 'RevisionFailed', 'it broke'))

    await world.reconcile(controller, 'hello')

    expect(summarize((await world.get(SERVICES, 'hello')).status)).toMatchObject({
      ConfigurationsReady: 'False RevisionFailed it broke',
      Ready: 'False RevisionFailed it broke',
    })
  })

  test('takes back what somebody changed in its children', async () => {
    const {world, controller} = await reconciled()
    await using _world = world
    await world.patch(ROUTES, 'hello', {
      metadata: {labels: {'networking.knative.dev/visibility': 'cluster-local'}},
      spec: {traffic: [{revisionName: 'other', percent: 100}]},
    })
    await world.patch(CONFIGURATIONS, 'hello', {
      spec: {template: {spec: {timeoutSeconds: 10}}},
    })

    await world.reconcile(controller, 'hello')

    const route = await world.get(ROUTES, 'hello')
    expect(route.metadata.labels).not.toHaveProperty('networking.knative.dev/visibility')
    expect(route.spec.traffic).toEqual([
      {configurationName: 'hello', latestRevision: true, percent: 100},
    ])
    const configuration = await world.get(CONFIGURATIONS, 'hello')
    expect(configuration.spec.template.spec.timeoutSeconds).toBe(300)
  })

  test('leaves on the Configuration the Routes that others have put there', async () => {
    const {world, controller} = await reconciled()
    await using _world = world
    await world.patch(CONFIGURATIONS, 'hello', {
      metadata: {annotations: {'serving.knative.dev/routes': 'hello,canary'}},
    })
    const before = world.writes.length

    await world.reconcile(controller, 'hello')

    expect(world.writes.slice(before)).toEqual([])
  })

  test('refuses a Configuration that is not its own', async () => {
    await using world = await ReconcileWorld.start()
    const controller = createServiceController(world.deps())
    await world.given(CONFIGURATIONS, aConfiguration())
    await world.given(SERVICES, aService())

    await expect(world.reconcile(controller, 'hello')).rejects.toThrow(
      'service: "hello" does not own configuration: "hello"',
    )

    expect(summarize((await world.get(SERVICES, 'hello')).status)).toMatchObject({
      Ready: 'False NotOwned There is an existing Configuration "hello" that we do not own.',
    })
    expect(await world.events()).toEqual([
      'Warning InternalError service: "hello" does not own configuration: "hello"',
    ])
  })

  test('refuses a Route that is not its own', async () => {
    await using world = await ReconcileWorld.start()
    const controller = createServiceController(world.deps())
    await world.given(ROUTES, aRoute())
    await world.given(SERVICES, aService())

    await expect(world.reconcile(controller, 'hello')).rejects.toThrow(
      'service: "hello" does not own route: "hello"',
    )

    expect(summarize((await world.get(SERVICES, 'hello')).status)).toMatchObject({
      RoutesReady: 'False NotOwned There is an existing Route "hello" that we do not own.',
    })
  })

  test('makes no Route before the Configuration has seen a name the author chose', async () => {
    const service = aService()
    service.spec.template.metadata = {name: 'hello-blue'}
    const {world, controller} = await reconciled(service)
    await using _world = world
    expect(await world.find(ROUTES, 'hello')).toBeUndefined()

    await world.setStatus(CONFIGURATIONS, 'hello', ready())
    await world.reconcile(controller, 'hello')

    expect(await world.find(ROUTES, 'hello')).toBeDefined()
  })

  test('sends nothing to a revision of somebody else that has the chosen name', async () => {
    const service = aService()
    service.spec.template.metadata = {name: 'hello-blue'}
    const {world, controller} = await reconciled(service)
    await using _world = world
    await world.given(REVISIONS, aRevision('hello-blue'))
    await world.setStatus(CONFIGURATIONS, 'hello', notReady('False', 'RevisionFailed', 'taken'))

    await world.reconcile(controller, 'hello')

    expect(await world.find(ROUTES, 'hello')).toBeUndefined()
    expect(summarize((await world.get(SERVICES, 'hello')).status)).toMatchObject({
      RoutesReady:
        'False RevisionNameTaken The revision name "hello-blue" is taken by a conflicting Revision, so traffic will not be migrated',
    })
  })

  test('says in an event that a child could not be made', async () => {
    await using world = await ReconcileWorld.start()
    const controller = createServiceController(world.deps())
    await world.given(SERVICES, aService())
    world.failOnce('POST', 'configurations', new Error('no room'))

    await expect(world.reconcile(controller, 'hello')).rejects.toThrow('no room')

    expect(await world.events()).toEqual([
      'Warning CreationFailed Failed to create Configuration "hello": no room',
      'Warning InternalError failed to create Configuration: no room',
    ])
  })
})
