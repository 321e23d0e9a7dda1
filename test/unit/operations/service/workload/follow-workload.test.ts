import {describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../../src/api/apps/v1.ts'
import {POD_AUTOSCALERS} from '../../../../../src/api/autoscaling/v1alpha1.ts'
import {EVENTS} from '../../../../../src/api/core/v1.ts'
import type {KubeObject, UnknownObject} from '../../../../../src/api/meta/object.ts'
import {apiVersionOf, type ResourceType} from '../../../../../src/api/meta/resource-type.ts'
import {REVISIONS} from '../../../../../src/api/serving/v1.ts'
import {Client} from '../../../../../src/client/client.ts'
import {
  type TroubleReport,
  WorkloadFollower,
} from '../../../../../src/operations/service/workload/follow-workload.ts'
import {FakeClock} from '../../../../../src/util/fake-clock.ts'
import {TinyApi} from '../../../../support/tiny-api.ts'

const INVALID = 'Deployment.apps "web-00001-deployment" is invalid: spec: Invalid value: "x"'

async function newFollower() {
  const client = new Client(new TinyApi())
  const clock = new FakeClock()
  const stop = new AbortController()
  const told: TroubleReport[] = []
  const put = <T extends KubeObject>(type: ResourceType<T>, name: string, rest: object = {}) =>
    client.create(type as ResourceType as ResourceType<UnknownObject>, {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: {name, namespace: 'default', labels: {'serving.knative.dev/service': 'web'}},
      ...rest,
    })
  const follower = new WorkloadFollower(
    {client, clock},
    {
      namespace: 'default',
      name: 'web',
      windowMs: 2_000,
      onTrouble: (report) => told.push(report),
      signal: stop.signal,
    },
  )
  follower.expect('web-00001')
  // The watches begin a second later, and this server tells them only of what comes then.
  await clock.advance(1_000)
  const revision = await put(REVISIONS, 'web-00001')
  await put(EVENTS, 'web-00001.1', {
    involvedObject: {kind: 'Revision', name: 'web-00001', uid: revision.metadata.uid},
    reason: 'InternalError',
    message: INVALID,
    metadata: {
      name: 'web-00001.1',
      namespace: 'default',
      labels: {'serving.knative.dev/service': 'web'},
    },
  })
  return {clock, put, follower, told, stop}
}

describe('WorkloadFollower', () => {
  test('tells of a child that was refused when the refusal has lasted for the window', async () => {
    const {clock, told, stop} = await newFollower()
    await clock.advance(1_900)
    expect(told).toEqual([])
    await clock.advance(200)
    expect(told).toMatchObject([{kind: 'refused', message: INVALID, fatal: true}])
    await clock.advance(60_000)
    expect(told).toHaveLength(1)
    stop.abort()
  })

  test('tells of no refusal that is over: what was refused is there by now', async () => {
    const {clock, put, follower, told, stop} = await newFollower()
    await put(DEPLOYMENTS, 'web-00001-deployment')
    await put(POD_AUTOSCALERS, 'web-00001')
    await clock.advance(60_000)
    expect(told).toEqual([])
    expect(await follower.report()).toBeUndefined()
    stop.abort()
  })
})
