/**
 * Where a port of a core Service leads: to the ready addresses of its Endpoints, with the number that
 * the pods listen on. Everybody who goes from a Service to pods asks here.
 *
 * Counterpart of kubernetes `pkg/proxy`.
 */
import type {CoreService, Endpoints, ObjectReference, ServicePort} from '../../api/core/v1.ts'

/** Where a ready pod listens. */
export interface EndpointAddress {
  readonly ip: string
  readonly port: number
  /** The pod, where the Endpoints name it. */
  readonly targetRef?: ObjectReference
}

/** What is behind a port of a core Service. */
export type ServiceTarget =
  | {readonly kind: 'endpoints'; readonly addresses: readonly EndpointAddress[]}
  | {readonly kind: 'external-name'; readonly host: string}

/** What is behind `port` of a Service with these Endpoints; undefined without a Service. */
export function findTarget(
  service: CoreService | undefined,
  endpoints: Endpoints | undefined,
  port: number,
): ServiceTarget | undefined {
  if (service === undefined) return undefined
  if (service.spec.type === 'ExternalName') {
    return {kind: 'external-name', host: service.spec.externalName ?? ''}
  }
  const servicePort = findServicePort(service, port)
  const addresses = servicePort === undefined ? [] : addressesOfPort(endpoints, servicePort.name)
  return {kind: 'endpoints', addresses}
}

/** The port of a Service with this number. */
export function findServicePort({spec}: CoreService, port: number): ServicePort | undefined {
  return spec.ports?.find((candidate) => candidate.port === port)
}

/** The ready addresses that have the port of this name: the only port of a Service needs none. */
export function addressesOfPort(
  endpoints: Endpoints | undefined,
  portName: string | undefined,
): EndpointAddress[] {
  return (endpoints?.subsets ?? []).flatMap(({addresses = [], ports = []}) => {
    const port = ports.find(({name}) => (name ?? '') === (portName ?? ''))?.port
    if (port === undefined) return []
    return addresses.map(({ip, targetRef}) => ({ip, port, ...(targetRef && {targetRef})}))
  })
}

/** The addresses that are ready, whatever their ports; those of several subsets appear in each. */
export function readyAddresses(endpoints: Endpoints | undefined): string[] {
  return (endpoints?.subsets ?? []).flatMap(({addresses = []}) => addresses.map(({ip}) => ip))
}
