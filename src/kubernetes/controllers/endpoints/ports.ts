import type {CoreService, Pod, ServicePort} from '../../../api/core/v1.ts'
import {fnv1a128} from '../hash/fnv.ts'

/** A port of endpoints, in both of their forms. */
export interface EndpointPort {
  name?: string
  port: number
  protocol?: string
  appProtocol?: string
}

/** The number of the container port that a Service port leads to, or undefined. */
function resolveTargetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  const protocol = port.protocol ?? 'TCP'
  for (const container of pod.spec.containers) {
    const found = container.ports?.find(
      ({name, protocol: containerProtocol = 'TCP'}) =>
        name === target && containerProtocol === protocol,
    )
    if (found !== undefined) return found.containerPort
  }
  return undefined
}

/** What the pod offers of the Service's ports. */
export function endpointPorts(service: CoreService, pod: Pod): EndpointPort[] {
  const ports: EndpointPort[] = []
  for (const port of service.spec.ports ?? []) {
    const number = resolveTargetPort(pod, port)
    if (number === undefined) continue
    ports.push({
      ...(port.name !== undefined && {name: port.name}),
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol !== undefined && {appProtocol: port.appProtocol}),
    })
  }
  return ports
}

/**
 * Orders the ports of an Endpoints subset as the genuine controller does: by a hash of how Go
 * prints them. The order means nothing, but tools compare it.
 */
export function sortSubsetPorts<P extends EndpointPort>(ports: readonly P[]): P[] {
  return sortBy(
    ports,
    ({name = '', port, protocol = '', appProtocol}) =>
      `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} ` +
      `Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`,
  )
}

/** The same for the ports of an EndpointSlice, whose Go fields are pointers in another order. */
export function sortSlicePorts<P extends EndpointPort>(ports: readonly P[]): P[] {
  return sortBy(
    ports,
    ({name = '', port, protocol = '', appProtocol}) =>
      `(v1.EndpointPort){Name:(*string)${name} Protocol:(*v1.Protocol)${protocol} ` +
      `Port:(*int32)${port} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`,
  )
}

const hashes = new Map<string, string>()

function sortBy<P>(ports: readonly P[], dump: (port: P) => string): P[] {
  return ports
    .map((port) => ({port, hash: cachedHash(dump(port))}))
    .toSorted((left, right) => (left.hash < right.hash ? -1 : 1))
    .map(({port}) => port)
}

/** Hashing costs 100 times the look-up, and all revisions have the same few ports. */
function cachedHash(text: string): string {
  let hash = hashes.get(text)
  if (hash === undefined) {
    if (hashes.size > 1000) hashes.clear()
    hash = fnv1a128(text)
    hashes.set(text, hash)
  }
  return hash
}
