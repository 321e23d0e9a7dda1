import {describe, expect, test} from 'vitest'
import type {ReplicaSet} from '../../../../../src/api/apps/v1.ts'
import type {ContainerState, Event, Pod, PodCondition} from '../../../../../src/api/core/v1.ts'
import {judgeWorkload} from '../../../../../src/operations/service/workload/judge-workload.ts'

const REVISION = 'web-00001'
const LABELS = {'serving.knative.dev/revision': REVISION}

interface PodFacts {
  readonly name?: string
  readonly revision?: string
  readonly state?: ContainerState
  readonly lastState?: ContainerState
  readonly init?: ContainerState
  readonly conditions?: NonNullable<Pod['status']>['conditions']
  readonly deleted?: boolean
}

function aPod(facts: PodFacts = {}): Pod {
  const {name = 'web-1', revision = REVISION, state = {running: {}}, conditions = []} = facts
  const status = {image: 'example.com/web:1', imageID: '', ready: false, restartCount: 2}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: `uid-${name}`,
      labels: {'serving.knative.dev/revision': revision},
      ...(facts.deleted && {deletionTimestamp: '2024-04-22T00:00:00Z'}),
    },
    spec: {
      containers: [
        {name: 'user-container', image: 'example.com/web:1', ports: [{containerPort: 8080}]},
        {name: 'queue-proxy', image: 'queue', ports: [{containerPort: 8012}]},
      ],
      ...(facts.init && {initContainers: [{name: 'prepare', image: 'init'}]}),
    },
    status: {
      phase: 'Pending',
      conditions,
      containerStatuses: [
        {
          name: 'user-container',
          ...status,
          state,
          ...(facts.lastState && {lastState: facts.lastState}),
        },
        {name: 'queue-proxy', ...status, state: {running: {}}},
      ],
      ...(facts.init && {initContainerStatuses: [{name: 'prepare', ...status, state: facts.init}]}),
    },
  }
}

function anEvent(reason: string, message: string, pod = 'web-1'): Event {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {name: `${pod}.${reason}`},
    involvedObject: {kind: 'Pod', name: pod, uid: `uid-${pod}`},
    reason,
    message,
  }
}

const refusing: ReplicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {name: 'web-00001-deployment-abc', labels: LABELS},
  spec: {selector: {}, template: {spec: {containers: []}}},
  status: {
    replicas: 0,
    conditions: [
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'pods "web-" is forbidden: exceeded quota: small',
      },
    ],
  },
}

const waiting = (reason: string, message = ''): ContainerState => ({waiting: {reason, message}})
const ended = (exitCode: number, reason = 'Error'): ContainerState => ({
  terminated: {exitCode, reason},
})
const unscheduled = (message: string): PodCondition[] => [
  {type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message},
]
const ready = [{type: 'Ready', status: 'True'} as const]

function judge(pods: Pod[], events: Event[] = [], replicaSets: ReplicaSet[] = []) {
  const nothing = {service: 'web', revisions: [], refusals: [], repeated: new Set<string>()}
  return judgeWorkload({...nothing, pods, events, replicaSets}, REVISION)
}

describe('judgeWorkload', () => {
  test.each([
    ['a quota', judge([], [], [refusing]), {kind: 'refused', afterMs: 0, fatal: true}],
    [
      'an image that is not there',
      judge([aPod({state: waiting('ErrImagePull', 'web:1: not found')})]),
      {kind: 'image', afterMs: 0, fatal: true, image: 'example.com/web:1'},
    ],
    [
      'an image that may come yet',
      judge([aPod({state: waiting('ErrImagePull', 'i/o timeout')})]),
      {kind: 'image', afterMs: 8_000, fatal: true},
    ],
    [
      'the failure behind a back-off',
      judge(
        [aPod({state: waiting('ImagePullBackOff', 'Back-off pulling image')})],
        [anEvent('Failed', 'Failed to pull image "web:1": 401 unauthorized')],
      ),
      {kind: 'image', afterMs: 0, message: 'Failed to pull image "web:1": 401 unauthorized'},
    ],
    [
      'a secret that is missing',
      judge([aPod({state: waiting('CreateContainerConfigError', 'secret "db" not found')})]),
      {kind: 'configuration', afterMs: 0, fatal: true, message: 'secret "db" not found'},
    ],
    [
      'a crash loop',
      judge([aPod({state: waiting('CrashLoopBackOff'), lastState: ended(3)})]),
      {kind: 'crashing', reason: 'CrashLoopBackOff', exitCode: 3, restarts: 2, port: 8080},
    ],
    [
      'a container that ran out of memory',
      judge([aPod({state: ended(137, 'OOMKilled')})]),
      {kind: 'crashing', reason: 'OOMKilled', ended: 'OOMKilled', exitCode: 137},
    ],
    [
      'a liveness probe that ends the program',
      judge(
        [aPod({state: waiting('CrashLoopBackOff'), lastState: ended(137)})],
        [anEvent('Unhealthy', 'Liveness probe failed: HTTP 500')],
      ),
      {
        message:
          'container "user-container" ended with exit code 137 after: Liveness probe failed: HTTP 500',
      },
    ],
    [
      'an init container that fails',
      judge([aPod({state: waiting('PodInitializing'), init: ended(2)})]),
      {kind: 'crashing', container: 'prepare', exitCode: 2},
    ],
    [
      'a volume that cannot be mounted',
      judge(
        [aPod({state: waiting('ContainerCreating')})].map((pod) => ({
          ...pod,
          status: {...pod.status, containerStatuses: []},
        })),
        [anEvent('FailedMount', 'secret "tls" not found')],
      ),
      {kind: 'volume', afterMs: 8_000, fatal: true, message: 'secret "tls" not found'},
    ],
    [
      'a pod no node takes',
      judge([aPod({conditions: unscheduled('0/3 nodes'), state: waiting('')})]),
      {
        kind: 'unschedulable',
        afterMs: 5_000,
        fatal: false,
        nodesComing: false,
        message: '0/3 nodes',
      },
    ],
    [
      'a pod no node will ever take',
      judge([
        aPod({
          conditions: unscheduled('0/3 nodes: persistentvolumeclaim "data" not found.'),
          state: waiting(''),
        }),
      ]),
      {kind: 'unschedulable', afterMs: 8_000, fatal: true},
    ],
    [
      'a pod for which a node is being added',
      judge(
        [aPod({conditions: unscheduled('0/3 nodes'), state: waiting('')})],
        [anEvent('TriggeredScaleUp', 'pod triggered scale-up')],
      ),
      {kind: 'unschedulable', fatal: false, nodesComing: true},
    ],
    [
      'a program that does not answer',
      judge([aPod()], [anEvent('Unhealthy', 'Readiness probe failed: 503')]),
      {
        kind: 'probe',
        fatal: false,
        port: 8080,
        message: 'the program runs, but does not answer on port 8080: Readiness probe failed: 503',
      },
    ],
  ])('sees %s', (_, trouble, expected) => {
    expect(trouble).toMatchObject(expected)
  })

  test.each([
    ['containers that are being made', [aPod({state: waiting('ContainerCreating')})]],
    ['a ready pod', [aPod({conditions: [...ready]})]],
    ['a pod that is going away', [aPod({state: ended(1), deleted: true})]],
    ['a pod of another revision', [aPod({state: ended(1), revision: 'web-00000'})]],
    ['an init container that is done', [aPod({state: waiting('PodInitializing'), init: ended(0)})]],
  ])('has nothing to say about %s', (_, pods) => {
    expect(judge(pods)).toBeUndefined()
  })

  test('names the surest of several troubles', () => {
    const pods = [aPod({name: 'web-2'}), aPod({state: waiting('ErrImagePull', 'not found')})]
    expect(judge(pods)).toMatchObject({kind: 'image', pod: 'web-1'})
  })

  test('calls nothing fatal as long as a pod serves', () => {
    const pods = [aPod({name: 'web-2', conditions: [...ready]}), aPod({state: ended(1)})]
    expect(judge(pods)).toMatchObject({kind: 'crashing', fatal: false})
  })

  test('takes no event of an earlier pod of the same name for one of this', () => {
    const old = anEvent('Unhealthy', 'Readiness probe failed: 500')
    const event = {...old, involvedObject: {...old.involvedObject, uid: 'another'}}
    expect(judge([aPod()], [event])?.message).toBe(
      'the program runs, but does not answer on port 8080',
    )
  })
})
