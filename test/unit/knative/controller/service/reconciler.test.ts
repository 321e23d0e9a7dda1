import {describe, expect, test} from 'vitest'
import {CONFIGURATIONS, ROUTES, SERVICES} from '../../../../../src/api/serving/v1.ts'
import {createServiceController} from '../../../../../src/knative/controller/service/controller.ts'
import {aService, summarize} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const OUT_OF_DATE = 'Unknown OutOfDate'

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
      ConfigurationsReady: `${OUT_OF_DATE} The Configuration is still working to reflect the latest desired specification.`,
      RoutesReady: `${OUT_OF_DATE} The Route is still working to reflect the latest desired specification.`,
      Ready: `${OUT_OF_DATE} The Route is still working to reflect the latest desired specification.`,
    })
    expect(await world.events()).toEqual([
      'Normal Created Created Configuration "hello"',
      'Normal Created Created Route "hello"',
    ])
    expect(world.writes).toHaveLength(3)
  })
})
