import {
  isJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {ageSince} from '../../../../util/age.ts'
import {NONE, orNone} from '../../../apiserver/table/cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from '../../../apiserver/table/columns.ts'

/** The table of pods. Counterpart of k8s.io/kubernetes `pkg/printers/internalversion` printPod. */
export const podColumns: readonly TableColumn[] = [
  nameColumn,
  column('Ready', readyCell),
  column('Status', statusCell),
  column('Restarts', restartsCell),
  ageColumn,
  column('IP', (pod) => orNone(podIp(pod)), {wide: true}),
  column('Node', (pod) => orNone(stringAt(objectAt(pod, 'spec'), 'nodeName')), {wide: true}),
  column(
    'Nominated Node',
    (pod) => orNone(stringAt(objectAt(pod, 'status'), 'nominatedNodeName')),
    {wide: true},
  ),
  column('Readiness Gates', readinessGatesCell, {wide: true}),
]

function podIp(pod: JsonObject): string {
  const status = objectAt(pod, 'status')
  return stringAt(objectsAt(status, 'podIPs')[0], 'ip') || stringAt(status, 'podIP')
}

function isSidecar(container: JsonObject): boolean {
  return container['restartPolicy'] === 'Always'
}

/** Sidecars are init containers that go on running: they count as containers of the pod. */
function sidecarNames(pod: JsonObject): Set<string> {
  const sidecars = objectsAt(objectAt(pod, 'spec'), 'initContainers').filter(isSidecar)
  return new Set(sidecars.map((container) => stringAt(container, 'name')))
}

function readyCell(pod: JsonObject): string {
  const status = objectAt(pod, 'status')
  const sidecars = sidecarNames(pod)
  const total = objectsAt(objectAt(pod, 'spec'), 'containers').length + sidecars.size
  const running = [
    ...objectsAt(status, 'containerStatuses'),
    ...objectsAt(status, 'initContainerStatuses').filter((item) =>
      sidecars.has(stringAt(item, 'name')),
    ),
  ]
  const ready = running.filter(
    (item) => item['ready'] === true && isJsonObject(objectAt(item, 'state')['running']),
  )
  return `${ready.length}/${total}`
}

function restartsCell(pod: JsonObject, nowMs: number): string {
  const status = objectAt(pod, 'status')
  const sidecars = sidecarNames(pod)
  const containers = [
    ...objectsAt(status, 'containerStatuses'),
    ...objectsAt(status, 'initContainerStatuses').filter((item) =>
      sidecars.has(stringAt(item, 'name')),
    ),
  ]
  let restarts = 0
  let last = ''
  for (const item of containers) {
    restarts += numberAt(item, 'restartCount') ?? 0
    const finishedAt = stringAt(objectAt(objectAt(item, 'lastState'), 'terminated'), 'finishedAt')
    if (finishedAt > last) last = finishedAt
  }
  return restarts > 0 && last !== '' ? `${restarts} (${ageSince(last, nowMs)} ago)` : `${restarts}`
}

/**
 * One word for the state of a pod: that of the first container that is in trouble, else the phase.
 *
 * | in this order            | shown                                            |
 * | ------------------------ | ------------------------------------------------ |
 * | being deleted            | Terminating; Unknown when its node is lost       |
 * | an init container failed | Init:<reason>, Init:ExitCode:n, Init:Signal:n    |
 * | init containers to come  | Init:<done>/<all>                                |
 * | a container is in trouble | its reason, ExitCode:n, Signal:n                |
 * | some run, some completed | Running when the pod is ready, else NotReady     |
 * | otherwise                | status.reason, or the phase                      |
 */
function statusCell(pod: JsonObject): string {
  const status = objectAt(pod, 'status')
  const reason = stringAt(status, 'reason') || stringAt(status, 'phase')
  const shown = initReason(pod) ?? containersReason(pod, gatedReason(status) ?? reason)
  if (objectAt(pod, 'metadata')['deletionTimestamp'] === undefined) return shown
  if (stringAt(status, 'reason') === 'NodeLost') return 'Unknown'
  const phase = stringAt(status, 'phase')
  return phase === 'Succeeded' || phase === 'Failed' ? shown : 'Terminating'
}

function gatedReason(status: JsonObject): string | undefined {
  const isGated = objectsAt(status, 'conditions').some(
    ({type, reason}) => type === 'PodScheduled' && reason === 'SchedulingGated',
  )
  return isGated ? 'SchedulingGated' : undefined
}

function initReason(pod: JsonObject): string | undefined {
  const declared = objectsAt(objectAt(pod, 'spec'), 'initContainers')
  const sidecars = sidecarNames(pod)
  const statuses = objectsAt(objectAt(pod, 'status'), 'initContainerStatuses')
  for (const [index, item] of statuses.entries()) {
    const state = objectAt(item, 'state')
    const terminated = state['terminated']
    const waiting = stringAt(objectAt(state, 'waiting'), 'reason')
    if (isJsonObject(terminated)) {
      if (numberAt(terminated, 'exitCode') === 0) continue
      return `Init:${endReason(terminated)}`
    }
    if (sidecars.has(stringAt(item, 'name')) && item['started'] === true) continue
    if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`
    return `Init:${index}/${declared.length}`
  }
  return undefined
}

function endReason(terminated: JsonObject): string {
  const reason = stringAt(terminated, 'reason')
  if (reason !== '') return reason
  const signal = numberAt(terminated, 'signal') ?? 0
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`
}

function containersReason(pod: JsonObject, phase: string): string {
  const status = objectAt(pod, 'status')
  let shown = phase
  let hasRunning = false
  for (const item of objectsAt(status, 'containerStatuses').toReversed()) {
    const state = objectAt(item, 'state')
    const waiting = stringAt(objectAt(state, 'waiting'), 'reason')
    const terminated = state['terminated']
    if (waiting !== '') shown = waiting
    else if (isJsonObject(terminated)) shown = endReason(terminated)
    else if (item['ready'] === true && isJsonObject(state['running'])) hasRunning = true
  }
  if (shown !== 'Completed' || !hasRunning) return shown
  const isReady = objectsAt(status, 'conditions').some(
    (condition) => condition['type'] === 'Ready' && condition['status'] === 'True',
  )
  return isReady ? 'Running' : 'NotReady'
}

function readinessGatesCell(pod: JsonObject): string {
  const gates = objectsAt(objectAt(pod, 'spec'), 'readinessGates')
  if (gates.length === 0) return NONE
  const conditions = objectsAt(objectAt(pod, 'status'), 'conditions')
  const open = gates.filter(({conditionType}) =>
    conditions.some(({type, status}) => type === conditionType && status === 'True'),
  )
  return `${open.length}/${gates.length}`
}
