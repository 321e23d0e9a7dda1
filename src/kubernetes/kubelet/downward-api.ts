import type {Container, EnvVar, Pod} from '../../api/core/v1.ts'
import {parseQuantity} from '../../util/quantity.ts'

type ResourceFieldRef = NonNullable<NonNullable<EnvVar['valueFrom']>['resourceFieldRef']>

/**
 * The value of a pod's field as a container may see it; undefined when the path is none.
 *
 * Counterpart of kubernetes `pkg/fieldpath` and the kubelet's podFieldSelectorRuntimeValue.
 */
export function resolveField(pod: Pod, path: string, hostIp: string): string | undefined {
  const {metadata, spec, status} = pod
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid ?? ''
    case 'metadata.labels':
      return formatMap(metadata.labels)
    case 'metadata.annotations':
      return formatMap(metadata.annotations)
    case 'spec.nodeName':
      return spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIp
    case 'status.podIP':
      return status?.podIP ?? ''
    case 'status.podIPs':
      return (status?.podIPs ?? []).map(({ip}) => ip).join(',')
    default:
      return resolveSubscript(pod, path)
  }
}

function resolveSubscript({metadata}: Pod, path: string): string | undefined {
  const match = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path)
  if (match === null) return undefined
  const map = match[1] === 'labels' ? metadata.labels : metadata.annotations
  return map?.[match[2] ?? ''] ?? ''
}

/** `key="value"` lines, sorted, as the downward API writes them. */
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')
}

/**
 * A container's request or limit in units of the divisor, rounded up. What is not set is 0: this
 * node sets no bounds of its own.
 */
export function resolveResourceField(
  pod: Pod,
  container: Container,
  {containerName, resource, divisor}: ResourceFieldRef,
): string {
  const target =
    containerName === undefined || containerName === ''
      ? container
      : pod.spec.containers.find(({name}) => name === containerName)
  const [kind, name = ''] = splitOnce(resource, '.')
  const amounts = kind === 'limits' ? target?.resources?.limits : target?.resources?.requests
  const value = amounts?.[name]
  if (value === undefined) return '0'
  const unit = divisor === undefined || divisor === '0' || divisor === '' ? '1' : divisor
  const amountNano = parseQuantity(value).nano
  const unitNano = parseQuantity(unit).nano
  return String((amountNano + unitNano - 1n) / unitNano)
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
