import type {Container, Pod} from '../../api/core/v1.ts'

/** Whom the processes of a container run as, as far as its spec says. */
export interface RunAs {
  readonly runAsUser?: number
  readonly runAsGroup?: number
  readonly runAsNonRoot?: boolean
}

/** The user of a container: its own security context beats that of the pod, field by field. */
export function runAsOf(pod: Pod, container: Container): RunAs {
  return {...pick(pod.spec.securityContext), ...pick(container.securityContext)}
}

function pick(context: RunAs | undefined): RunAs {
  const {runAsUser, runAsGroup, runAsNonRoot} = context ?? {}
  return {
    ...(runAsUser !== undefined && {runAsUser}),
    ...(runAsGroup !== undefined && {runAsGroup}),
    ...(runAsNonRoot !== undefined && {runAsNonRoot}),
  }
}
