import type {ContainerState, ContainerStatus, Event, Pod} from '../../../api/core/v1.ts'
import {portOf} from './serving-container.ts'
import {lastMessage, PATIENCE_MS, type Trouble, type TroubleOf} from './trouble.ts'

const PULL_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
])
const START_REASONS = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])
const SURE_PULL_FAILURE =
  /not found|does not exist|manifest unknown|unauthorized|authentication|denied|forbidden|invalid|no runtime can run|NeverPull/i

/** What is wrong with one container of a pod, by the table of `judgeWorkload`; nothing or one thing. */
export function judgeContainer(
  status: ContainerStatus,
  pod: Pod,
  events: readonly Event[],
  base: TroubleOf,
): Trouble[] {
  const {name} = status
  const {reason = '', message = ''} = status.state?.waiting ?? {}
  const spec = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const image = spec.find((container) => container.name === name)?.image ?? status.image
  const common = {...base, container: name, image, fatal: true}
  if (PULL_REASONS.has(reason)) {
    const said = pullMessage({reason, message}, events) ?? `cannot pull "${image}"`
    const afterMs = SURE_PULL_FAILURE.test(`${reason} ${said}`) ? 0 : PATIENCE_MS
    return [{...common, kind: 'image', reason, message: said, afterMs}]
  }
  if (START_REASONS.has(reason)) {
    return [{...common, kind: 'configuration', reason, message, afterMs: 0}]
  }
  const ended = endOf(status)
  const isInit = pod.spec.initContainers?.some((container) => container.name === name) ?? false
  if (ended === undefined || (isInit && ended.exitCode === 0)) return []
  return [
    {
      ...common,
      kind: 'crashing',
      reason: reason || ended.reason || 'Error',
      message: crashMessage(name, ended.exitCode, ended.reason, events),
      exitCode: ended.exitCode,
      restarts: status.restartCount,
      ...(ended.reason !== undefined && {ended: ended.reason}),
      ...portOf(pod),
      afterMs: 0,
    },
  ]
}

/** How a container that does not run any more has ended. */
function endOf({state, lastState, ready}: ContainerStatus): ContainerState['terminated'] {
  if (ready) return undefined
  if (state?.terminated !== undefined) return state.terminated
  return state?.waiting?.reason === 'CrashLoopBackOff' ? lastState?.terminated : undefined
}

function pullMessage(
  {reason, message}: {reason: string; message: string},
  events: readonly Event[],
): string | undefined {
  // "Back-off pulling image" says nothing; the failure before it does.
  const before = events.findLast(({message: said = ''}) => said.startsWith('Failed to pull image'))
  return (reason === 'ImagePullBackOff' ? before?.message : undefined) || message || before?.message
}

function crashMessage(
  container: string,
  exitCode: number,
  ended: string | undefined,
  events: readonly Event[],
): string {
  const because = ended === 'OOMKilled' ? ' (out of memory)' : ''
  const probe = lastMessage(events, 'Unhealthy')
  const killed = probe?.startsWith('Liveness') || probe?.startsWith('Startup')
  const after = killed ? ` after: ${probe}` : ''
  return `container "${container}" ended with exit code ${exitCode}${because}${after}`
}
