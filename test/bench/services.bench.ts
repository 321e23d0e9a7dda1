/** The control plane: start, 100 Services at once, 1,000 idle Services. Handler runtime. */
import {SERVICES, type Service} from '../../src/api/serving/v1.ts'
import {isTrue} from '../../src/api/condition-set.ts'
import type {EmbeddedCluster} from '../../src/local/cluster.ts'
import {built} from './built.ts'
import {report, residentMegabytes} from './figure.ts'

const {startCluster} = await built()
const IMAGE = 'bench.local/hello'

const startedAt = performance.now()
const cluster = await startCluster({
  listen: {apiPort: 0, gatewayPort: 0},
  handlers: {[IMAGE]: () => new Response('hello\n')},
})
report({
  name: 'embedded cluster: start until ready',
  value: performance.now() - startedAt,
  unit: 'ms',
  budget: '≤ 1 s',
})
report({
  name: 'embedded cluster: resident memory',
  value: residentMegabytes(),
  unit: 'MB',
  budget: '≤ 150 MB',
})

report({
  name: '100 Services at once until all Ready',
  value: await createServices(cluster, 0, 100),
  unit: 'ms',
  budget: '≤ 2 s (a genuine Knative: 60 s)',
})
report({
  name: 'with 100 Services: resident memory',
  value: residentMegabytes(),
  unit: 'MB',
  budget: '150 MB',
})

await createServices(cluster, 100, 1000)
await cluster.settled(60_000)
const cpuBefore = process.cpuUsage()
const idleMs = 10_000
await new Promise((resolve) => setTimeout(resolve, idleMs))
const cpu = process.cpuUsage(cpuBefore)
report(
  {
    name: '1,000 Services: resident memory',
    value: residentMegabytes(),
    unit: 'MB',
    budget: '≤ 400 MB',
  },
  {
    name: '1,000 Services at one pod each, no requests: CPU',
    value: ((cpu.user + cpu.system) / 1000 / idleMs) * 100,
    unit: '% of a core',
    budget: '≈ 0',
  },
)
await cluster.stop()

async function createServices(on: EmbeddedCluster, from: number, to: number): Promise<number> {
  const begun = performance.now()
  const names = new Set<string>()
  const watch = await on.client.watch(SERVICES, {namespace: 'default', resourceVersion: '0'})
  for (let index = from; index < to; index++) names.add(`bench-${index}`)
  await Promise.all([...names].map((name) => on.client.create(SERVICES, makeService(name))))
  for await (const event of watch) {
    if (event.type !== 'ADDED' && event.type !== 'MODIFIED') continue
    if (isTrue(event.object.status, 'Ready')) names.delete(event.object.metadata.name)
    if (names.size === 0) break
  }
  return performance.now() - begun
}

function makeService(name: string): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name, namespace: 'default'},
    spec: {template: {spec: {containers: [{image: IMAGE}]}}},
  }
}
