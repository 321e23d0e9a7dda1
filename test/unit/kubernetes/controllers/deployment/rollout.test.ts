import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS, REPLICA_SETS, type ReplicaSet} from '../../../../../src/api/apps/v1.ts'
import {EVENTS, type Event} from '../../../../../src/api/core/v1.ts'
import {deployment, NodeCluster, OK_IMAGE, pod} from '../../../../support/node-cluster.ts'
import {HandlerRuntime} from '../../../../../src/kubernetes/runtimes/handler/handler-runtime.ts'

const KEY = {namespace: 'default', name: 'web'}
const BROKEN = 'example.com/broken:v1'

describe('a Deployment', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    const ok = (): Response => new Response('ok')
    cluster = await new NodeCluster({
      runtimes: [new HandlerRuntime({[OK_IMAGE]: ok, 'example.com/ok:v2': ok})],
    }).start()
  })
  afterEach(() => cluster.stop())

  async function replicaSets(): Promise<ReplicaSet[]> {
    const {items} = await cluster.client.list(REPLICA_SETS, {namespace: 'default'})
    return items
  }
  async function untilComplete(generation: number, replicas: number): Promise<void> {
    await cluster.until(async () => {
      const {status} = await cluster.client.get(DEPLOYMENTS, KEY)
      return status?.observedGeneration === generation &&
        (status.availableReplicas ?? 0) === replicas &&
        (status.updatedReplicas ?? 0) === replicas &&
        (status.replicas ?? 0) === replicas
        ? true
        : undefined
    })
  }
  async function setImage(image: string): Promise<void> {
    await cluster.client.patch(DEPLOYMENTS, KEY, {
      type: 'strategic',
      body: {spec: {template: {spec: {containers: [{name: 'main', image}]}}}},
    })
  }
  async function events(kind: string): Promise<Event[]> {
    const {items} = await cluster.client.list(EVENTS, {namespace: 'default'})
    return items.filter(({involvedObject}) => involvedObject.kind === kind)
  }

  test('becomes available and says so in the words of the genuine controller', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web', {replicas: 2}))
    await untilComplete(1, 2)
    const {status, metadata} = await cluster.client.get(DEPLOYMENTS, KEY)
    const [replicaSet] = await replicaSets()
    expect(metadata.annotations).toEqual({'deployment.kubernetes.io/revision': '1'})
    expect(status).toMatchObject({observedGeneration: 1, replicas: 2, readyReplicas: 2})
    expect(status?.conditions?.map(({type, reason, message}) => [type, reason, message])).toEqual([
      ['Available', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'],
      [
        'Progressing',
        'NewReplicaSetAvailable',
        `ReplicaSet "${replicaSet?.metadata.name}" has successfully progressed.`,
      ],
    ])
    const [event] = await cluster.until(async () => {
      const found = await events('Deployment')
      return found.length > 0 ? found : undefined
    })
    expect(event).toMatchObject({
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${replicaSet?.metadata.name} from 0 to 2`,
      source: {component: 'deployment-controller'},
    })
  })

  test('names its ReplicaSet by the template and labels everything with it', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web'))
    await untilComplete(1, 1)
    const [replicaSet] = await replicaSets()
    const hash = replicaSet?.metadata.labels?.['pod-template-hash'] ?? ''
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
    expect(replicaSet?.metadata.name).toBe(`web-${hash}`)
    expect(replicaSet?.spec.selector.matchLabels).toEqual({app: 'web', 'pod-template-hash': hash})
    expect(replicaSet?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/desired-replicas': '1',
      'deployment.kubernetes.io/max-replicas': '2',
      'deployment.kubernetes.io/revision': '1',
    })
    const [only] = await cluster.pods()
    expect(only?.metadata.name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`))
    expect(only?.metadata.labels).toEqual({app: 'web', 'pod-template-hash': hash})
  })

  test('moves all pods to a new template and keeps the old ReplicaSet for going back', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web', {replicas: 3}))
    await untilComplete(1, 3)
    await setImage('example.com/ok:v2')
    await untilComplete(2, 3)
    const sets = await replicaSets()
    expect(new Set(sets.map(({spec}) => spec.replicas))).toEqual(new Set([0, 3]))
    const images = (await cluster.pods())
      .filter(({metadata}) => metadata.deletionTimestamp === undefined)
      .map(({spec}) => spec.containers[0]?.image)
    expect(new Set(images)).toEqual(new Set(['example.com/ok:v2']))

    await setImage(OK_IMAGE)
    await untilComplete(3, 3)
    const back = (await replicaSets()).find(({spec}) => spec.replicas === 3)
    expect(back?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    })
    expect(await replicaSets()).toHaveLength(2)
  })

  test('keeps serving with the old pods while the new ones do not come up', async () => {
    await cluster.client.create(
      DEPLOYMENTS,
      deployment('web', {
        replicas: 2,
        strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 1, maxUnavailable: 0}},
      }),
    )
    await untilComplete(1, 2)
    await setImage(BROKEN)
    await cluster.until(async () => ((await cluster.pods()).length === 3 ? true : undefined))
    await cluster.clock.advance(60_000)
    const {status} = await cluster.client.get(DEPLOYMENTS, KEY)
    expect(status).toMatchObject({replicas: 3, updatedReplicas: 1, availableReplicas: 2})
  })

  test('gives up after the progress deadline', async () => {
    await cluster.client.create(
      DEPLOYMENTS,
      deployment('web', {
        progressDeadlineSeconds: 20,
        template: {
          metadata: {labels: {app: 'web'}},
          spec: {containers: [{name: 'main', image: BROKEN}]},
        },
      }),
    )
    await cluster.clock.advance(15_000)
    const progressing = async (): Promise<unknown> =>
      (await cluster.client.get(DEPLOYMENTS, KEY)).status?.conditions?.find(
        ({type}) => type === 'Progressing',
      )
    expect(await progressing()).toMatchObject({status: 'True', reason: 'ReplicaSetUpdated'})
    await cluster.clock.advance(10_000)
    const [replicaSet] = await replicaSets()
    expect(await progressing()).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${replicaSet?.metadata.name}" has timed out progressing.`,
    })
  })

  test('ends all old pods before it starts new ones when told to recreate', async () => {
    await cluster.client.create(
      DEPLOYMENTS,
      deployment('web', {replicas: 2, strategy: {type: 'Recreate'}}),
    )
    await untilComplete(1, 2)
    let most = 0
    await setImage('example.com/ok:v2')
    await cluster.until(async () => {
      const pods = await cluster.pods()
      const images = new Set(pods.map(({spec}) => spec.containers[0]?.image))
      most = Math.max(most, images.size)
      const {status} = await cluster.client.get(DEPLOYMENTS, KEY)
      return status?.observedGeneration === 2 && status.updatedReplicas === 2 ? true : undefined
    })
    expect(most).toBe(1)
  })

  test('changes nothing but its size while it is paused', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web'))
    await untilComplete(1, 1)
    await cluster.client.patch(DEPLOYMENTS, KEY, {
      type: 'merge',
      body: {
        spec: {
          paused: true,
          replicas: 2,
          template: {spec: {containers: [{name: 'main', image: 'example.com/ok:v2'}]}},
        },
      },
    })
    await cluster.until(async () => {
      const {status} = await cluster.client.get(DEPLOYMENTS, KEY)
      return status?.observedGeneration === 2 && status.readyReplicas === 2 ? true : undefined
    })
    expect(await replicaSets()).toHaveLength(1)
    const paused = await cluster.client.get(DEPLOYMENTS, KEY)
    expect(paused.status?.conditions?.find(({type}) => type === 'Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    })
    await cluster.client.patch(DEPLOYMENTS, KEY, {type: 'merge', body: {spec: {paused: false}}})
    await untilComplete(3, 2)
    expect(await replicaSets()).toHaveLength(2)
  })

  test('takes another name when its own is taken', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('probe'))
    const name = await cluster.until(
      async () =>
        (await replicaSets()).find(({metadata}) => metadata.name.startsWith('probe-'))?.metadata
          .name,
    )
    const taken = name.replace('probe-', 'web-')
    const foreign = pod('foreign')
    const labels = {app: 'probe'}
    await cluster.client.create(REPLICA_SETS, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {name: taken, namespace: 'default'},
      spec: {
        replicas: 0,
        selector: {matchLabels: {app: 'foreign'}},
        template: {metadata: {labels: {app: 'foreign'}}, spec: foreign.spec},
      },
    })
    // The same template as the probe's gives the same hash, and so the name that is taken.
    const subject = deployment('web', {
      selector: {matchLabels: labels},
      template: {metadata: {labels}, spec: pod('probe').spec},
    })
    await cluster.client.create(DEPLOYMENTS, subject)
    await cluster.clock.advance(1000)
    await untilComplete(1, 1)
    const {status} = await cluster.client.get(DEPLOYMENTS, KEY)
    expect(status?.collisionCount).toBe(1)
    cluster.errors.splice(0)
  })

  test('forgets ReplicaSets beyond its history', async () => {
    await cluster.client.create(DEPLOYMENTS, deployment('web', {revisionHistoryLimit: 1}))
    await untilComplete(1, 1)
    for (const [index, tag] of ['v2', 'v1', 'v2'].entries()) {
      await setImage(`example.com/ok:${tag}`)
      await cluster.client.patch(DEPLOYMENTS, KEY, {
        type: 'merge',
        body: {spec: {template: {metadata: {annotations: {round: String(index)}}}}},
      })
      const {metadata} = await cluster.client.get(DEPLOYMENTS, KEY)
      await untilComplete(metadata.generation ?? 0, 1)
    }
    const kept = await cluster.until(async () => {
      const sets = await replicaSets()
      return sets.length <= 2 ? sets : undefined
    })
    expect(kept.map(({spec}) => spec.replicas)).toContain(1)
  })
})
