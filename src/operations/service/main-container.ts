import type {Container, PodSpec} from '../../api/core/v1.ts'

/**
 * The container that serves: the only one, or of several the first, provided one of them has a port.
 *
 * Undefined when none can be told to serve. Upstream bug kept: kn answers with the first container
 * even where a later one has the port (knative/client `ContainerOfRevisionSpec`).
 */
export function mainContainer(spec: Pick<PodSpec, 'containers'>): Container | undefined {
  const {containers} = spec
  if (containers.length === 1) return containers[0]
  const hasPort = containers.some(({ports}) => (ports ?? []).length > 0)
  return hasPort ? containers[0] : undefined
}
