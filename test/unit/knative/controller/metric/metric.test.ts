import {afterEach, expect, test} from 'vitest'
import {METRICS, POD_AUTOSCALERS} from '../../../../../src/api/autoscaling/v1alpha1.ts'
import {ScrapeError} from '../../../../../src/knative/autoscaler/stat.ts'
import {ScalingWorld} from '../../../../support/scaling-world.ts'

let world: ScalingWorld

afterEach(() => world.stop())

async function ready() {
  const metric = await world.client.get(METRICS, {name: 'rev', namespace: 'default'})
  const [condition] = metric.status?.conditions ?? []
  return {status: condition?.status, reason: condition?.reason, message: condition?.message}
}

test('a Metric is ready while its pods can be read', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(3_000)
  expect(await ready()).toEqual({status: 'True', reason: undefined, message: undefined})
})

test('a Metric says why its pods cannot be read, and when they can again', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  world.scrapeFailure = new ScrapeError('NoEndpoints', 'failed to get endpoints')
  await world.clock.advance(3_000)
  expect(await ready()).toEqual({
    status: 'Unknown',
    reason: 'NoEndpoints',
    message: 'failed to get endpoints',
  })
  world.scrapeFailure = new Error('boom')
  await world.clock.advance(3_000)
  expect(await ready()).toEqual({
    status: 'False',
    reason: 'CollectionFailed',
    message: 'Failed to reconcile metric collection: boom',
  })
  world.scrapeFailure = undefined
  await world.clock.advance(3_000)
  expect(await ready()).toMatchObject({status: 'True'})
})

test('what is deleted is neither collected nor decided upon any more', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(3_000)
  expect(world.autoscaler.collector.activeCount).toBe(1)
  await world.client.delete(POD_AUTOSCALERS, {name: 'rev', namespace: 'default'})
  await world.client.delete(METRICS, {name: 'rev', namespace: 'default'})
  await world.clock.advance(100)
  expect(world.autoscaler.collector.read('default/rev', 'rps')).toEqual({kind: 'not-collecting'})
  expect(world.autoscaler.deciders.get('default/rev')).toBeUndefined()
})
