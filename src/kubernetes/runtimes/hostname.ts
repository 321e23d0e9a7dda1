import type {Pod} from '../../api/core/v1.ts'

const MAX_HOSTNAME = 63

/**
 * What the containers of a pod are told is their host's name.
 *
 * Counterpart of GeneratePodHostNameAndDomain in kubernetes `pkg/kubelet/kubelet_pods.go`.
 */
export function hostnameOf({metadata, spec}: Pod): string {
  const name = spec.hostname === undefined || spec.hostname === '' ? metadata.name : spec.hostname
  return name.slice(0, MAX_HOSTNAME).replace(/[-.]+$/, '')
}
