import {expect, test} from 'vitest'
import {CONFIGURATIONS, REVISIONS} from '../../../../../src/api/serving/v1.ts'
import {createRevisionGcController} from '../../../../../src/knative/controller/gc/controller.ts'
import {aConfiguration, aRevision} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const RESERVE = {'serving.knative.dev/routingState': 'reserve'}

test('the collector deletes what config-gc lets go, and leaves the Configuration alone', async () => {
  await using world = await ReconcileWorld.start({
    'config-gc': {'min-non-active-revisions': '1', 'max-non-active-revisions': '2'},
  })
  const controller = createRevisionGcController(world.deps())
  const object = await world.given(CONFIGURATIONS, aConfiguration())
  for (const name of ['hello-00001', 'hello-00002', 'hello-00003']) {
    const revision = aRevision(name, {labels: RESERVE})
    await world.given(REVISIONS, revision, {type: CONFIGURATIONS, object})
    await world.clock.advance(1000)
  }
  await world.given(REVISIONS, aRevision('other-00001', {labels: RESERVE}))

  await world.reconcile(controller, 'hello')

  expect((await world.list(REVISIONS)).map(({metadata}) => metadata.name)).toEqual([
    'hello-00002',
    'hello-00003',
    'other-00001',
  ])
  expect((await world.get(CONFIGURATIONS, 'hello')).status).toBeUndefined()
})

test('the collector looks again when config-gc changes', async () => {
  await using world = await ReconcileWorld.start()
  const controller = createRevisionGcController(world.deps())
  await world.given(CONFIGURATIONS, aConfiguration())
  await world.sync()
  while (controller.queue.length > 0) controller.queue.done((await controller.queue.take()) ?? '')

  world.configure('config-gc', {'min-non-active-revisions': '0'})

  expect(controller.queue.length).toBe(1)
})
