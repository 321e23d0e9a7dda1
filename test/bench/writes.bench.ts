/** Reconcile writes: per Service created, kind by kind, and in a settled cluster. */
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {readYaml} from '../../src/util/yaml/read-yaml.ts'
import {EVENTS, type Event} from '../../src/api/core/v1.ts'
import {createCluster} from '../../src/index.ts'
import {WriteCounter} from '../support/write-counter.ts'
import {type Figure, report} from './figure.ts'

const COUNT = 20
const IMAGE = 'bench.local/hello'
const GOLDEN = join(import.meta.dirname, '../../../shared/golden')
const RECORDED = join(GOLDEN, 'a-create/timeline.jsonl')
/** One Service that became ready in a namespace of its own. */
const RECORDED_EVENTS = join(GOLDEN, 'scenarios/s01-multi-container/event.yaml')
/** The recorded node was a stand-in that wrote no events. */
const NODE = new Set(['kubelet', 'default-scheduler'])

const cluster = await createCluster({handlers: {[IMAGE]: () => new Response('hello\n')}})
const counter = await WriteCounter.start(cluster.client)

for (let index = 0; index < COUNT; index++) {
  await cluster.apply(makeService(`bench-${index}`))
  await cluster.ready(`bench-${index}`)
}
await cluster.advance(3000)
const genuine = countRecorded()
const counts = counter.take()
for (const kind of [...counts.keys()].toSorted()) {
  const count = counts.get(kind) ?? 0
  const peer = genuine?.get(kind)
  const figure: Figure = {
    name: `writes per Service created: ${kind}`,
    value: count / COUNT,
    unit: 'writes',
  }
  report(
    peer === undefined
      ? figure
      : {...figure, ratio: count / COUNT / peer, peer: 'a genuine Knative', budget: '≤ 1 ×'},
  )
}

const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
const events = countEvents(items) / COUNT
const genuineEvents = existsSync(RECORDED_EVENTS)
  ? countEvents((readYaml(readFileSync(RECORDED_EVENTS, 'utf8')) as {items: Event[]}).items)
  : undefined
report({
  name: 'events per Service created, without the node',
  value: events,
  unit: 'writes',
  ...(genuineEvents !== undefined && {
    ratio: events / genuineEvents,
    peer: 'a genuine Knative',
    budget: '≤ 1 ×',
  }),
})

const TEN_MINUTES_MS = 10 * 60_000
await cluster.advance(TEN_MINUTES_MS)
counter.take()
await cluster.advance(TEN_MINUTES_MS)
report({
  name: `settled cluster with ${COUNT} Services: writes in ten minutes`,
  value: [...counter.take().values()].reduce((sum, count) => sum + count, 0),
  unit: 'writes',
  budget: '0',
})
counter.stop()
await cluster.stop()

function makeService(name: string): Parameters<typeof cluster.apply>[0] {
  return `
    apiVersion: serving.knative.dev/v1
    kind: Service
    metadata: {name: ${name}, namespace: default}
    spec: {template: {spec: {containers: [{image: ${IMAGE}}]}}}
  `
}

/** What a genuine Knative wrote for one Service, where that recording is at hand. */
function countRecorded(): Map<string, number> | undefined {
  if (!existsSync(RECORDED)) return undefined
  const counts = new Map<string, number>()
  for (const line of readFileSync(RECORDED, 'utf8').trim().split('\n')) {
    const {api, kind, name} = JSON.parse(line) as {api: string; kind: string; name: string}
    if (name === 'kubernetes') continue
    const key = api.includes('/') ? `${kind}.${api.slice(0, api.indexOf('/'))}` : kind
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** A repeated event is written once more for each time. */
function countEvents(events: readonly Event[]): number {
  return events
    .filter(({source}) => !NODE.has(source?.component ?? ''))
    .reduce((sum, {count}) => sum + (count ?? 1), 0)
}
