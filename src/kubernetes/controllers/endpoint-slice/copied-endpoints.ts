/** The slices of Endpoints that somebody writes by hand, as Knative does for its public Services. */
import type {EndpointSlice} from '../../../api/apps/v1.ts'
import type {EndpointAddress, Endpoints} from '../../../api/core/v1.ts'
import {sortSlicePorts} from '../endpoints/ports.ts'
import {withTriggerTime} from '../trigger-times.ts'
import {COPYING_MANAGER, SLICE_MANAGED_BY} from './slice-writer.ts'
import type {EndpointGroup} from './slices.ts'
import {LAST_APPLIED_ANNOTATION, SERVICE_NAME_LABEL} from '../../../api/meta/well-known.ts'

/** The endpoints of each subset, ready ones first. */
export function copiedEndpoints({subsets = []}: Endpoints): EndpointGroup[] {
  return subsets.map(({ports = [], addresses = [], notReadyAddresses = []}) => ({
    ports: sortSlicePorts(ports),
    endpoints: [
      ...addresses.map((address) => makeEndpoint(address, true)),
      ...notReadyAddresses.map((address) => makeEndpoint(address, false)),
    ],
  }))
}

function makeEndpoint(
  {ip, targetRef, nodeName}: EndpointAddress,
  ready: boolean,
): EndpointSlice['endpoints'][number] {
  return {
    addresses: [ip],
    conditions: {ready},
    ...(targetRef && {targetRef: {...targetRef}}),
    ...(nodeName !== undefined && {nodeName}),
  }
}

/** The labels and annotations of such slices: those of the Endpoints, but for when they changed. */
export function copiedMetadata({
  metadata,
}: Endpoints): Required<Pick<EndpointSlice['metadata'], 'labels' | 'annotations'>> {
  const {[LAST_APPLIED_ANNOTATION]: _, ...annotations} = metadata.annotations ?? {}
  return {
    labels: {
      ...metadata.labels,
      [SERVICE_NAME_LABEL]: metadata.name,
      [SLICE_MANAGED_BY]: COPYING_MANAGER,
    },
    annotations: withTriggerTime(annotations, undefined),
  }
}
