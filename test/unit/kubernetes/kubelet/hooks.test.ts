import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type Container, EVENTS, type Pod, PODS} from '../../../../src/api/core/v1.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../support/scripted-runtime.ts'

const KEY = {namespace: 'default', name: 'web'}

describe('the hooks of a container', () => {
  let runtime: ScriptedRuntime
  let cluster: NodeCluster
  beforeEach(async () => {
    runtime = new ScriptedRuntime()
    cluster = await new NodeCluster({runtimes: [runtime]}).start()
  })
  afterEach(() => cluster.stop())

  async function run(lifecycle: NonNullable<Container['lifecycle']>): Promise<void> {
    const main: Container = {
      name: 'main',
      image: OK_IMAGE,
      ports: [{containerPort: 8080}],
      lifecycle,
    }
    await cluster.client.create(
      PODS,
      pod('web', {containers: [main], terminationGracePeriodSeconds: 20}),
    )
    await cluster.until(() => runtime.started[0])
    await cluster.clock.advance(1000)
  }
  const status = async (): Promise<NonNullable<Pod['status']>> =>
    (await cluster.pod('web')).status ?? {}
  async function messages(...reasons: string[]): Promise<(string | undefined)[]> {
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    return items.filter(({reason = ''}) => reasons.includes(reason)).map(({message}) => message)
  }
  const isGone = async (): Promise<boolean> => (await cluster.client.find(PODS, KEY)) === undefined

  test('keep it from being called running while postStart takes its time', async () => {
    const {promise: warm, resolve: warmUp} = Promise.withResolvers<void>()
    const agents: (string | null)[] = []
    runtime.script = {
      handle: async (request) => {
        agents.push(request.headers.get('user-agent'))
        await warm
        return new Response('warm')
      },
    }
    await run({postStart: {httpGet: {path: '/warm', port: 8080}}})
    await cluster.clock.advance(5 * 60_000)
    expect((await status()).containerStatuses?.[0]).toMatchObject({
      ready: false,
      state: {waiting: {reason: 'ContainerCreating'}},
    })
    warmUp()
    await cluster.until(async () => ((await status()).phase === 'Running' ? true : undefined))
    expect((await status()).containerStatuses?.[0]?.ready).toBe(true)
    expect(agents).toEqual(['kube-lifecycle/1.36'])
  })

  test('are content with any answer of a server', async () => {
    runtime.script = {handle: () => new Response('not today', {status: 500})}
    await run({postStart: {httpGet: {port: 8080}}})
    expect((await status()).phase).toBe('Running')
    expect(await messages('FailedPostStartHook')).toEqual([])
  })

  test('end it when postStart fails, without telling what was printed', async () => {
    runtime.script = {exec: () => ({exitCode: 1, output: 'password is 1234'})}
    await run({postStart: {exec: {command: ['warm-up']}}})
    expect(await messages('FailedPostStartHook', 'Killing')).toEqual([
      'PostStartHook failed',
      'FailedPostStartHook',
    ])
    expect((await status()).containerStatuses?.[0]).toMatchObject({
      ready: false,
      state: {waiting: {reason: 'CrashLoopBackOff'}},
      lastState: {terminated: {exitCode: 143}},
    })
  })

  test('do not keep it from ending when preStop fails', async () => {
    const commands: (readonly string[])[] = []
    runtime.script = {
      exec: (command) => {
        commands.push(command)
        return {exitCode: 1, output: 'no'}
      },
    }
    await run({preStop: {exec: {command: ['say', 'goodbye']}}})
    await cluster.client.delete(PODS, KEY)
    await cluster.until(async () => ((await isGone()) ? true : undefined))
    expect(commands).toEqual([['say', 'goodbye']])
    expect(await messages('FailedPreStopHook')).toEqual(['PreStopHook failed'])
  })

  test.each([
    [5, 5],
    [60, 20],
  ])('that sleep %d seconds hold the end up for %d', async (seconds, heldSeconds) => {
    await run({preStop: {sleep: {seconds}}})
    await cluster.client.delete(PODS, KEY)
    await cluster.clock.advance(heldSeconds * 1000 - 500)
    expect(await isGone()).toBe(false)
    await cluster.clock.advance(1000)
    expect(await isGone()).toBe(true)
  })
})
