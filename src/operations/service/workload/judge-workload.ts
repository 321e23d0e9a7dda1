/** What keeps the pods of a revision from serving, seen in the pods before any condition says it. */
import type {ReplicaSet} from '../../../api/apps/v1.ts'
import type {Event, Pod} from '../../../api/core/v1.ts'
import {REVISION_LABEL} from '../../../api/serving/metadata-keys.ts'
import {judgeContainer} from './judge-container.ts'
import {judgeRefusals} from './judge-refusal.ts'
import {isServing, portOf, servingContainer} from './serving-container.ts'
import {
  lastMessage,
  PATIENCE_MS,
  START_MS,
  type Trouble,
  type TroubleKind,
  type TroubleOf,
  type Workload,
} from './trouble.ts'

/**
 * The surest trouble of a revision, or undefined when its pods just need time.
 *
 * | seen                                                              | kind          | told after | fatal |
 * |-------------------------------------------------------------------|---------------|------------|-------|
 * | ReplicaSet: ReplicaFailure is True (quota, account, admission)    | refused       | 0 s        | yes   |
 * | event of a controller whose child the API refuses                 | by the table of `judgeRefusals`    |
 * | container waits: image that is not there, or not for us           | image         | 0 s        | yes   |
 * | container waits: image, any other reason                          | image         | 8 s        | yes   |
 * | container waits: Create… or RunContainerError                     | configuration | 0 s        | yes   |
 * | container waits in CrashLoopBackOff, or ended and is not ready    | crashing      | 0 s        | yes   |
 * | event FailedMount or FailedAttachVolume, containers not created   | volume        | 8 s        | yes   |
 * | PodScheduled is False: it asks for what is not there              | unschedulable | 8 s        | yes   |
 * | PodScheduled is False, for any other reason                       | unschedulable | 5 s        | no    |
 * | all containers run, and the pod is not ready                      | probe         | 5 s        | no    |
 *
 * A pod that no node takes is nobody's failure yet: an autoscaler starts a node within a minute or two,
 * and may say so late or not at all.
 *
 * Pods that are going away do not count. As long as one pod of the revision is ready, no trouble of
 * the others is fatal. The time runs from the moment at which the trouble is seen first.
 */
export function judgeWorkload(workload: Workload, revision: string): Trouble | undefined {
  const isOurs = ({metadata}: Pod | ReplicaSet): boolean =>
    metadata.labels?.[REVISION_LABEL] === revision && metadata.deletionTimestamp === undefined
  const pods = workload.pods.filter(isOurs)
  const troubles = [
    ...workload.replicaSets.filter(isOurs).flatMap((set) => judgeReplicaSet(set, revision)),
    ...judgeRefusals(workload, revision),
    ...pods.flatMap((pod) => judgePod(pod, workload.events, revision)),
  ]
  const [worst] = troubles.toSorted((left, right) => rank(left) - rank(right))
  if (worst === undefined || !pods.some(isReady)) return worst
  return {...worst, fatal: false}
}

const ORDER: readonly TroubleKind[] = [
  'refused',
  'image',
  'configuration',
  'crashing',
  'volume',
  'unschedulable',
  'probe',
  'retried',
]

function rank({kind, container}: Trouble): number {
  // What ails the queue-proxy mostly follows from what ails the program.
  return ORDER.indexOf(kind) * 2 + (container === undefined || isServing(container) ? 0 : 1)
}

function judgeReplicaSet({status}: ReplicaSet, revision: string): Trouble[] {
  const failure = status?.conditions?.find(
    ({type, status: value}) => type === 'ReplicaFailure' && value === 'True',
  )
  if (failure === undefined) return []
  const {reason = 'FailedCreate', message = 'no pod can be created'} = failure
  return [{kind: 'refused', reason, message, revision, afterMs: 0, fatal: true}]
}

function judgePod(pod: Pod, events: readonly Event[], revision: string): Trouble[] {
  const {name} = pod.metadata
  if (isReady(pod)) return []
  const own = events.filter(
    ({involvedObject}) =>
      involvedObject.name === name &&
      (involvedObject.uid === undefined || involvedObject.uid === pod.metadata.uid),
  )
  const base = {revision, pod: name}
  const statuses = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]
  const ofContainers = statuses.flatMap((status) => judgeContainer(status, pod, own, base))
  if (ofContainers.length > 0) return ofContainers
  return (
    judgeScheduling(pod, own, base) ?? judgeVolumes(pod, own, base) ?? judgeProbe(pod, own, base)
  )
}

/** Of cluster-autoscaler and of Karpenter. */
const NODES_COME: ReadonlySet<string> = new Set(['TriggeredScaleUp', 'Nominated'])
/** What the scheduler says of claims that do not exist: no new node has them. */
const NO_NODE_HELPS = /(?:persistentvolumeclaim|resourceclaim) ".*" not found/i

function judgeScheduling(
  pod: Pod,
  events: readonly Event[],
  base: TroubleOf,
): Trouble[] | undefined {
  const scheduled = pod.status?.conditions?.find(({type}) => type === 'PodScheduled')
  if (scheduled?.status !== 'False') return undefined
  const {reason = 'Unschedulable', message = 'no node takes the pod'} = scheduled
  const growing = events.some((event) => NODES_COME.has(event.reason ?? ''))
  const trouble = {...base, kind: 'unschedulable' as const, reason, message}
  return NO_NODE_HELPS.test(message)
    ? [{...trouble, afterMs: PATIENCE_MS, fatal: true}]
    : [{...trouble, nodesComing: growing, afterMs: START_MS, fatal: false}]
}

function judgeVolumes(pod: Pod, events: readonly Event[], base: TroubleOf): Trouble[] | undefined {
  const created = (pod.status?.containerStatuses ?? []).some(({state}) => state?.running)
  if (created) return undefined
  const event = events.findLast(
    ({reason}) => reason === 'FailedMount' || reason === 'FailedAttachVolume',
  )
  if (event === undefined) return undefined
  const {reason = 'FailedMount', message = ''} = event
  return [{...base, kind: 'volume', reason, message, afterMs: PATIENCE_MS, fatal: true}]
}

function judgeProbe(pod: Pod, events: readonly Event[], base: TroubleOf): Trouble[] {
  const statuses = pod.status?.containerStatuses ?? []
  if (statuses.length === 0 || !statuses.every(({state}) => state?.running)) return []
  const container = servingContainer(pod)
  const {port} = portOf(pod)
  const failure = lastMessage(events, 'Unhealthy')
  const message =
    `the program runs, but does not answer${port === undefined ? '' : ` on port ${port}`}` +
    (failure === undefined ? '' : `: ${failure}`)
  return [
    {
      ...base,
      kind: 'probe',
      reason: 'Unhealthy',
      message,
      ...(container?.name !== undefined && {container: container.name}),
      ...(port !== undefined && {port}),
      afterMs: START_MS,
      fatal: false,
    },
  ]
}

function isReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') ?? false
  )
}
