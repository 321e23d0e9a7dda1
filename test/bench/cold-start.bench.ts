/**
 * A request to a revision at zero, beyond what the program itself needs to start: a function starts
 * at once, so with the handler runtime all of the time is the cluster's own.
 */
import {isTrue} from '../../src/api/condition-set.ts'
import {PODS} from '../../src/api/core/v1.ts'
import {SERVICES} from '../../src/api/serving/v1.ts'
import {built} from './built.ts'
import {median, report} from './figure.ts'

const ROUNDS = 5
const IMAGE = 'bench.local/hello'

const {startCluster} = await built()
const cluster = await startCluster({handlers: {[IMAGE]: () => new Response('hello')}})
const names = Array.from({length: ROUNDS}, (_, index) => `cold-${index}`)
await Promise.all(
  names.map((name) =>
    cluster.client.create(SERVICES, {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name, namespace: 'default'},
      spec: {
        template: {
          metadata: {annotations: {'autoscaling.knative.dev/window': '6s'}},
          spec: {containers: [{image: IMAGE}]},
        },
      },
    }),
  ),
)
const areReady = async (): Promise<boolean> => {
  const {items} = await cluster.client.list(SERVICES, {namespace: 'default'})
  return items.every(({status}) => isTrue(status, 'Ready'))
}
while (!(await areReady())) await new Promise((resolve) => setTimeout(resolve, 20))
const isAtZero = async (): Promise<boolean> => {
  const {items} = await cluster.client.list(PODS, {namespace: 'default'})
  return items.length === 0
}
for (let waited = 0; !(await isAtZero()); waited += 1) {
  if (waited > 120) throw new Error('the revisions did not go to zero in two minutes')
  await new Promise((resolve) => setTimeout(resolve, 1000))
}
const times: number[] = []
for (const name of names) {
  const begun = performance.now()
  const response = await cluster.fetch(`http://${name}.default.localhost/`)
  if ((await response.text()) !== 'hello') throw new Error(`${name} answered ${response.status}`)
  times.push(performance.now() - begun)
}
await cluster.stop()
report({
  name: 'request to a revision at zero, beyond the runtime',
  value: median(times),
  unit: 'ms',
  budget: '≤ 50 ms (the genuine one: 220 ms)',
})
