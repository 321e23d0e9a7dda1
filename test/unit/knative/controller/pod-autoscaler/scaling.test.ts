import {afterEach, expect, test} from 'vitest'
import {POD_AUTOSCALERS} from '../../../../../src/api/autoscaling/v1alpha1.ts'
import {getCondition} from '../../../../../src/api/condition-set.ts'
import {defaultConfigs} from '../../../../../src/api/config/config-store.ts'
import {ScalingWorld} from '../../../../support/scaling-world.ts'

let world: ScalingWorld

afterEach(() => world.stop())

/** `status reason` of each condition. */
async function conditions(name: string): Promise<Record<string, string>> {
  const {status} = await world.podAutoscaler(name)
  return Object.fromEntries(
    (status?.conditions ?? []).map(({type, status: value, reason}) => [
      type,
      reason === undefined ? value : `${value} ${reason}`,
    ]),
  )
}

const READY = {Active: 'True', Ready: 'True', SKSReady: 'True', ScaleTargetInitialized: 'True'}

test('a new revision becomes ready with one pod behind the activator', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  expect(await conditions('rev')).toEqual({
    Active: 'Unknown Queued',
    Ready: 'Unknown Queued',
    SKSReady: 'Unknown NotReady',
    ScaleTargetInitialized: 'Unknown',
  })
  await world.clock.advance(500)
  expect(await conditions('rev')).toEqual(READY)
  const {status} = await world.podAutoscaler('rev')
  expect(status).toMatchObject({
    desiredScale: -1,
    actualScale: 1,
    serviceName: 'rev',
    metricsServiceName: 'rev-private',
  })
  expect((await world.serverlessService('rev')).spec).toMatchObject({
    mode: 'Proxy',
    numActivators: 4,
  })
  expect(await world.publicAddresses('rev')).toEqual(['10.0.0.1'])
  expect(world.errors).toEqual([])
})

test('an idle revision goes to zero after its window and the grace period, and wakes at once', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev')
  await world.clock.advance(59_000)
  expect(await world.replicas('rev')).toBe(1)
  await world.clock.advance(6_000)
  expect(await conditions('rev')).toMatchObject({
    Active: 'False NoTraffic',
    Ready: 'False NoTraffic',
  })
  expect(await world.replicas('rev')).toBe(0)
  await world.clock.advance(1_000)
  const {status} = await world.podAutoscaler('rev')
  expect(status).toMatchObject({desiredScale: 0, actualScale: 0})
  expect(await conditions('rev')).toEqual({
    Active: 'False NoTraffic',
    Ready: 'False NoTraffic',
    SKSReady: 'Unknown NotReady',
    ScaleTargetInitialized: 'True',
  })

  await world.setLoad('rev', 1)
  expect(await world.replicas('rev')).toBe(1)
  await world.clock.advance(500)
  expect(await conditions('rev')).toEqual(READY)
  expect(world.errors).toEqual([])
})

test('the activator must be in the path for the grace period before the last pod goes', async () => {
  world = await ScalingWorld.start()
  // Without burst capacity the activator leaves the path as soon as a pod is ready.
  await world.createRevision('rev', {
    'autoscaling.knative.dev/target-burst-capacity': '0',
    'autoscaling.knative.dev/window': '10s',
  })
  await world.clock.advance(5_000)
  expect((await world.serverlessService('rev')).spec.mode).toBe('Serve')
  expect(await world.publicAddresses('rev')).toEqual(['10.1.0.1'])
  await world.clock.advance(8_000)
  expect((await world.serverlessService('rev')).spec.mode).toBe('Proxy')
  expect(await world.publicAddresses('rev')).toEqual(['10.0.0.1'])
  expect(await conditions('rev')).toMatchObject({Active: 'False NoTraffic'})
  expect(await world.replicas('rev')).toBe(1)
  await world.clock.advance(26_000)
  expect(await world.replicas('rev')).toBe(1)
  await world.clock.advance(2_000)
  expect(await world.replicas('rev')).toBe(0)
})

test('the last pod stays for the retention period', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {
    'autoscaling.knative.dev/window': '10s',
    'autoscaling.knative.dev/scale-to-zero-pod-retention-period': '2m',
  })
  await world.clock.advance(120_000)
  expect(await world.replicas('rev')).toBe(1)
  await world.clock.advance(20_000)
  expect(await world.replicas('rev')).toBe(0)
})

test('min-scale keeps pods, max-scale bounds them', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {
    'autoscaling.knative.dev/min-scale': '2',
    'autoscaling.knative.dev/max-scale': '4',
    'autoscaling.knative.dev/target': '10',
    'autoscaling.knative.dev/window': '10s',
  })
  await world.clock.advance(1_000)
  expect(await world.replicas('rev')).toBe(2)
  expect(await conditions('rev')).toEqual(READY)
  await world.setLoad('rev', 100)
  await world.clock.advance(10_000)
  expect(await world.replicas('rev')).toBe(4)
  await world.setLoad('rev', 0)
  await world.clock.advance(120_000)
  expect(await world.replicas('rev')).toBe(2)
  expect(await conditions('rev')).toEqual(READY)
})

test('an unreachable revision ignores min-scale', async () => {
  world = await ScalingWorld.start()
  await world.createRevision(
    'rev',
    {'autoscaling.knative.dev/min-scale': '2', 'autoscaling.knative.dev/window': '10s'},
    {reachability: 'Unreachable'},
  )
  await world.clock.advance(60_000)
  expect(await world.replicas('rev')).toBe(0)
})

test('an initial scale is reached before the revision is ready', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {'autoscaling.knative.dev/initial-scale': '3'})
  expect(await world.replicas('rev')).toBe(3)
  await world.clock.advance(1_000)
  expect(await conditions('rev')).toEqual(READY)
  expect((await world.podAutoscaler('rev')).status).toMatchObject({actualScale: 3})
})

test('an initial scale of zero starts inactive and ready to be woken', async () => {
  const {autoscaler} = defaultConfigs()
  world = await ScalingWorld.start({autoscaler: {...autoscaler, allowZeroInitialScale: true}})
  await world.createRevision('rev', {'autoscaling.knative.dev/initial-scale': '0'})
  await world.clock.advance(10_000)
  expect(await conditions('rev')).toMatchObject({
    Active: 'False NoTraffic',
    ScaleTargetInitialized: 'True',
  })
})

test('a revision that never gets ready is given up after its progress deadline', async () => {
  world = await ScalingWorld.start()
  world.podsBecomeReady = false
  const reasons: (string | undefined)[] = []
  world.informers.of(POD_AUTOSCALERS).addHandler({
    onSet: ({status}) => reasons.push(getCondition(status, 'Active')?.reason),
  })
  await world.createRevision('rev', {'serving.knative.dev/progress-deadline': '20s'})
  await world.clock.advance(49_000)
  expect(await world.replicas('rev')).toBe(1)
  await world.clock.advance(3_000)
  expect(await world.replicas('rev')).toBe(0)
  expect(reasons.filter((reason, index) => reason !== reasons[index - 1])).toEqual([
    'Queued',
    'TimedOut',
    'NoTraffic',
  ])
  expect(await conditions('rev')).toMatchObject({
    Ready: 'False NoTraffic',
    ScaleTargetInitialized: 'Unknown',
  })
})

test('scale to zero can be switched off and on while the cluster runs', async () => {
  const {autoscaler} = defaultConfigs()
  world = await ScalingWorld.start({autoscaler: {...autoscaler, enableScaleToZero: false}})
  await world.createRevision('rev', {'autoscaling.knative.dev/window': '10s'})
  await world.clock.advance(120_000)
  expect(await world.replicas('rev')).toBe(1)
  world.configs.update({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: 'config-autoscaler', namespace: 'knative-serving'},
    data: {'enable-scale-to-zero': 'true'},
  })
  await world.clock.advance(60_000)
  expect(await world.replicas('rev')).toBe(0)
})

test('the hpa class is refused in a condition', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {
    'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev',
  })
  expect(await conditions('rev')).toMatchObject({
    Active: 'False ClassNotSupported',
    Ready: 'False ClassNotSupported',
  })
})

test('a foreign class is left to its own controller', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {'autoscaling.knative.dev/class': 'keda.example.com'})
  await world.clock.advance(5_000)
  expect((await world.podAutoscaler('rev')).status).toBeUndefined()
})

test('a settled cluster writes nothing for ten minutes', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('idle')
  await world.createRevision('kept', {'autoscaling.knative.dev/min-scale': '1'})
  await world.clock.advance(120_000)
  const written = world.api.writes.length
  await world.clock.advance(600_000)
  expect(world.api.writes.slice(written)).toEqual([])
  expect(await world.replicas('idle')).toBe(0)
})

test('a revision idle at zero has no timers and costs no decisions', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {'autoscaling.knative.dev/window': '10s'})
  await world.clock.advance(120_000)
  expect(await world.replicas('rev')).toBe(0)
  expect(world.autoscaler.deciders.activeCount).toBe(0)
  expect(world.autoscaler.collector.activeCount).toBe(0)
  await world.setLoad('rev', 3)
  await world.clock.advance(3_000)
  expect(world.autoscaler.deciders.activeCount).toBe(1)
  expect(world.autoscaler.collector.activeCount).toBe(1)
})

test('with the activator always in the path, idle revisions cost nothing either', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('rev', {
    'autoscaling.knative.dev/window': '10s',
    'autoscaling.knative.dev/target-burst-capacity': '-1',
    'autoscaling.knative.dev/scale-down-delay': '10s',
  })
  await world.clock.advance(120_000)
  expect(await world.replicas('rev')).toBe(0)
  expect(world.autoscaler.deciders.activeCount).toBe(0)
  await world.setLoad('rev', 1)
  expect(await world.replicas('rev')).toBe(1)
})

test('a driven load scales as it did on a genuine cluster', async () => {
  world = await ScalingWorld.start()
  await world.createRevision('as', {
    'autoscaling.knative.dev/window': '10s',
    'autoscaling.knative.dev/target': '10',
    'autoscaling.knative.dev/max-scale': '8',
  })
  const scaleAfter = async (concurrency: number, durationMs: number): Promise<number> => {
    await world.setLoad('as', concurrency)
    await world.clock.advance(durationMs)
    return world.replicas('as')
  }
  await world.clock.advance(11_000)
  expect(await scaleAfter(35, 12_000)).toBe(5)
  expect(await scaleAfter(400, 14_000)).toBe(8)
  expect(await scaleAfter(5, 20_000)).toBe(1)
  expect(await scaleAfter(0, 30_000)).toBe(0)
  expect(await scaleAfter(1, 500)).toBe(1)
  expect(await conditions('as')).toEqual(READY)
  expect((await world.serverlessService('as')).spec).toMatchObject({
    mode: 'Proxy',
    numActivators: 3,
  })
  expect(world.errors).toEqual([])
})
