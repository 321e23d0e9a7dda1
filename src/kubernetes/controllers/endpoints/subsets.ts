import type {CoreService, EndpointAddress, EndpointSubset, Pod} from '../../../api/core/v1.ts'
import {isPodReady} from '../pod-conditions.ts'
import {type EndpointPort, endpointPorts, sortSubsetPorts} from './ports.ts'

/** Whether the pod can appear in endpoints: it has an address and has not ended. */
export function hasEndpoint(pod: Pod, includeTerminating: boolean): boolean {
  const phase = pod.status?.phase
  return (
    phase !== 'Failed' &&
    phase !== 'Succeeded' &&
    pod.status?.podIP !== undefined &&
    (includeTerminating || pod.metadata.deletionTimestamp === undefined)
  )
}

interface Offer {
  readonly port: EndpointPort | undefined
  readonly ready: Map<string, EndpointAddress>
  readonly notReady: Map<string, EndpointAddress>
}

/**
 * The subsets of a Service's Endpoints: addresses that offer the same ports stand together.
 *
 * Addresses are sorted by IP, ports as upstream sorts them, so that the same pods always give the
 * same value.
 *
 * Counterpart of kubernetes `pkg/api/v1/endpoints` RepackSubsets.
 */
export function makeSubsets(service: CoreService, pods: readonly Pod[]): EndpointSubset[] {
  const publishNotReady = service.spec.publishNotReadyAddresses ?? false
  const offers = new Map<string, Offer>()
  for (const pod of pods) {
    if (!hasEndpoint(pod, publishNotReady)) continue
    const ports = endpointPorts(service, pod)
    // A headless Service without ports still names its pods.
    const offered = (service.spec.ports ?? []).length === 0 ? [undefined] : ports
    for (const port of offered) {
      const offer = offerOf(offers, port)
      const bucket = publishNotReady || isPodReady(pod) ? offer.ready : offer.notReady
      bucket.set(pod.metadata.uid ?? pod.metadata.name, addressOf(pod))
    }
  }
  const bySameAddresses = Map.groupBy(offers.values(), ({ready, notReady}) =>
    [...[...ready.keys()].toSorted(), '|', ...[...notReady.keys()].toSorted()].join(),
  )
  return [...bySameAddresses.values()]
    .map((same) => toSubset(same))
    .toSorted((left, right) => (JSON.stringify(left.ports) < JSON.stringify(right.ports) ? -1 : 1))
}

function toSubset(offers: readonly Offer[]): EndpointSubset {
  const [first] = offers
  const ready = sortAddresses(first?.ready)
  const notReady = sortAddresses(first?.notReady)
  const ports = offers.flatMap(({port}) => (port === undefined ? [] : [port]))
  return {
    ...(ready.length > 0 && {addresses: ready}),
    ...(notReady.length > 0 && {notReadyAddresses: notReady}),
    ...(ports.length > 0 && {ports: sortSubsetPorts(ports)}),
  }
}

function offerOf(offers: Map<string, Offer>, port: EndpointPort | undefined): Offer {
  const id = JSON.stringify(port) ?? ''
  let offer = offers.get(id)
  if (offer === undefined) {
    offer = {port, ready: new Map(), notReady: new Map()}
    offers.set(id, offer)
  }
  return offer
}

function addressOf(pod: Pod): EndpointAddress {
  const {name, namespace = '', uid = ''} = pod.metadata
  return {
    ip: pod.status?.podIP ?? '',
    ...(pod.spec.nodeName !== undefined && {nodeName: pod.spec.nodeName}),
    targetRef: {kind: 'Pod', namespace, name, uid},
  }
}

function sortAddresses(addresses: Map<string, EndpointAddress> | undefined): EndpointAddress[] {
  return [...(addresses?.values() ?? [])].toSorted((left, right) => {
    if (left.ip !== right.ip) return left.ip < right.ip ? -1 : 1
    return (left.targetRef?.uid ?? '') < (right.targetRef?.uid ?? '') ? -1 : 1
  })
}
