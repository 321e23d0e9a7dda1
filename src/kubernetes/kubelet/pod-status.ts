/**
 * What a pod says about itself, from what its containers are doing. Nothing here does I/O.
 *
 * Counterpart of kubernetes `pkg/kubelet/status/generate.go` and `kubelet_pods.go`.
 */
import {formatTime} from '../../api/condition-set.ts'
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodCondition,
} from '../../api/core/v1.ts'

type PodStatus = NonNullable<Pod['status']>

/** What one container is doing, as its worker sees it. */
export interface ContainerView {
  container: Container
  state: ContainerState
  lastState: ContainerState
  ready: boolean
  started: boolean
  restartCount: number
  imageId: string
  containerId: string
}

/** What the status is made from. */
export interface PodObservation {
  readonly pod: Pod
  readonly initContainers: readonly ContainerView[]
  readonly containers: readonly ContainerView[]
  readonly podIp: string
  readonly hostIp: string
  readonly startTime: string
}

/** A container that nothing was done for yet. */
export function newContainerView(
  container: Container,
  before: ContainerStatus | undefined,
  waitingReason: string,
): ContainerView {
  return {
    container,
    state: {waiting: {reason: waitingReason}},
    lastState: before?.lastState ?? {},
    ready: false,
    started: false,
    restartCount: before?.restartCount ?? 0,
    imageId: '',
    containerId: '',
  }
}

/** The whole status of a pod. Conditions that did not change keep their transition time. */
export function makePodStatus(observation: PodObservation, nowMs: number): PodStatus {
  const {pod, podIp, hostIp, startTime, containers, initContainers} = observation
  const phase = decidePhase(pod, initContainers, containers)
  return {
    ...(pod.status?.qosClass !== undefined && {qosClass: pod.status.qosClass}),
    phase,
    conditions: makeConditions(observation, phase, nowMs),
    hostIP: hostIp,
    hostIPs: [{ip: hostIp}],
    podIP: podIp,
    podIPs: [{ip: podIp}],
    startTime,
    ...(initContainers.length > 0 && {
      initContainerStatuses: initContainers.map(toContainerStatus),
    }),
    containerStatuses: containers.map(toContainerStatus),
  }
}

function toContainerStatus(view: ContainerView): ContainerStatus {
  return {
    ...(view.containerId !== '' && {containerID: view.containerId}),
    image: view.container.image ?? '',
    imageID: view.imageId,
    lastState: view.lastState,
    name: view.container.name ?? '',
    ready: view.ready,
    restartCount: view.restartCount,
    started: view.started,
    state: view.state,
  }
}

/**
 * The phase of a pod:
 *
 * | init containers | containers                     | restart policy | phase     |
 * | --------------- | ------------------------------ | -------------- | --------- |
 * | one failed      |                                | Never          | Failed    |
 * | unfinished      |                                | any            | Pending   |
 * | done            | one never ran                  | any            | Pending   |
 * | done            | one runs, or waits for a retry | any            | Running   |
 * | done            | all ended well                 | not Always     | Succeeded |
 * | done            | all ended, one badly           | Never          | Failed    |
 * | done            | all ended                      | else           | Running   |
 */
function decidePhase(
  pod: Pod,
  initContainers: readonly ContainerView[],
  containers: readonly ContainerView[],
): NonNullable<PodStatus['phase']> {
  const policy = pod.spec.restartPolicy ?? 'Always'
  if (initContainers.some((view) => !isDone(view))) {
    const failed = initContainers.some(({state}) => (state.terminated?.exitCode ?? 0) !== 0)
    return failed && policy === 'Never' ? 'Failed' : 'Pending'
  }
  const neverRan = containers.some(
    ({state, lastState}) => state.waiting !== undefined && lastState.terminated === undefined,
  )
  if (neverRan) return 'Pending'
  if (policy === 'Always' || !containers.every(({state}) => state.terminated !== undefined)) {
    return 'Running'
  }
  if (containers.every(isDone)) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

function isDone({state}: ContainerView): boolean {
  return state.terminated?.exitCode === 0
}

type ConditionDraft = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>

function makeConditions(
  {pod, initContainers, containers}: PodObservation,
  phase: PodStatus['phase'],
  nowMs: number,
): PodCondition[] {
  const before = pod.status?.conditions ?? []
  const containersReady = containersReadyCondition(containers, phase)
  const drafts: ConditionDraft[] = [
    {type: 'PodScheduled', status: 'True'},
    initializedCondition(initContainers, phase),
    readyCondition(pod, containersReady),
    {...containersReady, type: 'ContainersReady'},
  ]
  const own = new Set(drafts.map(({type}) => type))
  return [
    ...drafts.map((draft) => {
      const old = before.find(({type}) => type === draft.type)
      const kept = old?.status === draft.status ? old.lastTransitionTime : undefined
      return {...draft, lastProbeTime: null, lastTransitionTime: kept ?? formatTime(nowMs)}
    }),
    // Readiness gates and other conditions belong to whoever set them.
    ...before.filter(({type}) => !own.has(type)),
  ]
}

function initializedCondition(
  initContainers: readonly ContainerView[],
  phase: PodStatus['phase'],
): ConditionDraft {
  const type = 'Initialized'
  const open = initContainers.filter((view) => !isDone(view)).map(nameOf)
  if (open.length > 0) {
    return {
      type,
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: `containers with incomplete status: [${open.join(' ')}]`,
    }
  }
  return phase === 'Succeeded' ? completed(type, 'True') : {type, status: 'True'}
}

function containersReadyCondition(
  containers: readonly ContainerView[],
  phase: PodStatus['phase'],
): ConditionDraft {
  const type = 'ContainersReady'
  if (phase === 'Succeeded') return completed(type, 'False')
  const unready = containers.filter(({ready}) => !ready).map(nameOf)
  if (unready.length === 0) return {type, status: 'True'}
  return {
    type,
    status: 'False',
    reason: phase === 'Failed' ? 'PodFailed' : 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  }
}

function readyCondition(pod: Pod, containersReady: ConditionDraft): ConditionDraft {
  const type = 'Ready'
  if (containersReady.status !== 'True') return {...containersReady, type}
  const gates = (pod.spec['readinessGates'] ?? []) as {conditionType: string}[]
  const missing = gates
    .filter(
      ({conditionType}) =>
        pod.status?.conditions?.find((condition) => condition.type === conditionType)?.status !==
        'True',
    )
    .map(({conditionType}) => conditionType)
  if (missing.length === 0) return {type, status: 'True'}
  const messages = missing.map(
    (gate) => `corresponding condition of pod readiness gate "${gate}" does not exist.`,
  )
  return {type, status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ')}
}

function completed(type: string, status: 'True' | 'False'): ConditionDraft {
  return {type, status, reason: 'PodCompleted'}
}

function nameOf({container}: ContainerView): string {
  return container.name ?? ''
}
