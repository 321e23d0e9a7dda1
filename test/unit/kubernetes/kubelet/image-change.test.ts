import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  type Container,
  type ContainerStatus,
  EVENTS,
  type Pod,
  PODS,
} from '../../../../src/api/core/v1.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../support/scripted-runtime.ts'

const KEY = {namespace: 'default', name: 'web'}
const NEW_IMAGE = 'example.com/ok:v2'

describe('another image for a container of a pod', () => {
  let runtime: ScriptedRuntime
  let cluster: NodeCluster
  beforeEach(async () => {
    runtime = new ScriptedRuntime({handle: () => new Response('ok')})
    cluster = await new NodeCluster({runtimes: [runtime]}).start()
  })
  afterEach(() => cluster.stop())

  async function run(spec: Partial<Pod['spec']> = {}): Promise<void> {
    await cluster.client.create(PODS, pod('web', spec))
    await cluster.until(() => runtime.started[0])
    await cluster.clock.advance(1000)
  }
  async function setImage(image = NEW_IMAGE): Promise<void> {
    const body = {spec: {containers: [{name: 'main', image}]}}
    await cluster.client.patch(PODS, KEY, {type: 'strategic', body})
  }
  const images = (): string[] => runtime.started.map(({request}) => request.image)
  const status = async (): Promise<ContainerStatus | undefined> =>
    (await cluster.pod('web')).status?.containerStatuses?.[0]
  const untilRuns = (image: string): Promise<ContainerStatus> =>
    cluster.until(async () => {
      const found = await status()
      return found?.image === image && found.state?.running !== undefined ? found : undefined
    })

  test('ends the old one and starts the new one', async () => {
    await run()
    await setImage()
    const now = await untilRuns(NEW_IMAGE)
    expect(images()).toEqual([OK_IMAGE, NEW_IMAGE])
    expect(now).toMatchObject({restartCount: 1, ready: true, imageID: `${NEW_IMAGE}@sha256:1`})
    expect(now.lastState?.terminated?.exitCode).toBe(143)
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    expect(items.find(({reason}) => reason === 'Killing')).toMatchObject({
      type: 'Normal',
      message: 'Container main definition changed, will be restarted',
    })
  })

  test.each(['Never', 'OnFailure'] as const)(
    'is started whatever the restart policy %s says',
    async (restartPolicy) => {
      await run({restartPolicy})
      await setImage()
      await untilRuns(NEW_IMAGE)
      expect((await cluster.pod('web')).status?.phase).toBe('Running')
    },
  )

  test('lets the old one drain: its preStop hook, then its grace period', async () => {
    const asked: string[] = []
    runtime.script = {
      isStubborn: true,
      handle: (request) => {
        asked.push(new URL(request.url).pathname)
        return new Response('drained')
      },
    }
    const main: Container = {
      name: 'main',
      image: OK_IMAGE,
      ports: [{containerPort: 8080}],
      lifecycle: {preStop: {httpGet: {path: '/drain', port: 8080}}},
    }
    await run({containers: [main], terminationGracePeriodSeconds: 20})
    runtime.script = {}
    await setImage()
    await cluster.clock.advance(19_000)
    expect(asked).toEqual(['/drain'])
    expect(images()).toEqual([OK_IMAGE])
    await cluster.clock.advance(2000)
    expect((await untilRuns(NEW_IMAGE)).lastState?.terminated?.exitCode).toBe(137)
  })

  test('is got at once where the old one is not to be had', async () => {
    runtime.missing.add(OK_IMAGE)
    await cluster.client.create(PODS, pod('web'))
    await cluster.clock.advance(2000)
    expect((await status())?.state?.waiting?.reason).toBe('ImagePullBackOff')
    await setImage()
    expect((await untilRuns(NEW_IMAGE)).restartCount).toBe(0)
    expect(images()).toEqual([NEW_IMAGE])
  })

  test('does not wait for the next attempt of one that keeps crashing', async () => {
    runtime.script = {
      onStart: ({request, exit}) => (request.image === OK_IMAGE ? exit(1) : undefined),
    }
    await run()
    expect((await status())?.state?.waiting?.reason).toBe('CrashLoopBackOff')
    const before = images().length
    await setImage()
    await untilRuns(NEW_IMAGE)
    expect(images()).toHaveLength(before + 1)
  })

  test('changes nothing where it is the same', async () => {
    await run()
    await cluster.client.patch(PODS, KEY, {type: 'merge', body: {metadata: {labels: {a: 'b'}}}})
    await setImage(OK_IMAGE)
    await cluster.clock.advance(60_000)
    expect(images()).toEqual([OK_IMAGE])
  })

  test('does not start again a container of a pod that is going', async () => {
    runtime.script = {isStubborn: true}
    await run()
    await cluster.client.delete(PODS, KEY, {gracePeriodSeconds: 5})
    await setImage()
    await cluster.clock.advance(10_000)
    expect(await cluster.client.find(PODS, KEY)).toBeUndefined()
    expect(images()).toEqual([OK_IMAGE])
  })
})
