import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {EVENTS, type Pod, PODS} from '../../../../src/api/core/v1.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../support/scripted-runtime.ts'

const KEY = {namespace: 'default', name: 'web'}

describe('the end of a pod', () => {
  let runtime: ScriptedRuntime
  let cluster: NodeCluster
  beforeEach(async () => {
    runtime = new ScriptedRuntime()
    cluster = await new NodeCluster({runtimes: [runtime]}).start()
  })
  afterEach(() => cluster.stop())

  async function run(spec: Partial<Pod['spec']> = {}): Promise<Pod> {
    await cluster.client.create(PODS, pod('web', spec))
    return cluster.until(async () => {
      const found = await cluster.pod('web')
      return found.status?.phase === 'Running' ? found : undefined
    })
  }
  const isThere = async (): Promise<boolean> => (await cluster.client.find(PODS, KEY)) !== undefined
  const untilGone = (): Promise<boolean> =>
    cluster.until(async () => ((await isThere()) ? undefined : true))

  test('comes as soon as its containers have ended', async () => {
    await run()
    await cluster.client.delete(PODS, KEY)
    expect(await untilGone()).toBe(true)
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    expect(items.find(({reason}) => reason === 'Killing')).toMatchObject({
      type: 'Normal',
      message: 'Stopping container main',
    })
  })

  test('is forced when the grace period is over', async () => {
    runtime.script = {isStubborn: true}
    await run({terminationGracePeriodSeconds: 30})
    await cluster.client.delete(PODS, KEY)
    await cluster.clock.advance(29_000)
    expect(await isThere()).toBe(true)
    await cluster.clock.advance(2000)
    expect(await isThere()).toBe(false)
  })

  test('comes sooner when a second deletion allows less time', async () => {
    runtime.script = {isStubborn: true}
    await run({terminationGracePeriodSeconds: 300})
    await cluster.client.delete(PODS, KEY)
    await cluster.clock.advance(5000)
    await cluster.client.delete(PODS, KEY, {gracePeriodSeconds: 10})
    await cluster.clock.advance(9000)
    expect(await isThere()).toBe(true)
    await cluster.clock.advance(2000)
    expect(await isThere()).toBe(false)
  })

  test('waits for the preStop hook before it asks the container to stop', async () => {
    const {promise: drained, resolve: drain} = Promise.withResolvers<void>()
    const asked: string[] = []
    runtime.script = {
      handle: async (request) => {
        asked.push(new URL(request.url).pathname)
        await drained
        return new Response('drained')
      },
    }
    await run({
      containers: [
        {
          name: 'main',
          image: OK_IMAGE,
          ports: [{containerPort: 8080}],
          lifecycle: {preStop: {httpGet: {path: '/wait-for-drain', port: 8080}}},
        },
      ],
    })
    await cluster.client.delete(PODS, KEY)
    await cluster.clock.advance(5000)
    expect(asked).toEqual(['/wait-for-drain'])
    expect(await isThere()).toBe(true)
    drain()
    expect(await untilGone()).toBe(true)
  })

  test('does not wait for a preStop hook beyond the grace period', async () => {
    runtime.script = {handle: () => new Promise(() => undefined)}
    await run({
      terminationGracePeriodSeconds: 20,
      containers: [
        {
          name: 'main',
          image: OK_IMAGE,
          ports: [{containerPort: 8080}],
          lifecycle: {preStop: {httpGet: {port: 8080}}},
        },
      ],
    })
    await cluster.client.delete(PODS, KEY)
    await cluster.clock.advance(21_000)
    expect(await isThere()).toBe(false)
  })

  test('reaches a container that waits for its image', async () => {
    runtime.missing.add(OK_IMAGE)
    await cluster.client.create(PODS, pod('web'))
    await cluster.clock.advance(2000)
    await cluster.client.delete(PODS, KEY)
    expect(await untilGone()).toBe(true)
    expect(runtime.started).toEqual([])
  })

  test('reaches a container in its crash back-off', async () => {
    runtime.script = {onStart: ({exit}) => exit(1)}
    await cluster.client.create(PODS, pod('web'))
    await cluster.clock.advance(2000)
    await cluster.client.delete(PODS, KEY)
    expect(await untilGone()).toBe(true)
    const {length} = runtime.started
    await cluster.clock.advance(60_000)
    expect(runtime.started).toHaveLength(length)
  })

  test('is at once when it is forced', async () => {
    runtime.script = {isStubborn: true}
    await run()
    await cluster.client.delete(PODS, KEY, {gracePeriodSeconds: 0})
    expect(await untilGone()).toBe(true)
    await cluster.until(() => (cluster.kubelet.busy ? undefined : true))
  })
})

describe('a node that ends and comes back', () => {
  test('runs its pods again, at their addresses and with their restart counts', async () => {
    const runtime = new ScriptedRuntime()
    const cluster = await new NodeCluster({runtimes: [runtime]}).start()
    runtime.script = {onStart: ({exit}) => exit(1)}
    await cluster.client.create(PODS, pod('web'))
    await cluster.clock.advance(15_000)
    const before = await cluster.pod('web')
    expect(before.status?.containerStatuses?.[0]?.restartCount).toBe(2)
    await cluster.stop()
    expect(await cluster.client.find(PODS, KEY)).toBeDefined()

    runtime.script = {}
    await cluster.start()
    const after = await cluster.until(async () => {
      const found = await cluster.pod('web')
      return found.status?.containerStatuses?.[0]?.ready ? found : undefined
    })
    expect(after.status?.podIP).toBe(before.status?.podIP)
    expect(after.status?.containerStatuses?.[0]?.restartCount).toBe(2)
    await cluster.stop()
  })

  test('ends in time although a container does not', async () => {
    const cluster = await new NodeCluster({
      runtimes: [new ScriptedRuntime({isStubborn: true})],
    }).start()
    await cluster.client.create(PODS, pod('web', {terminationGracePeriodSeconds: 600}))
    await cluster.until(async () =>
      (await cluster.pod('web')).status?.phase === 'Running' ? true : undefined,
    )
    let isStopped = false
    const stopping = cluster.stop().then(() => (isStopped = true))
    await cluster.clock.advance(1000)
    expect(isStopped).toBe(false)
    await cluster.clock.advance(2000)
    await stopping
    expect(await cluster.client.find(PODS, KEY)).toBeDefined()
  })

  test('takes out pods that were deleted while it was gone', async () => {
    const runtime = new ScriptedRuntime({isStubborn: true})
    const cluster = await new NodeCluster({runtimes: [runtime]}).start()
    await cluster.client.create(PODS, pod('web', {terminationGracePeriodSeconds: 600}))
    await cluster.until(async () =>
      (await cluster.pod('web')).status?.phase === 'Running' ? true : undefined,
    )
    cluster.abandon()
    await cluster.client.delete(PODS, KEY)
    await cluster.clock.advance(5000)
    expect(await cluster.client.find(PODS, KEY)).toBeDefined()

    await cluster.start()
    await cluster.until(async () =>
      (await cluster.client.find(PODS, KEY)) === undefined ? true : undefined,
    )
    expect(runtime.started).toHaveLength(1)
    await cluster.stop()
  })
})
