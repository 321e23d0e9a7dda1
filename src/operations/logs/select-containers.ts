import type {ContainerStatus, Pod} from '../../api/core/v1.ts'
import {REVISION_LABEL} from '../../api/serving/metadata-keys.ts'
import type {LogSource} from './log-line.ts'

/** One run of a container: a restart is another. */
export interface ContainerRun extends LogSource {
  /** Tells the runs apart. */
  readonly id: string
  readonly running: boolean
}

/** The container Knative adds to each pod; its log is shown only when it is asked for. */
const SIDECAR = 'queue-proxy'

/**
 * The runs of a pod whose logs can be read now: those that are running or have ended.
 *
 * Without `container` all but Knative's own; with `previous` the runs before the last restarts.
 */
export function selectContainers(
  pod: Pod,
  {
    container,
    previous = false,
  }: {container?: string | undefined; previous?: boolean | undefined} = {},
): ContainerRun[] {
  const {metadata, status} = pod
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return statuses
    .filter(({name}) => (container === undefined ? name !== SIDECAR : name === container))
    .filter((candidate) => (previous ? candidate.restartCount > 0 : hasRun(candidate)))
    .map(({name, restartCount, containerID, state}) => ({
      // The count may go up while the log is still that of the run before.
      id: `${metadata.uid}/${name}/${containerID ?? restartCount}`,
      pod: metadata.name,
      revision: metadata.labels?.[REVISION_LABEL] ?? '',
      container: name,
      running: state?.running !== undefined,
    }))
}

// One that waits for its next run still has the log of its last.
function hasRun({state, restartCount}: ContainerStatus): boolean {
  return state?.running !== undefined || state?.terminated !== undefined || restartCount > 0
}
