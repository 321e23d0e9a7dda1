import {describe, expect, test} from 'vitest'
import {
  type Configuration,
  CONFIGURATIONS,
  type Revision,
  REVISIONS,
} from '../../../../../src/api/serving/v1.ts'
import {createConfigurationController} from '../../../../../src/knative/controller/configuration/controller.ts'
import {
  aConfiguration,
  aRevision,
  notReady,
  ready,
  summarize,
} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

/** A world with one Configuration, and revisions it controls. */
async function given(configuration: Configuration, ...revisions: Revision[]) {
  const world = await ReconcileWorld.start()
  const controller = createConfigurationController(world.deps())
  const object = await world.given(CONFIGURATIONS, configuration)
  for (const revision of revisions) {
    await world.given(REVISIONS, revision, {type: CONFIGURATIONS, object})
  }
  return {world, controller}
}

describe('the configuration reconciler', () => {
  test('makes the first revision, born active where a Route waits for it', async () => {
    const {world, controller} = await given(
      aConfiguration('hello', {
        labels: {
          'serving.knative.dev/service': 'hello',
          'serving.knative.dev/serviceUID': 'uid-of-service',
        },
        annotations: {
          'serving.knative.dev/lastModifier': 'ada',
          'serving.knative.dev/routes': 'hello',
        },
      }),
    )
    await using _world = world

    await world.reconcile(controller, 'hello')

    const revision = await world.get(REVISIONS, 'hello-00001')
    const {uid} = (await world.get(CONFIGURATIONS, 'hello')).metadata
    expect(revision.metadata.labels).toEqual({
      'serving.knative.dev/configuration': 'hello',
      'serving.knative.dev/configurationGeneration': '1',
      'serving.knative.dev/configurationUID': uid,
      'serving.knative.dev/service': 'hello',
      'serving.knative.dev/serviceUID': 'uid-of-service',
      'serving.knative.dev/routingState': 'active',
    })
    expect(revision.metadata.annotations).toEqual({
      'serving.knative.dev/creator': 'ada',
      'serving.knative.dev/routes': 'hello',
      'serving.knative.dev/routingStateModified': '2024-04-22T00:00:00Z',
    })
    const {status} = await world.get(CONFIGURATIONS, 'hello')
    expect(status).toMatchObject({
      observedGeneration: 1,
      latestCreatedRevisionName: 'hello-00001',
    })
    expect(summarize(status)).toEqual({Ready: 'Unknown'})
    expect(await world.events()).toEqual(['Normal Created Created Revision "hello-00001"'])
  })

  test('lets a revision wait for the labeler where no Route is known', async () => {
    const {world, controller} = await given(aConfiguration())
    await using _world = world

    await world.reconcile(controller, 'hello')

    const {metadata} = await world.get(REVISIONS, 'hello-00001')
    expect(metadata.labels?.['serving.knative.dev/routingState']).toBe('pending')
    expect(metadata.annotations).not.toHaveProperty('serving.knative.dev/routes')
  })

  test('hands labels and annotations of the template to the revision', async () => {
    const configuration = aConfiguration()
    configuration.spec.template.metadata = {
      labels: {color: 'blue'},
      annotations: {'autoscaling.knative.dev/min-scale': '2'},
    }
    const {world, controller} = await given(configuration)
    await using _world = world

    await world.reconcile(controller, 'hello')

    const {metadata} = await world.get(REVISIONS, 'hello-00001')
    expect(metadata.labels).toMatchObject({color: 'blue'})
    expect(metadata.annotations).toMatchObject({'autoscaling.knative.dev/min-scale': '2'})
  })

  test('names the latest ready revision and becomes ready with it', async () => {
    const {world, controller} = await given(aConfiguration(), {
      ...aRevision(),
      status: ready(),
    })
    await using _world = world

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(CONFIGURATIONS, 'hello')
    expect(status).toMatchObject({
      latestCreatedRevisionName: 'hello-00001',
      latestReadyRevisionName: 'hello-00001',
    })
    expect(summarize(status)).toEqual({Ready: 'True'})
    expect(await world.events()).toEqual([
      'Normal ConfigurationReady Configuration becomes ready',
      'Normal LatestReadyUpdate LatestReadyRevisionName updated to "hello-00001"',
    ])
  })

  test('fails with its latest revision and keeps the one that is ready', async () => {
    const configuration = aConfiguration()
    const {world, controller} = await given(configuration, {...aRevision(), status: ready()})
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.patch(CONFIGURATIONS, 'hello', {spec: {template: {spec: {timeoutSeconds: 5}}}})
    await world.reconcile(controller, 'hello')
    await world.setStatus(
      REVISIONS,
      'hello-00002',
      notReady('False', 'ExitCode1', 'Container failed with: boom'),
    )

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(CONFIGURATIONS, 'hello')
    expect(status).toMatchObject({
      latestCreatedRevisionName: 'hello-00002',
      latestReadyRevisionName: 'hello-00001',
    })
    expect(summarize(status)).toEqual({
      Ready:
        'False RevisionFailed Revision "hello-00002" failed with message: Container failed with: boom.',
    })
    expect((await world.events()).slice(-1)).toEqual([
      'Warning LatestCreatedFailed Latest created revision "hello-00002" has failed',
    ])
  })

  test('never goes back to a revision before the one that was ready last', async () => {
    const {world, controller} = await given(
      {
        ...aConfiguration(),
        status: {observedGeneration: 1, latestReadyRevisionName: 'hello-00001'},
      },
      {...aRevision('hello-00001'), status: notReady('False', 'NoTraffic')},
      {
        ...aRevision('hello-old', {
          labels: {
            'serving.knative.dev/configuration': 'hello',
            'serving.knative.dev/configurationGeneration': '0',
          },
        }),
        status: ready(),
      },
    )
    await using _world = world

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(CONFIGURATIONS, 'hello')
    expect(status?.latestReadyRevisionName).toBe('hello-00001')
  })

  test('makes the latest revision anew when somebody deleted it', async () => {
    const {world, controller} = await given(aConfiguration(), {...aRevision(), status: ready()})
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.delete(REVISIONS, 'hello-00001')

    await world.reconcile(controller, 'hello')

    expect(await world.find(REVISIONS, 'hello-00001')).toBeDefined()
  })

  test('does not take a revision of somebody else for its own', async () => {
    const configuration = aConfiguration()
    configuration.spec.template.metadata = {name: 'hello-blue'}
    const {world, controller} = await given(configuration)
    await using _world = world
    await world.given(REVISIONS, aRevision('hello-blue'))

    await world.reconcile(controller, 'hello')

    expect(summarize((await world.get(CONFIGURATIONS, 'hello')).status)).toEqual({
      Ready:
        'False RevisionFailed Revision creation failed with message: revisions.serving.knative.dev "hello-blue" already exists.',
    })
  })

  test('takes a chosen name that is its own, whatever the generation', async () => {
    const configuration = aConfiguration()
    configuration.spec.template.metadata = {name: 'hello-blue'}
    const {world, controller} = await given(configuration, {
      ...aRevision('hello-blue', {
        labels: {
          'serving.knative.dev/configuration': 'hello',
          'serving.knative.dev/configurationGeneration': '7',
        },
      }),
      status: ready(),
    })
    await using _world = world

    await world.reconcile(controller, 'hello')

    expect((await world.get(CONFIGURATIONS, 'hello')).status).toMatchObject({
      latestCreatedRevisionName: 'hello-blue',
      latestReadyRevisionName: 'hello-blue',
    })
  })

  test('says why a revision could not be made', async () => {
    const {world, controller} = await given(aConfiguration())
    await using _world = world
    world.failOnce('POST', 'revisions', new Error('no room'))

    await expect(world.reconcile(controller, 'hello')).rejects.toThrow('no room')

    expect(summarize((await world.get(CONFIGURATIONS, 'hello')).status)).toEqual({
      Ready: 'False RevisionFailed Revision creation failed with message: no room.',
    })
    expect(await world.events()).toContain(
      'Warning CreationFailed Failed to create Revision: no room',
    )
  })

  test('finds the revision that its cache has not heard of yet', async () => {
    const {world, controller} = await given(aConfiguration())
    await using _world = world
    await world.sync()
    const {uid} = (await world.get(CONFIGURATIONS, 'hello')).metadata
    const revision = aRevision()
    revision.metadata.ownerReferences = [
      {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Configuration',
        name: 'hello',
        uid: uid ?? '',
        controller: true,
      },
    ]
    const written = world.given(REVISIONS, revision)

    // Not synced: the informer hears of the revision only after this reconcile has begun.
    await controller.reconcile('default/hello')
    await written

    expect((await world.list(REVISIONS)).map(({metadata}) => metadata.name)).toEqual([
      'hello-00001',
    ])
    expect(await world.events()).toEqual([])
  })
})
