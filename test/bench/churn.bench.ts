/**
 * What is left of Services that were created, called and deleted: 2,000 of them, in batches. Handler
 * runtime, SQLite on disk.
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isTrue} from '../../src/api/condition-set.ts'
import {type Pod, PODS} from '../../src/api/core/v1.ts'
import {SERVICES, type Service} from '../../src/api/serving/v1.ts'
import {built} from './built.ts'
import {report, residentMegabytes} from './figure.ts'

const IMAGE = 'bench.local/hello'
const BATCH = 100
const TOTAL = Number(process.env['CHURN_SERVICES'] ?? 2000)
/** As many as fill caches that are bounded, and bring the heap to its size. */
const WARM_UP = 500

const {startCluster} = await built()
const dataDir = mkdtempSync(join(tmpdir(), 'kntool-churn-'))
const cluster = await startCluster({
  dataDir,
  listen: {apiPort: 0, gatewayPort: 0},
  handlers: {[IMAGE]: () => new Response('hello\n')},
})
const {client} = cluster

await churn(0, WARM_UP)
const before = await memory()
await churn(WARM_UP, WARM_UP + TOTAL)
const after = await memory()
report(
  {name: `after ${WARM_UP} Services: resident memory`, value: before.resident, unit: 'MB'},
  {
    name: `after ${TOTAL} more: resident memory`,
    value: after.resident,
    unit: 'MB',
    ratio: after.resident / before.resident,
    peer: 'before',
    budget: '≤ 1.1 × before',
  },
  {
    name: `after ${TOTAL} more: live heap`,
    value: after.heap,
    unit: 'MB',
    ratio: after.heap / before.heap,
    peer: 'before',
  },
)
await cluster.stop()
rmSync(dataDir, {recursive: true})

async function churn(from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += BATCH) {
    const names = Array.from({length: BATCH}, (_, index) => `churn-${first + index}`)
    await untilReady(names)
    for (const name of names) {
      const response = await fetch(cluster.gatewayUrl ?? '', {
        headers: {host: `${name}.default.example.com`},
      })
      await response.arrayBuffer()
    }
    await Promise.all(names.map((name) => client.delete(SERVICES, {namespace: 'default', name})))
    await untilGone()
  }
}

async function untilReady(names: readonly string[]): Promise<void> {
  const missing = new Set(names)
  const watch = await client.watch(SERVICES, {namespace: 'default', resourceVersion: '0'})
  await Promise.all(names.map((name) => client.create(SERVICES, makeService(name))))
  for await (const event of watch) {
    if (event.type !== 'ADDED' && event.type !== 'MODIFIED') continue
    if (isTrue(event.object.status, 'Ready')) missing.delete(event.object.metadata.name)
    if (missing.size === 0) break
  }
}

/** Pods are the last to go. */
async function untilGone(): Promise<void> {
  for (;;) {
    const {items} = await client.list<Pod>(PODS, {namespace: 'default'})
    if (items.length === 0) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await cluster.settled(60_000)
}

async function memory(): Promise<{resident: number; heap: number}> {
  await cluster.settled(60_000)
  // What is remembered for a while, such as endings of pods, is over by then.
  await new Promise((resolve) => setTimeout(resolve, 5000))
  const resident = residentMegabytes()
  return {resident, heap: process.memoryUsage().heapUsed / 1e6}
}

function makeService(name: string): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name, namespace: 'default'},
    spec: {template: {spec: {containers: [{image: IMAGE}]}}},
  }
}
