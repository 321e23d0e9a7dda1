import {expect, test} from 'vitest'
import {Api} from '../../../conformance/kubernetes-api/api-under-test.ts'
import {listOf, namesOf} from '../../../conformance/kubernetes-api/collections.ts'
import {freshServer, TESTER} from '../../../conformance/kubernetes-api/fresh-server.ts'

const CORE_EVENTS = '/api/v1/namespaces/default/events'
const EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events'

async function open(): Promise<Api> {
  const {server, clock, storage} = await freshServer()
  const close = (): Promise<void> => Promise.resolve()
  return new Api({transport: server.transport(TESTER), clock, storage, close})
}

test('an Event has one face in each of its groups', async () => {
  const api = await open()
  const regarding = {kind: 'Pod', name: 'p', namespace: 'default'}
  const made = await api.post(EVENTS, {
    metadata: {name: 'e'},
    eventTime: '2024-04-22T00:00:00.000000Z',
    regarding,
    note: 'it happened',
    reason: 'Happened',
    type: 'Normal',
    action: 'Happening',
    reportingController: 'example.com/c',
    reportingInstance: 'c-1',
  })
  expect(made).toMatchObject({status: 201, value: {note: 'it happened', regarding}})
  const core = await api.get(`${CORE_EVENTS}/e`)
  expect(core.value).toMatchObject({
    apiVersion: 'v1',
    involvedObject: regarding,
    message: 'it happened',
    reportingComponent: 'example.com/c',
  })
  expect(core.value).not.toHaveProperty('note')
})

test('an HorizontalPodAutoscaler of version 1 aims at CPU', async () => {
  const api = await open()
  const path = 'namespaces/default/horizontalpodautoscalers'
  const made = await api.post(`/apis/autoscaling/v1/${path}`, {
    metadata: {name: 'h'},
    spec: {
      maxReplicas: 3,
      scaleTargetRef: {kind: 'Deployment', name: 'd'},
      targetCPUUtilizationPercentage: 50,
    },
  })
  expect(made.value).toMatchObject({spec: {targetCPUUtilizationPercentage: 50}})
  expect((await api.get(`/apis/autoscaling/v2/${path}/h`)).value).toMatchObject({
    spec: {metrics: [{resource: {name: 'cpu', target: {averageUtilization: 50}}}]},
  })
})

test('an HorizontalPodAutoscaler of version 1 shows of metrics the CPU', async () => {
  const api = await open()
  const path = 'namespaces/default/horizontalpodautoscalers'
  const share = (name: string, averageUtilization: number): object => ({
    type: 'Resource',
    resource: {name, target: {type: 'Utilization', averageUtilization}},
  })
  const scaleTargetRef = {kind: 'Deployment', name: 'd'}
  await api.post(`/apis/autoscaling/v2/${path}`, {
    metadata: {name: 'h'},
    spec: {maxReplicas: 3, scaleTargetRef, metrics: [share('memory', 70), share('cpu', 60)]},
  })
  expect((await api.get(`/apis/autoscaling/v1/${path}/h`)).value).toMatchObject({
    spec: {maxReplicas: 3, scaleTargetRef, targetCPUUtilizationPercentage: 60},
  })
})

test('Events are forgotten an hour after their last write', async () => {
  const api = await open()
  const event = (name: string): Promise<unknown> =>
    api.post(CORE_EVENTS, {metadata: {name}, involvedObject: {kind: 'Pod', name: 'p'}})
  await event('a')
  await event('b')
  await api.under.clock.advance(40 * 60_000)
  await api.patch(`${CORE_EVENTS}/a`, 'merge-patch', {count: 2})
  await api.under.clock.advance(30 * 60_000)
  await event('c')
  expect(namesOf(listOf(await api.get(CORE_EVENTS)))).toEqual(['a', 'c'])
})
