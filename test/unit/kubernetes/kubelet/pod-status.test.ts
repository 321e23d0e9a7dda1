import {describe, expect, test} from 'vitest'
import type {Pod} from '../../../../src/api/core/v1.ts'
import {type ContainerView, makePodStatus} from '../../../../src/kubernetes/kubelet/pod-status.ts'
import {goldenFolders, goldenObjects} from '../../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../../support/requirements.ts'

const pods = goldenFolders('pod').flatMap((folder) =>
  goldenObjects<Pod>(folder, 'pod')
    .filter(({status}) => status?.containerStatuses !== undefined)
    // There the stand-in node of the recording calls a ready container unready.
    .filter(() => !folder.includes('neverready-deadline20s'))
    .map((pod) => [`${folder}: ${pod.metadata.name}`, pod] as const),
)

describe('with the pods of a genuine cluster', needs(RECORDINGS), () => {
  test.each(pods)('a status made of its containers is the stored one: %s', (_title, pod) => {
    const {status} = pod
    const made = makePodStatus(
      {
        pod,
        initContainers: [],
        containers: pod.spec.containers.map((container) => viewOf(pod, container.name ?? '')),
        podIp: status?.podIP ?? '',
        hostIp: status?.hostIP ?? '',
        startTime: status?.startTime ?? '',
      },
      0,
    )
    expect(made).toEqual(status)
  })
})

describe('a pod with readiness gates', () => {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'web'},
    spec: {
      containers: [{name: 'main', image: 'a'}],
      readinessGates: [{conditionType: 'example.com/open'}],
    },
  }
  const running: ContainerView = {
    container: {name: 'main', image: 'a'},
    state: {running: {startedAt: '2024-01-01T00:00:00Z'}},
    lastState: {},
    ready: true,
    started: true,
    restartCount: 0,
    imageId: 'a@sha256:1',
    containerId: 'x://1',
  }
  const observe = (subject: Pod): unknown =>
    makePodStatus(
      {
        pod: subject,
        initContainers: [],
        containers: [running],
        podIp: '10.244.0.2',
        hostIp: '127.0.0.1',
        startTime: '2024-01-01T00:00:00Z',
      },
      0,
    ).conditions?.find(({type}) => type === 'Ready')

  test('is ready when they are open', () => {
    expect(observe(pod)).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.com/open" does not exist.',
    })
    const open = {
      ...pod,
      status: {conditions: [{type: 'example.com/open', status: 'True' as const}]},
    }
    expect(observe(open)).toMatchObject({status: 'True'})
  })

  test('keeps the conditions that others wrote', () => {
    const conditions = [{type: 'example.com/open', status: 'True' as const}]
    const status = makePodStatus(
      {
        pod: {...pod, status: {conditions}},
        initContainers: [],
        containers: [running],
        podIp: '10.244.0.2',
        hostIp: '127.0.0.1',
        startTime: '2024-01-01T00:00:00Z',
      },
      0,
    )
    expect(status.conditions?.map(({type}) => type)).toEqual([
      'PodScheduled',
      'Initialized',
      'Ready',
      'ContainersReady',
      'example.com/open',
    ])
  })
})

function viewOf(pod: Pod, name: string): ContainerView {
  const status = pod.status?.containerStatuses?.find((one) => one.name === name)
  const container = pod.spec.containers.find((one) => one.name === name)
  if (status === undefined || container === undefined) throw new Error(`no container ${name}`)
  return {
    container,
    state: status.state ?? {},
    lastState: status.lastState ?? {},
    ready: status.ready,
    started: status.started ?? false,
    restartCount: status.restartCount,
    imageId: status.imageID,
    containerId: status.containerID ?? '',
  }
}
