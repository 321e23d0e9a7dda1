/**
 * A million requests through the gateway while traffic moves between two revisions, from all of it
 * on one to all of it on the other and back: none may be lost. Handler runtime.
 */
import {fork} from 'node:child_process'
import {SERVICES, type Service} from '../../src/api/serving/v1.ts'
import {isTrue} from '../../src/api/condition-set.ts'
import {built} from './built.ts'
import {report} from './figure.ts'
import type {TrafficOrder, TrafficOutcome} from './traffic-client.ts'

const REQUESTS = Number(process.env['KNTOOL_BENCH_REQUESTS'] ?? 1_000_000)
const IMAGE = 'bench.local/hello'
const KEY = {namespace: 'default', name: 'moving'}

const {startCluster} = await built()
const cluster = await startCluster({
  listen: {gatewayPort: 0},
  handlers: {[IMAGE]: (_request, {env}) => new Response(env['TARGET'] ?? '')},
})
await cluster.client.create(SERVICES, makeService('one'))
await ready()
await cluster.client.patch(SERVICES, KEY, {type: 'merge', body: {spec: makeService('two').spec}})
await ready()

const client = fork(new URL('./traffic-client.ts', import.meta.url), {
  execArgv: ['--disable-warning=ExperimentalWarning'],
})
const outcome = new Promise<TrafficOutcome>((resolve) => client.once('message', resolve))
const begun = performance.now()
const order: TrafficOrder = {
  url: cluster.gatewayUrl ?? '',
  host: 'moving.default.localhost',
  requests: REQUESTS,
  connections: 32,
}
client.send(order)

let moves = 0
let done = false
void outcome.finally(() => (done = true))
while (!done) {
  const first = (moves % 11) * 10
  await cluster.client.patch(SERVICES, KEY, {
    type: 'merge',
    body: {
      spec: {
        traffic: [
          {revisionName: 'moving-00001', percent: first},
          {revisionName: 'moving-00002', percent: 100 - first},
        ],
      },
    },
  })
  moves += 1
  await new Promise((resolve) => setTimeout(resolve, 250))
}
const {answers, lost} = await outcome
const elapsedMs = performance.now() - begun
const good = (answers['200 one'] ?? 0) + (answers['200 two'] ?? 0)
await cluster.stop()

report(
  {name: 'requests sent while traffic moved', value: REQUESTS, unit: 'requests'},
  {name: 'traffic moved', value: moves, unit: 'times'},
  {
    name: 'requests lost or answered wrongly',
    value: REQUESTS - good,
    unit: 'requests',
    budget: '0',
  },
  {name: 'throughput', value: REQUESTS / (elapsedMs / 1000), unit: 'requests/s'},
)
if (good !== REQUESTS) {
  console.error(`lost ${lost}`, answers)
  process.exitCode = 1
}

async function ready(): Promise<void> {
  for (;;) {
    await cluster.settled()
    const {metadata, status} = await cluster.client.get(SERVICES, KEY)
    if (status?.observedGeneration === metadata.generation && isTrue(status, 'Ready')) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function makeService(target: string): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: KEY,
    spec: {
      template: {
        metadata: {annotations: {'autoscaling.knative.dev/min-scale': '1'}},
        spec: {containers: [{image: IMAGE, env: [{name: 'TARGET', value: target}]}]},
      },
    },
  }
}
