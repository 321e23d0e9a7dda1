/** Why pods do not become ready, in the words of whoever knows. */
import type {ContainerStatus, Event, Pod} from '../../api/core/v1.ts'

/** Reasons that only time heals, so that nobody has to hear of them. */
const ORDINARY = new Set(['ContainerCreating', 'PodInitializing'])

/** The first thing that keeps a pod from being ready; undefined while everything is ordinary. */
export function podProblem({metadata, status}: Pod): string | undefined {
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]
  for (const container of containers) {
    const problem = containerProblem(container)
    if (problem !== undefined) return `${metadata.name} ${problem}`
  }
  const scheduled = status?.conditions?.find(({type}) => type === 'PodScheduled')
  if (scheduled?.status === 'False') {
    return `${metadata.name} ${scheduled.reason ?? 'Unschedulable'}: ${scheduled.message ?? ''}`
  }
  return undefined
}

function containerProblem({state, lastState, image}: ContainerStatus): string | undefined {
  const {reason = '', message = ''} = state?.waiting ?? {}
  if (reason === '' || ORDINARY.has(reason)) return undefined
  if (reason === 'CrashLoopBackOff') {
    const end = lastState?.terminated
    const why = end?.message?.trim().split('\n').at(-1) ?? end?.reason ?? ''
    return `${reason}: exited with ${end?.exitCode ?? 'an error'}${why === '' ? '' : `: ${why}`}`
  }
  return `${reason}: ${image}${message === '' ? '' : `: ${message}`}`
}

/** The newest Warning event, in its own words; `about` narrows by the object's name. */
export function newestWarning(
  events: readonly Event[],
  about: (name: string) => boolean = () => true,
): string | undefined {
  const newest = events
    .filter(({type, involvedObject}) => type === 'Warning' && about(involvedObject.name ?? ''))
    .toSorted((left, right) => timeOf(right) - timeOf(left))[0]
  return newest === undefined ? undefined : `${newest.reason}: ${newest.message}`
}

function timeOf({lastTimestamp, eventTime, firstTimestamp, metadata}: Event): number {
  const text = lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp
  return text === undefined ? 0 : Date.parse(text)
}
