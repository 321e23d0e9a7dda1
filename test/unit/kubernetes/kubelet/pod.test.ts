import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  CONFIG_MAPS,
  type Container,
  type ContainerStatus,
  EVENTS,
  type Event,
  type Pod,
  PODS,
} from '../../../../src/api/core/v1.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../support/scripted-runtime.ts'

const MAIN: Container = {name: 'main', image: OK_IMAGE, ports: [{containerPort: 8080}]}

describe('a pod', () => {
  let runtime: ScriptedRuntime
  let cluster: NodeCluster
  beforeEach(async () => {
    runtime = new ScriptedRuntime({handle: () => new Response('ok')})
    cluster = await new NodeCluster({runtimes: [runtime]}).start()
  })
  afterEach(() => cluster.stop())

  function create(spec: Partial<Pod['spec']> = {}): Promise<Pod> {
    return cluster.client.create(PODS, pod('web', spec))
  }
  async function status(): Promise<ContainerStatus> {
    const found = (await cluster.pod('web')).status?.containerStatuses?.[0]
    if (found === undefined) throw new Error('the pod has no container status yet')
    return found
  }
  async function events(reason: string): Promise<Event[]> {
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    return items.filter((event) => event.reason === reason)
  }
  const untilRunning = (): Promise<boolean> =>
    cluster.until(async () =>
      (await cluster.pod('web')).status?.phase === 'Running' ? true : undefined,
    )
  const isReady = async (): Promise<string | undefined> =>
    (await cluster.pod('web')).status?.conditions?.find(({type}) => type === 'Ready')?.status

  test('runs and is ready with one write after its binding, without any time passing', async () => {
    await create()
    await untilRunning()
    expect(await isReady()).toBe('True')
    expect(cluster.statusWrites.get('web')).toBe(1)
  })

  test('tells what happened to it in the events of a genuine kubelet', async () => {
    await create()
    await untilRunning()
    const found = await cluster.until(async () => {
      const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
      return items.some(({reason}) => reason === 'Started') ? items : undefined
    })
    const own = found.filter(({source}) => source?.component === 'kubelet')
    expect(own.map(({type, reason, message}) => [type, reason, message])).toEqual([
      ['Normal', 'Pulled', `Container image "${OK_IMAGE}" already present on machine`],
      ['Normal', 'Created', 'Created container: main'],
      ['Normal', 'Started', 'Started container main'],
    ])
    expect(own.map(({involvedObject}) => involvedObject.fieldPath)).toEqual(
      own.map(() => 'spec.containers{main}'),
    )
    expect(own[0]?.source).toEqual({component: 'kubelet', host: 'kntool'})
  })

  test('answers on its own address in the cluster network', async () => {
    await create()
    await untilRunning()
    const ip = (await cluster.pod('web')).status?.podIP ?? ''
    expect(ip).toMatch(/^10\.244\.\d+\.\d+$/)
    expect(cluster.network.dial(ip, 8080)).toBeTypeOf('function')
    expect(cluster.network.dial(ip, 8081)).toBeUndefined()
    await cluster.client.delete(PODS, {namespace: 'default', name: 'web'}, {gracePeriodSeconds: 0})
    await cluster.until(() => (cluster.network.dial(ip, 8080) === undefined ? true : undefined))
  })

  test('waits for a readiness probe, which asks every 25 ms until the first success', async () => {
    let isUp = false
    runtime.script = {handle: () => new Response(null, {status: isUp ? 200 : 503})}
    await create({
      containers: [{...MAIN, readinessProbe: {httpGet: {path: '/health', port: 8080}}}],
    })
    await cluster.clock.advance(1000)
    expect(await isReady()).toBe('False')
    expect((await cluster.pod('web')).status?.phase).toBe('Running')
    isUp = true
    await cluster.clock.advance(25)
    await cluster.until(async () => ((await isReady()) === 'True' ? true : undefined))
    expect(cluster.statusWrites.get('web')).toBe(2)
  })

  test('loses its readiness after the failure threshold, and says why each probe failed', async () => {
    let code = 200
    runtime.script = {handle: () => new Response(null, {status: code})}
    await create({
      containers: [
        {
          ...MAIN,
          readinessProbe: {httpGet: {port: 8080}, periodSeconds: 5, failureThreshold: 2},
        },
      ],
    })
    await untilRunning()
    code = 500
    await cluster.clock.advance(6000)
    expect(await isReady()).toBe('True')
    await cluster.clock.advance(5000)
    await cluster.until(async () => ((await isReady()) === 'False' ? true : undefined))
    expect(await events('Unhealthy')).toMatchObject([
      {
        type: 'Warning',
        message: 'Readiness probe failed: HTTP probe failed with statuscode: 500',
        count: 2,
      },
    ])
  })

  test('is restarted when its liveness probe fails', async () => {
    let alive = true
    runtime.script = {
      exec: () => ({exitCode: alive ? 0 : 1, output: 'stuck'}),
      onStart: () => (alive = true),
    }
    await create({
      containers: [
        {
          ...MAIN,
          livenessProbe: {exec: {command: ['check']}, periodSeconds: 1, failureThreshold: 3},
        },
      ],
    })
    await cluster.clock.advance(5000)
    expect((await status()).restartCount).toBe(0)
    alive = false
    await cluster.clock.advance(4000)
    expect((await status()).restartCount).toBe(1)
    expect(await events('Killing')).toMatchObject([
      {message: 'Container main failed liveness probe, will be restarted'},
    ])
    expect(await events('Unhealthy')).toMatchObject([
      {message: 'Liveness probe failed: stuck', count: 3},
    ])
  })

  test('is not asked anything else before its startup probe succeeded', async () => {
    const asked: string[] = []
    let isStarted = false
    runtime.script = {
      exec: ([name = '']) => {
        asked.push(name)
        return {exitCode: name === 'startup' && !isStarted ? 1 : 0, output: ''}
      },
    }
    const probe = (name: string): NonNullable<Container['livenessProbe']> => ({
      exec: {command: [name]},
      periodSeconds: 1,
      failureThreshold: 30,
    })
    await create({
      containers: [
        {
          ...MAIN,
          startupProbe: probe('startup'),
          readinessProbe: probe('readiness'),
          livenessProbe: probe('liveness'),
        },
      ],
    })
    await cluster.clock.advance(2000)
    expect(new Set(asked)).toEqual(new Set(['startup']))
    expect(await status()).toMatchObject({started: false, ready: false})
    isStarted = true
    await cluster.clock.advance(2000)
    expect(await status()).toMatchObject({started: true, ready: true})
    expect(new Set(asked)).toEqual(new Set(['startup', 'readiness', 'liveness']))
  })

  test('that keeps crashing is started again at once, then after 10 s, 20 s, 40 s', async () => {
    const startedMs: number[] = []
    const beginMs = cluster.clock.now()
    runtime.script = {
      onStart: ({exit, request}) => {
        startedMs.push(cluster.clock.now() - beginMs)
        request.log('stderr', 'panic: boom\n')
        exit(1)
      },
    }
    const made = await create({
      containers: [{...MAIN, terminationMessagePolicy: 'FallbackToLogsOnError'}],
    })
    await cluster.clock.advance(5000)
    expect(await status()).toMatchObject({
      restartCount: 1,
      ready: false,
      started: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=main pod=web_default(${made.metadata.uid})`,
        },
      },
      lastState: {terminated: {exitCode: 1, reason: 'Error', message: 'panic: boom\n'}},
    })
    expect((await cluster.pod('web')).status?.phase).toBe('Running')
    await cluster.clock.advance(75_000)
    expect(startedMs.map((ms) => Math.round(ms / 1000))).toEqual([0, 0, 10, 30, 70])
    expect(await events('BackOff')).toMatchObject([
      {
        type: 'Warning',
        message: `Back-off restarting failed container main in pod web_default(${made.metadata.uid})`,
      },
    ])
  })

  test('waits for its image with a growing back-off and then runs', async () => {
    runtime.missing.add(OK_IMAGE)
    await create()
    await cluster.clock.advance(500)
    expect((await status()).state?.waiting).toEqual({
      reason: 'ErrImagePull',
      message: `${OK_IMAGE}: not found`,
    })
    await cluster.clock.advance(1000)
    expect((await status()).state?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "${OK_IMAGE}": ErrImagePull: ${OK_IMAGE}: not found`,
    })
    expect((await cluster.pod('web')).status?.phase).toBe('Pending')
    expect((await events('Failed')).map(({message}) => message)).toEqual([
      `Failed to pull image "${OK_IMAGE}": ${OK_IMAGE}: not found`,
      'Error: ErrImagePull',
      'Error: ImagePullBackOff',
    ])
    runtime.missing.clear()
    await cluster.clock.advance(10_000)
    expect((await cluster.pod('web')).status?.phase).toBe('Running')
  })

  test('says which command could not be started', async () => {
    runtime.script = {startError: 'exec: "nosuch": executable file not found in $PATH'}
    await create()
    await cluster.clock.advance(1000)
    expect(await status()).toMatchObject({
      state: {waiting: {reason: 'CrashLoopBackOff'}},
      lastState: {
        terminated: {
          exitCode: 128,
          reason: 'StartError',
          message: 'exec: "nosuch": executable file not found in $PATH',
        },
      },
    })
  })

  test('waits for a ConfigMap its environment needs', async () => {
    await create({
      containers: [
        {
          ...MAIN,
          env: [{name: 'COLOR', valueFrom: {configMapKeyRef: {name: 'colors', key: 'main'}}}],
        },
      ],
    })
    await cluster.clock.advance(1000)
    expect((await status()).state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "colors" not found',
    })
    await cluster.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'colors', namespace: 'default'},
      data: {main: 'blue'},
    })
    await cluster.clock.advance(5000)
    expect(runtime.started[0]?.request.env).toMatchObject({COLOR: 'blue'})
  })

  test('runs its init containers one after another before the others', async () => {
    const order: string[] = []
    runtime.script = {
      onStart: ({request, exit}) => {
        order.push(request.container.name ?? '')
        if (request.container.name !== 'main') exit(0)
      },
    }
    await create({
      initContainers: [
        {name: 'first', image: OK_IMAGE},
        {name: 'second', image: OK_IMAGE},
      ],
    })
    await untilRunning()
    expect(order).toEqual(['first', 'second', 'main'])
    const {status: after} = await cluster.pod('web')
    expect(after?.initContainerStatuses?.map(({state}) => state?.terminated?.reason)).toEqual([
      'Completed',
      'Completed',
    ])
  })

  test('fails when an init container fails that must not be restarted', async () => {
    runtime.script = {onStart: ({exit}) => exit(2)}
    await create({initContainers: [{name: 'first', image: OK_IMAGE}], restartPolicy: 'Never'})
    await cluster.clock.advance(1000)
    const {status: after} = await cluster.pod('web')
    expect(after?.phase).toBe('Failed')
    expect(after?.conditions?.find(({type}) => type === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [first]',
    })
    expect(runtime.started).toHaveLength(1)
  })

  test.each([
    ['Never', 0, 'Succeeded'],
    ['Never', 1, 'Failed'],
    ['OnFailure', 0, 'Succeeded'],
    ['OnFailure', 1, 'Running'],
    ['Always', 0, 'Running'],
  ] as const)('with restart policy %s and exit code %i is %s', async (policy, code, phase) => {
    runtime.script = {onStart: ({exit}) => exit(code)}
    await create({restartPolicy: policy})
    await cluster.clock.advance(1000)
    expect((await cluster.pod('web')).status?.phase).toBe(phase)
  })
})
