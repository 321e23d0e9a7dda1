/** Requests under way: their limits, and what becomes of them when their pod goes. */
import {describe, expect, test} from 'vitest'
import {PODS} from '../../../src/api/core/v1.ts'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import {at, Hold, serve, startCluster} from './conformance-cluster.ts'

const URL_OF_SVC = 'http://svc.default.example.com/'

describe('the end of a pod', () => {
  test('TestDestroyPodInflight', async () => {
    const hold = new Hold()
    const cluster = await startCluster({timeout: hold.image})
    await serve(cluster, 'svc', 'timeout', {spec: {timeoutSeconds: 45}})
    const answer = cluster.send(URL_OF_SVC)
    await cluster.advance(20_000)
    expect(hold.count).toBe(1)
    await cluster.client.delete(SERVICES, at('svc'))
    await cluster.advance(10_000)
    const {items} = await cluster.client.list(PODS, {namespace: 'default'})
    expect(items.map(({metadata}) => metadata.deletionTimestamp !== undefined)).toEqual([true])
    hold.release()
    const response = await answer
    expect([response.status, await response.text()]).toEqual([200, 'released'])
    await cluster.advance(10_000)
    expect((await cluster.client.list(PODS, {namespace: 'default'})).items).toEqual([])
  })

  test('TestDestroyPodTimely', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'runtime', {spec: {timeoutSeconds: 300}})
    const [pod] = await cluster.pods('svc')
    await cluster.client.delete(PODS, at(pod?.metadata.name ?? ''))
    const began = cluster.now()
    await cluster.until(
      async () => (await cluster.client.find(PODS, at(pod?.metadata.name ?? ''))) === undefined,
    )
    expect(cluster.now() - began).toBeLessThan(60_000)
  })

  test('TestDestroyPodWithRequests', async () => {
    const hold = new Hold()
    const cluster = await startCluster({autoscale: hold.image})
    await serve(cluster, 'svc', 'autoscale')
    const answers = Array.from({length: 20}, () => cluster.send(URL_OF_SVC))
    await cluster.advance(1000)
    const [pod] = await cluster.pods('svc')
    await cluster.client.delete(PODS, at(pod?.metadata.name ?? ''))
    await cluster.advance(1000)
    hold.release()
    const statuses = (await Promise.all(answers)).map(({status}) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})

describe('limits of a request', () => {
  test('TestRevisionTimeout: does not exceed timeout seconds', async () => {
    const hold = new Hold()
    const cluster = await startCluster({timeout: hold.image})
    await serve(cluster, 'svc', 'timeout', {spec: {timeoutSeconds: 10}})
    const answer = cluster.send(URL_OF_SVC)
    await cluster.advance(2000)
    hold.release()
    expect((await answer).status).toBe(200)
  })

  test('TestRevisionTimeout: exceeds timeout seconds', async () => {
    const hold = new Hold()
    const cluster = await startCluster({timeout: hold.image})
    await serve(cluster, 'svc', 'timeout', {spec: {timeoutSeconds: 10}})
    const answer = cluster.send(URL_OF_SVC)
    await cluster.advance(12_000)
    const response = await answer
    expect(response.status).toBe(504)
    expect(await response.text()).toMatch(/^(activator )?request timeout$/)
  })

  test('TestRevisionTimeout: writes first byte before timeout', async () => {
    const chunks: ReadableStreamDefaultController<Uint8Array>[] = []
    const cluster = await startCluster({
      timeout: () => new Response(new ReadableStream({start: (it) => void chunks.push(it)})),
    })
    await serve(cluster, 'svc', 'timeout', {spec: {timeoutSeconds: 10}})
    const answer = cluster.send(URL_OF_SVC)
    await cluster.advance(1000)
    chunks[0]?.enqueue(Buffer.from('first '))
    await cluster.advance(15_000)
    chunks[0]?.enqueue(Buffer.from('last'))
    chunks[0]?.close()
    const response = await answer
    expect([response.status, await response.text()]).toEqual([200, 'first last'])
  })

  test('TestRevisionIdleTimeout', async () => {
    const chunks: ReadableStreamDefaultController<Uint8Array>[] = []
    const cluster = await startCluster({
      timeout: () => new Response(new ReadableStream({start: (it) => void chunks.push(it)})),
    })
    await serve(cluster, 'svc', 'timeout', {spec: {timeoutSeconds: 60, idleTimeoutSeconds: 5}})
    const answer = cluster.send(URL_OF_SVC)
    await cluster.advance(1000)
    chunks[0]?.enqueue(Buffer.from('first '))
    await cluster.advance(4000)
    chunks[0]?.enqueue(Buffer.from('second '))
    await cluster.advance(6000)
    expect(await (await answer).text()).toMatch(/^first second (activator )?request timeout$/)
  })

  test('TestRevisionResponseStartTimeout', async () => {
    const hold = new Hold()
    const cluster = await startCluster({timeout: hold.image})
    await serve(cluster, 'svc', 'timeout', {
      spec: {timeoutSeconds: 60, responseStartTimeoutSeconds: 5},
    })
    const answer = cluster.send(URL_OF_SVC)
    await cluster.advance(6000)
    expect((await answer).status).toBe(504)
  })

  test('TestSingleConcurrency', async () => {
    const hold = new Hold()
    const cluster = await startCluster({singlethreaded: hold.image})
    await serve(cluster, 'svc', 'singlethreaded', {
      spec: {containerConcurrency: 1},
      template: {'autoscaling.knative.dev/max-scale': '1'},
    })
    const answers = Array.from({length: 8}, () => cluster.send(URL_OF_SVC))
    for (let released = 0; released < answers.length; released++) {
      await cluster.advance(500)
      expect(hold.count).toBe(1)
      hold.release()
    }
    for (const answer of answers) expect((await answer).status).toBe(200)
    expect(hold.most).toBe(1)
  })

  test('TestSingleConcurrency: while pods come and go and the activator joins and leaves', async () => {
    const inPod = new Map<string, number>()
    const waiting: (() => void)[] = []
    let most = 0
    const cluster = await startCluster({
      singlethreaded: async (_request, {podName}) => {
        const count = (inPod.get(podName) ?? 0) + 1
        inPod.set(podName, count)
        most = Math.max(most, count)
        await new Promise<void>((resolve) => waiting.push(resolve))
        inPod.set(podName, (inPod.get(podName) ?? 0) - 1)
        return new Response('done')
      },
    })
    await serve(cluster, 'svc', 'singlethreaded', {
      spec: {containerConcurrency: 1},
      // With a burst capacity of 1 the activator is in the path now and then.
      template: {'autoscaling.knative.dev/target-burst-capacity': '1'},
    })
    const answers: Promise<Response>[] = []
    for (let round = 0; round < 30; round++) {
      for (let index = 0; index < 1 + (round % 5); index++) answers.push(cluster.send(URL_OF_SVC))
      await cluster.advance(700)
      for (const finish of waiting.splice(0, 2)) finish()
      const pods = await cluster.pods('svc')
      const [victim] = round % 7 === 6 ? pods : []
      if (victim !== undefined) await cluster.client.delete(PODS, at(victim.metadata.name))
    }
    let left = answers.length
    for (const answer of answers) void answer.then(() => left--)
    while (left > 0) {
      for (const finish of waiting.splice(0)) finish()
      await cluster.advance(500)
    }
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(most).toBe(1)
  })
})
