import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {EVENTS, PODS, SECRETS} from '../../../../../src/api/core/v1.ts'
import type {Resolution} from '../../../../../src/kubernetes/runtimes/runtime.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../../support/scripted-runtime.ts'

const KEY = {namespace: 'default', name: 'web'}
const UNKNOWN_IMAGE = 'nothing.example/runs:this'

class MountingRuntime extends ScriptedRuntime {
  readonly volumes = 'mounted'

  override resolve(image = OK_IMAGE): Resolution {
    return image === UNKNOWN_IMAGE ? {runnable: false, reason: 'unknown'} : {runnable: true}
  }
}

test('volumes are made before an image is looked for, also one that nothing can run', async () => {
  const runtime = new MountingRuntime()
  const cluster = await new NodeCluster({runtimes: [runtime]}).start()
  /** Files are written in real time, whatever the cluster's clock says. */
  const eventually = <T>(probe: () => T | undefined | Promise<T | undefined>): Promise<T> =>
    cluster.until(probe, 1_000_000)
  const waitingFor = async (): Promise<string | undefined> =>
    (await cluster.pod('web')).status?.containerStatuses?.[0]?.state?.waiting?.reason
  const reasons = async (): Promise<string[]> => {
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    return items.map(({reason = ''}) => reason)
  }
  try {
    const volumeMounts = [{name: 'v', mountPath: '/v'}]
    await cluster.client.create(
      PODS,
      pod('web', {
        volumes: [{name: 'v', secret: {secretName: 'late'}}],
        containers: [{name: 'main', image: UNKNOWN_IMAGE, volumeMounts}],
      }),
    )
    await eventually(async () => ((await reasons()).includes('FailedMount') ? true : undefined))
    await cluster.clock.advance(1000)
    expect(await waitingFor()).toBe('ContainerCreating')
    expect(await reasons()).not.toContain('Failed')

    await cluster.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {namespace: 'default', name: 'late'},
      data: {key: ''},
    })
    await eventually(async () => ((await waitingFor()) === 'ErrImagePull' ? true : undefined))

    await cluster.client.patch(PODS, KEY, {
      type: 'strategic',
      body: {spec: {containers: [{name: 'main', image: OK_IMAGE}]}},
    })
    const {source} = await eventually(() =>
      runtime.started[0]?.request.volumes?.mounts.find(({mountPath}) => mountPath === '/v'),
    )
    expect(existsSync(join(source, 'key'))).toBe(true)
  } finally {
    await cluster.stop()
  }
})
