/** Which container of a revision's pod is the program. */
import type {Container, Pod} from '../../../api/core/v1.ts'

const QUEUE_PROXY = 'queue-proxy'

/** Whether a container of this name may be the user's. */
export function isServing(name: string): boolean {
  return name !== QUEUE_PROXY
}

/** The container that serves: the one with a port, else the first that is the user's. */
export function servingContainer({spec}: Pick<Pod, 'spec'>): Container | undefined {
  const own = spec.containers.filter(({name = ''}) => isServing(name))
  return own.find(({ports}) => (ports ?? []).length > 0) ?? own[0]
}

/** The port the program is expected to listen on. */
export function portOf(pod: Pick<Pod, 'spec'>): {port?: number} {
  const port = servingContainer(pod)?.ports?.[0]?.containerPort
  return port === undefined ? {} : {port}
}
