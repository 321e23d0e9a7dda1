import type {Pod} from '../../api/core/v1.ts'
import {failure} from '../../api/meta/status-error.ts'
import type {ContainerWorker} from './container-worker.ts'
import type {LogBuffer} from './log-buffer.ts'
import type {LogOptions} from './log-reader.ts'

/** The container whose log is meant. Throws a StatusError as the genuine server answers. */
export function chooseContainer(pod: Pod, wanted: string | undefined): string {
  const names = pod.spec.containers.map(({name}) => name ?? '')
  const inits = (pod.spec.initContainers ?? []).map(({name}) => name ?? '')
  const {name} = pod.metadata
  if (wanted !== undefined && wanted !== '') {
    if ([...names, ...inits].includes(wanted)) return wanted
    throw failure(400, 'BadRequest', `container ${wanted} is not valid for pod ${name}`)
  }
  const [first, ...others] = names
  if (first !== undefined && others.length === 0 && inits.length === 0) return first
  const initNote = inits.length === 0 ? '' : ` or one of the init containers: [${inits.join(' ')}]`
  throw failure(
    400,
    'BadRequest',
    `a container name must be specified for pod ${name}, ` +
      `choose one of: [${names.join(' ')}]${initNote}`,
  )
}

/** The log of a run of the container. Throws a StatusError when there is none yet. */
export function chooseLog(pod: Pod, worker: ContainerWorker, options: LogOptions): LogBuffer {
  const {name} = worker
  const log = worker.log(options.previous ?? false)
  if (log !== undefined) return log
  const place = `container "${name}" in pod "${pod.metadata.name}"`
  if (options.previous) {
    throw failure(400, 'BadRequest', `previous terminated ${place} not found`)
  }
  const reason = worker.view.state.waiting?.reason ?? 'ContainerCreating'
  const why =
    reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
      ? 'trying and failing to pull image'
      : reason
  throw failure(400, 'BadRequest', `${place} is waiting to start: ${why}`)
}
