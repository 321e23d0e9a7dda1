/** How much is written: nothing without a cause, and no more than a genuine Knative writes. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Service} from '../../../src/api/serving/v1.ts'
import {createCluster, type TestCluster} from '../../../src/index.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {WriteCounter} from '../../support/write-counter.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const TEN_MINUTES_MS = 10 * 60_000
const IMAGE = 'example.test/hello'

describe('an embedded cluster', () => {
  let cluster: TestCluster
  let counter: WriteCounter
  beforeAll(async () => {
    cluster = await createCluster({handlers: {[IMAGE]: () => new Response('hello')}})
    counter = await WriteCounter.start(cluster.client)
  })
  afterAll(async () => {
    counter.stop()
    await cluster.stop()
  })

  test('writes nothing while nobody asks for anything', async () => {
    await cluster.advance(TEN_MINUTES_MS)
    expect(counter.take()).toEqual(new Map())
  })

  test(
    'writes no kind more often than a genuine one for a Service',
    needs(RECORDINGS),
    async () => {
      await cluster.apply(aService('first'))
      await cluster.ready('first')
      await cluster.advance(3000)
      const ours = counter.take()
      const surplus = [...countRecorded()].filter(([kind, count]) => (ours.get(kind) ?? 0) > count)
      expect(surplus).toEqual([])
    },
  )

  test('writes nothing once its Services have scaled to zero', async () => {
    await cluster.apply([aService('second'), aService('third')])
    await cluster.advance(TEN_MINUTES_MS)
    expect(await cluster.pods('second')).toEqual([])
    counter.take()
    await cluster.advance(TEN_MINUTES_MS)
    expect(counter.take()).toEqual(new Map())
  })
})

function aService(name: string): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {namespace: 'default', name},
    spec: {template: {spec: {containers: [{image: IMAGE}]}}},
  }
}

/** The writes of the recorded walkthrough's first step, by kind. */
function countRecorded(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of goldenText('a-create/timeline.jsonl').trim().split('\n')) {
    const {api, kind, name} = JSON.parse(line) as {api: string; kind: string; name: string}
    if (name === 'kubernetes') continue
    const group = api.includes('/') ? `.${api.slice(0, api.indexOf('/'))}` : ''
    counts.set(`${kind}${group}`, (counts.get(`${kind}${group}`) ?? 0) + 1)
  }
  return counts
}
