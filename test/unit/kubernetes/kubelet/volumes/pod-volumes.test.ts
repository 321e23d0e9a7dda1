import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  CONFIG_MAPS,
  type Container,
  EVENTS,
  type Pod,
  PODS,
  SECRETS,
} from '../../../../../src/api/core/v1.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../../support/scripted-runtime.ts'

const KEY = {namespace: 'default', name: 'web'}

class MountingRuntime extends ScriptedRuntime {
  readonly volumes = 'mounted'
}

describe('the volumes of a pod', () => {
  let runtime: MountingRuntime
  let cluster: NodeCluster
  beforeEach(async () => {
    runtime = new MountingRuntime()
    cluster = await new NodeCluster({runtimes: [runtime]}).start()
  })
  afterEach(() => cluster.stop())

  /** Files are written in real time, whatever the cluster's clock says. */
  const eventually = <T>(probe: () => T | undefined | Promise<T | undefined>): Promise<T> =>
    cluster.until(probe, 1_000_000)

  /** Creates the pod `web`, whose only volume is mounted at /v. */
  async function create(
    volume: Record<string, unknown>,
    mount: {subPath?: string; subPathExpr?: string; readOnly?: boolean} = {},
    spec: Partial<Pod['spec']> = {},
  ): Promise<void> {
    await cluster.client.create(
      PODS,
      pod('web', {
        volumes: [{name: 'v', ...volume}],
        containers: [
          {name: 'main', image: OK_IMAGE, volumeMounts: [{name: 'v', mountPath: '/v', ...mount}]},
        ],
        ...spec,
      }),
    )
  }
  const mounted = (path = '/v', index = 0): Promise<string> =>
    eventually(
      () =>
        runtime.started[index]?.request.volumes?.mounts.find(({mountPath}) => mountPath === path)
          ?.source,
    )
  const read = (directory: string, name: string): string =>
    readFileSync(join(directory, name), 'utf8')
  async function configMap(name: string, data: Record<string, string>): Promise<void> {
    await cluster.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {namespace: 'default', name},
      data,
    })
  }
  const failures = async (): Promise<string[]> => {
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    return items.flatMap(({reason, message}) =>
      reason === 'FailedMount' && message !== undefined ? [message] : [],
    )
  }

  test('show every key of a ConfigMap as a file', async () => {
    await configMap('app', {'app.yaml': 'a: 1', log: 'debug'})
    await create({configMap: {name: 'app'}})
    const directory = await mounted()
    expect(read(directory, 'app.yaml')).toBe('a: 1')
    expect(read(directory, 'log')).toBe('debug')
    expect(statSync(join(directory, 'log')).mode & 0o777).toBe(0o644)
  })

  test('show the wanted items under their paths, with their modes', async () => {
    await configMap('app', {one: '1', two: '2'})
    const items = [{key: 'one', path: 'deep/first', mode: 0o400}]
    await create({configMap: {name: 'app', items, defaultMode: 0o440}})
    const directory = await mounted()
    expect(read(directory, 'deep/first')).toBe('1')
    expect(statSync(join(directory, 'deep/first')).mode & 0o777).toBe(0o400)
    expect(existsSync(join(directory, 'two'))).toBe(false)
  })

  test('show the bytes of a Secret', async () => {
    await cluster.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {namespace: 'default', name: 'key'},
      data: {blob: Buffer.from([0, 255, 128]).toString('base64')},
    })
    await create({secret: {secretName: 'key', defaultMode: 0o400}})
    const file = join(await mounted(), 'blob')
    expect([...readFileSync(file)]).toEqual([0, 255, 128])
    expect(statSync(file).mode & 0o777).toBe(0o400)
  })

  test('show fields and resources of the pod', async () => {
    await create({
      downwardAPI: {
        items: [
          {path: 'labels', fieldRef: {fieldPath: 'metadata.labels'}},
          {
            path: 'cpu',
            resourceFieldRef: {containerName: 'main', resource: 'limits.cpu', divisor: '1m'},
          },
        ],
      },
    })
    const directory = await mounted()
    expect(read(directory, 'labels')).toBe('app="web"')
    expect(read(directory, 'cpu')).toBe('0')
  })

  test('bring several sources together in a projected one, with a token', async () => {
    await configMap('app', {one: '1'})
    await create({
      projected: {
        sources: [
          {configMap: {name: 'app'}},
          {secret: {name: 'missing', optional: true}},
          {serviceAccountToken: {path: 'token', audience: 'vault'}},
          {downwardAPI: {items: [{path: 'ns', fieldRef: {fieldPath: 'metadata.namespace'}}]}},
        ],
      },
    })
    const directory = await mounted()
    expect([read(directory, 'one'), read(directory, 'ns')]).toEqual(['1', 'default'])
    expect(read(directory, 'token')).toMatch(/^\S{20,}$/)
  })

  test('include what the cluster itself gives: token, authority and namespace', async () => {
    await create({emptyDir: {}})
    const directory = await mounted('/var/run/secrets/kubernetes.io/serviceaccount')
    expect(read(directory, 'namespace')).toBe('default')
    expect(read(directory, 'ca.crt')).toBe('PEM')
    expect(read(directory, 'token')).not.toBe('')
  })

  test('are shared by the containers of the pod and gone with it', async () => {
    const main = {name: 'main', image: OK_IMAGE, volumeMounts: [{name: 'v', mountPath: '/v'}]}
    const side = {name: 'side', image: OK_IMAGE, volumeMounts: [{name: 'v', mountPath: '/w'}]}
    await create({emptyDir: {}}, {}, {containers: [main, side]})
    const directory = await mounted('/v', 0)
    expect(await mounted('/w', 1)).toBe(directory)
    expect(statSync(directory).mode & 0o777).toBe(0o777)
    await cluster.client.delete(PODS, KEY)
    await eventually(() => (existsSync(directory) ? undefined : true))
  })

  test('are mounted in part where a subPath names one', async () => {
    await configMap('app', {one: '1'})
    await create({configMap: {name: 'app'}}, {subPath: 'one', readOnly: true})
    expect(readFileSync(await mounted(), 'utf8')).toBe('1')
    expect(runtime.started[0]?.request.volumes?.mounts[0]?.readOnly).toBe(true)
  })

  test('get the directory that a subPath names where there is none', async () => {
    const container = {
      name: 'main',
      image: OK_IMAGE,
      env: [{name: 'POD', valueFrom: {fieldRef: {fieldPath: 'metadata.name'}}}],
      volumeMounts: [{name: 'v', mountPath: '/v', subPathExpr: 'logs/$(POD)'}],
    }
    await create({emptyDir: {}}, {}, {containers: [container]})
    const directory = await mounted()
    expect(directory).toMatch(/\/logs\/web$/)
    expect(statSync(directory).isDirectory()).toBe(true)
  })

  test('do not let a subPath lead out of them, not even through a link', async () => {
    const main: Container = {name: 'main', image: OK_IMAGE}
    const volumeMounts = [{name: 'v', mountPath: '/v'}]
    const linked = [{name: 'v', mountPath: '/w', subPath: 'out/made'}]
    const outside = mkdtempSync(join(tmpdir(), 'kntool-outside-'))
    try {
      runtime.script = {
        onStart: ({request}) => {
          const source = request.volumes?.mounts[0]?.source
          if (request.container.name === 'first' && source !== undefined) {
            symlinkSync(outside, join(source, 'out'))
          }
        },
      }
      const containers = [
        {...main, name: 'first', volumeMounts},
        {...main, name: 'second', volumeMounts: linked},
      ]
      await create({emptyDir: {}}, {}, {containers})
      const message = await eventually(async () => {
        const statuses = (await cluster.pod('web')).status?.containerStatuses
        return statuses?.find(({name}) => name === 'second')?.state?.waiting?.message
      })
      expect(message).toBe('failed to prepare subPath for volumeMount "v" of container "second"')
      expect(readdirSync(outside)).toEqual([])
    } finally {
      rmSync(outside, {recursive: true})
    }
  })

  test('follow a change of their ConfigMap, all files at once, and not within a subPath', async () => {
    await configMap('app', {one: 'old', two: 'old'})
    await create({configMap: {name: 'app'}})
    const directory = await mounted()
    await cluster.client.patch(
      CONFIG_MAPS,
      {namespace: 'default', name: 'app'},
      {
        type: 'merge',
        body: {data: {one: 'new', two: null, three: 'new'}},
      },
    )
    await eventually(() => (existsSync(join(directory, 'three')) ? true : undefined))
    expect([read(directory, 'one'), read(directory, 'three')]).toEqual(['new', 'new'])
    await eventually(() => (existsSync(join(directory, 'two')) ? undefined : true))
  })

  test('follow the labels of the pod', async () => {
    const items = [{path: 'labels', fieldRef: {fieldPath: 'metadata.labels'}}]
    await create({downwardAPI: {items}})
    const directory = await mounted()
    await cluster.client.patch(PODS, KEY, {type: 'merge', body: {metadata: {labels: {tier: 'x'}}}})
    const labels = await eventually(() => {
      const text = read(directory, 'labels')
      return text === 'app="web"' ? undefined : text
    })
    expect(labels).toBe('app="web"\ntier="x"')
  })

  test('are waited for, with an event that says what is missing', async () => {
    await create({configMap: {name: 'late'}})
    const messages = await eventually(async () => {
      const found = await failures()
      return found.length > 0 ? found : undefined
    })
    expect(messages).toEqual([
      'MountVolume.SetUp failed for volume "v" : configmap "late" not found',
    ])
    expect(runtime.started).toEqual([])
    await cluster.clock.advance(1000)
    const {status} = await cluster.pod('web')
    expect(status?.phase).toBe('Pending')
    expect(status?.containerStatuses?.[0]?.state).toEqual({waiting: {reason: 'ContainerCreating'}})
    await configMap('late', {one: '1'})
    expect(read(await mounted(), 'one')).toBe('1')
  })

  test('name the key that is missing', async () => {
    await configMap('app', {one: '1'})
    await create({configMap: {name: 'app', items: [{key: 'two', path: 'two'}]}})
    const [message] = await eventually(async () => {
      const found = await failures()
      return found.length > 0 ? found : undefined
    })
    expect(message).toBe(
      'MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: two',
    )
  })

  test('may be empty where they are optional', async () => {
    await create({secret: {secretName: 'missing', optional: true}})
    expect(existsSync(await mounted())).toBe(true)
    expect(await failures()).toEqual([])
  })

  test('of a kind that this node has not are named', async () => {
    await create({persistentVolumeClaim: {claimName: 'data'}})
    const [message] = await eventually(async () => {
      const found = await failures()
      return found.length > 0 ? found : undefined
    })
    expect(message).toContain('volumes of kind persistentVolumeClaim are not available')
  })

  test('lead to a directory of this machine', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kntool-host-path-'))
    try {
      writeFileSync(join(directory, 'here'), 'yes')
      await create({hostPath: {path: directory, type: 'Directory'}})
      expect(await mounted()).toBe(directory)
      await cluster.client.delete(PODS, KEY, {gracePeriodSeconds: 0})
      await eventually(async () => ((await cluster.client.find(PODS, KEY)) ? undefined : true))
      expect(read(directory, 'here')).toBe('yes')
    } finally {
      rmSync(directory, {recursive: true})
    }
  })

  test('do not keep a pod that waits for them from being deleted', async () => {
    await create({configMap: {name: 'never'}})
    await eventually(async () => ((await failures()).length > 0 ? true : undefined))
    await cluster.client.delete(PODS, KEY)
    const isGone = await eventually(async () =>
      (await cluster.client.find(PODS, KEY)) ? undefined : true,
    )
    expect(isGone).toBe(true)
  })
})

describe('a pod of functions', () => {
  test('sees no files, but waits for what its volumes refer to', async () => {
    const cluster = await new NodeCluster().start()
    try {
      await cluster.client.create(
        PODS,
        pod('web', {
          volumes: [{name: 'v', secret: {secretName: 'late'}}],
          containers: [
            {name: 'main', image: OK_IMAGE, volumeMounts: [{name: 'v', mountPath: '/v'}]},
          ],
        }),
      )
      const message = await cluster.until(async () => {
        const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
        return items.find(({reason}) => reason === 'FailedMount')?.message
      })
      expect(message).toBe('MountVolume.SetUp failed for volume "v" : secret "late" not found')
      await cluster.client.create(SECRETS, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {namespace: 'default', name: 'late'},
      })
      await cluster.until(async () =>
        (await cluster.pod('web')).status?.phase === 'Running' ? true : undefined,
      )
    } finally {
      await cluster.stop()
    }
  })
})

describe('a container that is a part of this program', () => {
  test('waits for no volume that only it mounts', async () => {
    const part = new ScriptedRuntime()
    const cluster = await new NodeCluster({runtimes: [part]}).start()
    try {
      const volumeMounts = [{name: 'certs', mountPath: '/certs'}]
      await cluster.client.create(
        PODS,
        pod('web', {
          volumes: [{name: 'certs', secret: {secretName: 'nobody-makes-it'}}],
          containers: [{name: 'main', image: OK_IMAGE, volumeMounts}],
        }),
      )
      const {request} = await cluster.until(() => part.started[0])
      expect(request.volumes).toBeUndefined()
    } finally {
      await cluster.stop()
    }
  })
})
