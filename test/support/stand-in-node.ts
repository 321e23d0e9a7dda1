/**
 * Plays a node: pods are ready 300 ms after they were bound, gone at once when deleted. An image
 * whose name says so fails: `broken` cannot be pulled, `crash` exits with 1, `neverready` runs
 * and is never ready, `slow` takes ten seconds.
 */
import {formatTime} from '../../src/api/condition-set.ts'
import {
  type ContainerStatus,
  type Node,
  NODES,
  type Pod,
  type PodCondition,
  PODS,
} from '../../src/api/core/v1.ts'
import {isConflict, isNotFound} from '../../src/api/meta/status-error.ts'
import type {Client} from '../../src/client/client.ts'
import type {InformerFactory} from '../../src/controller/informer.ts'
import {type Clock, sleep} from '../../src/util/clock.ts'

const START_MS = 300
const SLOW_MS = 10_000
const NODE = 'stand-in'

/** Registers the node and begins to play it; failures other than races go to `onError`. */
export async function playNode(options: {
  client: Client
  informers: InformerFactory
  clock: Clock
  onError: (error: unknown) => void
}): Promise<void> {
  const {client, informers, clock, onError} = options
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name: NODE},
    spec: {},
    status: {conditions: [{type: 'Ready', status: 'True'}]},
  }
  await client.create(NODES, node)
  let lastAddress = 0
  const seen = new Set<string>()

  const write = async (pod: Pod, status: NonNullable<Pod['status']>): Promise<void> => {
    try {
      const newest = await client.get(PODS, pod.metadata)
      if (newest.metadata.uid !== pod.metadata.uid) return
      await client.updateStatus(PODS, {...newest, status: {...newest.status, ...status}})
    } catch (error) {
      if (isConflict(error)) await write(pod, status)
      else if (!isNotFound(error)) onError(error)
    }
  }
  const run = async (pod: Pod): Promise<void> => {
    lastAddress += 1
    const started = startedStatus(pod, `10.244.0.${lastAddress}`, clock.now())
    await write(pod, started)
    const image = pod.spec.containers[0]?.image ?? ''
    const failure = failingStatus(pod, image)
    if (failure !== undefined) {
      await write(pod, failure)
    } else {
      await sleep(clock, image.includes('slow') ? SLOW_MS : START_MS)
      await write(pod, readyStatus(pod, clock.now()))
    }
  }
  const end = async (pod: Pod): Promise<void> => {
    try {
      await client.delete(PODS, pod.metadata, {gracePeriodSeconds: 0})
    } catch (error) {
      if (!isNotFound(error)) onError(error)
    }
  }
  informers.of(PODS).addHandler({
    onSet(pod) {
      const {uid = '', deletionTimestamp} = pod.metadata
      if (pod.spec.nodeName !== NODE) return
      if (deletionTimestamp !== undefined) void end(pod)
      else if (!seen.has(uid)) {
        seen.add(uid)
        void run(pod)
      }
    },
  })
}

function startedStatus(pod: Pod, podIP: string, nowMs: number): NonNullable<Pod['status']> {
  const time = formatTime(nowMs)
  return {
    phase: 'Pending',
    podIP,
    podIPs: [{ip: podIP}],
    hostIP: '10.244.200.1',
    hostIPs: [{ip: '10.244.200.1'}],
    startTime: time,
    conditions: conditions('False', nowMs),
    containerStatuses: containerStatuses(pod, {waiting: {reason: 'ContainerCreating'}}, false),
  }
}

function readyStatus(pod: Pod, nowMs: number): NonNullable<Pod['status']> {
  const running = {running: {startedAt: formatTime(nowMs)}}
  return {
    phase: 'Running',
    conditions: conditions('True', nowMs),
    containerStatuses: containerStatuses(pod, running, true),
  }
}

function failingStatus(pod: Pod, image: string): NonNullable<Pod['status']> | undefined {
  const [first, ...others] = containerStatuses(pod, {running: {}}, false)
  if (first === undefined) return undefined
  if (image.includes('neverready')) {
    return {phase: 'Running', containerStatuses: [first, ...others]}
  }
  if (image.includes('broken')) {
    const message = `Back-off pulling image "${image}"`
    const state = {waiting: {reason: 'ImagePullBackOff', message}}
    return {containerStatuses: [{...first, state}, ...others]}
  }
  if (!image.includes('crash')) return undefined
  return {
    phase: 'Running',
    containerStatuses: [
      {
        ...first,
        restartCount: 2,
        state: {waiting: {reason: 'CrashLoopBackOff', message: 'back-off 10s'}},
        lastState: {terminated: {exitCode: 1, reason: 'Error', message: 'panic: boom\n'}},
      },
      ...others,
    ],
  }
}

function conditions(ready: 'True' | 'False', nowMs: number): PodCondition[] {
  const lastTransitionTime = formatTime(nowMs)
  const because = ready === 'False' ? {reason: 'ContainersNotReady'} : {}
  return [
    {type: 'PodScheduled', status: 'True', lastTransitionTime},
    {type: 'Initialized', status: 'True', lastTransitionTime},
    {type: 'Ready', status: ready, lastTransitionTime, ...because},
    {type: 'ContainersReady', status: ready, lastTransitionTime, ...because},
  ]
}

function containerStatuses(
  pod: Pod,
  state: NonNullable<ContainerStatus['state']>,
  ready: boolean,
): ContainerStatus[] {
  return pod.spec.containers.map(({name = '', image = ''}) => ({
    name,
    image,
    imageID: '',
    ready,
    started: ready,
    restartCount: 0,
    state,
    lastState: {},
  }))
}
