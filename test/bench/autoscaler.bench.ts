/** The autoscaler: what one decision costs, and 500 revisions that are decided upon every 2 s. */
import {makeDeciderSpec} from '../../src/api/autoscaling/decider.ts'
import type {Metric, PodAutoscaler} from '../../src/api/autoscaling/v1alpha1.ts'
import {parseAutoscalerConfig} from '../../src/api/config/autoscaler.ts'
import {createAutoscaler} from '../../src/knative/autoscaler/autoscaler.ts'
import {KpaScaler, TICK_MS} from '../../src/knative/autoscaler/kpa-scaler.ts'
import {SystemClock} from '../../src/util/clock.ts'
import {report} from './figure.ts'

const REVISIONS = 500
const DECISIONS = 1_000_000
const PODS = 5

const spec = makeDeciderSpec(podAutoscaler('bench-0'), parseAutoscalerConfig({}))
const scaler = new KpaScaler(spec, 0, PODS)
const begun = process.hrtime.bigint()
for (let index = 0; index < DECISIONS; index++) {
  const load = 300 + (index % 200)
  scaler.scale({nowMs: index * TICK_MS, readyPods: PODS, stableValue: load, panicValue: load})
}
report({
  name: 'KPA: one decision',
  value: Number(process.hrtime.bigint() - begun) / DECISIONS / 1000,
  unit: 'µs',
})

const clock = new SystemClock()
let decisions = 0
const autoscaler = createAutoscaler({
  clock,
  scrape: () => ({
    averageConcurrentRequests: 60 + Math.random() * 80,
    averageProxiedConcurrentRequests: 0,
    requestCount: 500,
    proxiedRequestCount: 0,
  }),
  readyPods: () => {
    decisions++
    return PODS
  },
})
for (let index = 0; index < REVISIONS; index++) {
  const name = `bench-${index}`
  autoscaler.collector.createOrUpdate(metric(name))
  autoscaler.deciders.create(`default/${name}`, spec)
}
// The windows of the averages fill while nobody measures.
await new Promise((resolve) => setTimeout(resolve, 5000))
decisions = 0
const before = process.cpuUsage()
const measuredMs = 20_000
await new Promise((resolve) => setTimeout(resolve, measuredMs))
const {user, system} = process.cpuUsage(before)
report(
  {
    name: `${REVISIONS} revisions under load: CPU`,
    value: ((user + system) / 1000 / measuredMs) * 100,
    unit: '% of a core',
  },
  {
    name: `${REVISIONS} revisions under load: decisions in 2 s`,
    value: (decisions / measuredMs) * TICK_MS,
    unit: 'decisions',
    budget: `${REVISIONS}`,
  },
  {
    name: 'KPA: one decision with two reads of the pods',
    value: (user + system) / decisions,
    unit: 'µs',
  },
)
autoscaler.stop()

function podAutoscaler(name: string): PodAutoscaler {
  return {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'PodAutoscaler',
    metadata: {name, namespace: 'default'},
    spec: {protocolType: 'http1', scaleTargetRef: {name: `${name}-deployment`}},
  }
}

function metric(name: string): Metric {
  return {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'Metric',
    metadata: {name, namespace: 'default'},
    // Durations are in nanoseconds, as Go writes them.
    spec: {stableWindow: 60e9, panicWindow: 6e9, scrapeTarget: `${name}-private`},
  }
}
