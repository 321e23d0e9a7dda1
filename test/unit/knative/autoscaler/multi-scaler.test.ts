import fc from 'fast-check'
import {expect, test} from 'vitest'
import {initialDeciderStatus, makeDeciderSpec} from '../../../../src/api/autoscaling/decider.ts'
import type {Metric, PodAutoscaler} from '../../../../src/api/autoscaling/v1alpha1.ts'
import {parseAutoscalerConfig} from '../../../../src/api/config/autoscaler.ts'
import {createAutoscaler} from '../../../../src/knative/autoscaler/autoscaler.ts'
import {KpaScaler} from '../../../../src/knative/autoscaler/kpa-scaler.ts'
import type {Stat} from '../../../../src/knative/autoscaler/stat.ts'
import {TimeBuckets} from '../../../../src/knative/autoscaler/time-buckets.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'

const REVISION = 'default/rev'
const WINDOW_MS = 10_000
const config = parseAutoscalerConfig({})

function podAutoscaler(annotations: Record<string, string>): PodAutoscaler {
  return {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'PodAutoscaler',
    metadata: {
      name: 'rev',
      namespace: 'default',
      annotations: {'autoscaling.knative.dev/window': '10s', ...annotations},
    },
    spec: {scaleTargetRef: {}, protocolType: 'http1'},
  }
}

function metric(scrapeTarget: string): Metric {
  return {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'Metric',
    metadata: {name: 'rev', namespace: 'default'},
    spec: {stableWindow: WINDOW_MS * 1e6, panicWindow: 1e9, scrapeTarget},
  }
}

function stat(concurrency: number): Stat {
  return {
    averageConcurrentRequests: concurrency,
    averageProxiedConcurrentRequests: 0,
    requestCount: concurrency,
    proxiedRequestCount: 0,
  }
}

/** What happens in one second. */
interface Second {
  readonly load: number
  readonly pods: number
}

const seconds = fc.array(
  fc.oneof(
    {weight: 3, arbitrary: fc.constant<Second>({load: 0, pods: 0})},
    {weight: 1, arbitrary: fc.record({load: fc.nat(300), pods: fc.nat(5)})},
    {weight: 1, arbitrary: fc.record({load: fc.constant(0), pods: fc.nat(3)})},
  ),
  {minLength: 20, maxLength: 90},
)

const annotations = fc.constantFrom<Record<string, string>>(
  {},
  {'autoscaling.knative.dev/target-burst-capacity': '-1'},
  {'autoscaling.knative.dev/target-burst-capacity': '0'},
  {'autoscaling.knative.dev/scale-down-delay': '8s'},
  {
    'autoscaling.knative.dev/target-burst-capacity': '-1',
    'autoscaling.knative.dev/scale-down-delay': '8s',
    'autoscaling.knative.dev/activation-scale': '3',
  },
)

test('parking idle deciders changes no decision: they equal those of one that always ticks', async () => {
  await fc.assert(
    fc.asyncProperty(seconds, annotations, async (course, chosen) => {
      const clock = new FakeClock()
      let pods = 0
      let load = 0
      const autoscaler = createAutoscaler({
        clock,
        readyPods: () => pods,
        scrape: () => (pods === 0 ? undefined : stat(load)),
      })
      const spec = makeDeciderSpec(podAutoscaler(chosen), config)
      const scraped = spec.targetBurstCapacity !== -1
      autoscaler.collector.createOrUpdate(metric(scraped ? 'rev-private' : ''))
      // Half a second apart, so that a decision never meets a scrape at the same moment.
      await clock.advance(500)
      autoscaler.deciders.create(REVISION, spec)

      const always = new KpaScaler(spec, clock.now(), 0)
      const stable = new TimeBuckets(WINDOW_MS)
      const panic = new TimeBuckets(1_000)
      let expected = initialDeciderStatus(spec)
      for (const [index, second] of course.entries()) {
        if (pods !== second.pods) {
          pods = second.pods
          autoscaler.deciders.wake(REVISION)
          autoscaler.collector.wake(REVISION)
        }
        load = second.load
        await clock.advance(1_000)
        const nowMs = clock.now()
        // With the pods unread, the activator tells of the load.
        if (!scraped && load > 0) autoscaler.collector.record(REVISION, stat(load))
        if (scraped && pods > 0) {
          stable.record(nowMs - 500, load)
          panic.record(nowMs - 500, load)
        }
        if (index % 2 === 1 && !(scraped && stable.isEmpty(nowMs))) {
          const {desiredPodCount, excessBurstCapacity} = always.scale({
            nowMs,
            readyPods: pods,
            stableValue: stable.average(nowMs),
            panicValue: panic.average(nowMs),
          })
          expected = {desiredScale: desiredPodCount, excessBurstCapacity}
        }
        if (!scraped && load > 0) {
          stable.record(nowMs, load)
          panic.record(nowMs, load)
        }
        expect(autoscaler.deciders.get(REVISION)?.status, `second ${index}`).toEqual(expected)
      }
      autoscaler.stop()
    }),
    {numRuns: 60},
  )
})

test('a request for a revision at zero is decided upon at once', async () => {
  const clock = new FakeClock()
  const autoscaler = createAutoscaler({clock, readyPods: () => 0, scrape: () => undefined})
  autoscaler.collector.createOrUpdate(metric('rev-private'))
  autoscaler.deciders.create(REVISION, makeDeciderSpec(podAutoscaler({}), config))
  const changes: (number | undefined)[] = []
  autoscaler.deciders.watch((key) =>
    changes.push(autoscaler.deciders.get(key)?.status.desiredScale),
  )
  autoscaler.report(REVISION, stat(0))
  await clock.advance(2_000)
  expect(changes).toEqual([0])
  await clock.advance(100)
  autoscaler.report(REVISION, stat(1))
  expect(changes).toEqual([0, 1])
  autoscaler.stop()
})

test('a thousand revisions idle at zero hold no timer', async () => {
  const clock = new FakeClock()
  const autoscaler = createAutoscaler({clock, readyPods: () => 0, scrape: () => undefined})
  const spec = makeDeciderSpec(podAutoscaler({}), config)
  for (let index = 0; index < 1_000; index++) {
    const key = {name: `rev-${index}`, namespace: 'default'}
    autoscaler.collector.createOrUpdate({...metric('target'), metadata: key})
    autoscaler.deciders.create(`default/rev-${index}`, spec)
  }
  await clock.advance(2_000)
  expect(clock.untilNextMs()).toBeUndefined()
})
