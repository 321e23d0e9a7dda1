import {ENDPOINT_SLICES, type EndpointSlice} from '../../../api/apps/v1.ts'
import {
  CORE_SERVICES,
  type EndpointAddress,
  ENDPOINTS,
  type Endpoints,
} from '../../../api/core/v1.ts'
import {keyOf, parseKey} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {type ControllerDeps, errorSink} from '../controller-deps.ts'
import {sortSlicePorts} from '../endpoints/ports.ts'
import {KeyLoop, type RunnableController} from '../key-loop.ts'
import {LAST_CHANGE_TRIGGER_TIME} from '../trigger-times.ts'
import {SERVICE_NAME, SLICE_MANAGED_BY, SliceWriter} from './slice-writer.ts'
import {type EndpointGroup, planSlices} from './slices.ts'

const MANAGER = 'endpointslicemirroring-controller.k8s.io'
const SKIP = 'endpointslice.kubernetes.io/skip-mirror'
const MAX_PER_SUBSET = 1000

/**
 * Copies Endpoints that somebody writes by hand (as Knative does for its public Services) into
 * EndpointSlices, for those who read only slices.
 *
 * Counterpart of kubernetes `pkg/controller/endpointslicemirroring`.
 */
export function createEndpointSliceMirroringController(deps: ControllerDeps): RunnableController {
  const services = deps.informers.of(CORE_SERVICES)
  const endpoints = deps.informers.of(ENDPOINTS)
  const writer = new SliceWriter(deps.client, deps.informers.of(ENDPOINT_SLICES), MANAGER)

  const loop = new KeyLoop({
    clock: deps.clock,
    onError: errorSink(deps, 'endpoint-slice-mirroring-controller'),
    async sync(key) {
      const {namespace, name} = parseKey(key)
      const source = endpoints.get(namespace, name)
      const service = services.get(namespace, name)
      const existing = writer.of(key)
      if (source === undefined || service === undefined || !isMirrored(source, service.spec)) {
        for (const slice of existing) await writer.delete(slice)
        return
      }
      const metadata = {labels: labelsOf(source), annotations: annotationsOf(source)}
      const groups = mirrorSubsets(source)
      if (groups.length === 0) {
        for (const slice of existing) await writer.delete(slice)
        return
      }
      const plan = planSlices(groups, existing, metadata, MAX_PER_SUBSET)
      await writer.write(source, controllerReference(source, ENDPOINTS), plan, metadata)
    },
  })

  const enqueue = (object: {metadata: {namespace?: string; name: string}}): void =>
    loop.queue.add(keyOf(object as Endpoints))
  endpoints.addHandler({onSet: enqueue, onDelete: enqueue})
  services.addHandler({onSet: enqueue, onDelete: enqueue})
  return loop
}

function isMirrored(endpoints: Endpoints, spec: {selector?: Record<string, string>}): boolean {
  return (
    spec.selector === undefined &&
    endpoints.metadata.labels?.[SKIP] !== 'true' &&
    endpoints.metadata.deletionTimestamp === undefined
  )
}

/** The endpoints of each subset, ready ones first. */
export function mirrorSubsets(endpoints: Endpoints): EndpointGroup[] {
  return (endpoints.subsets ?? []).map((subset) => ({
    ports: sortSlicePorts(subset.ports ?? []),
    endpoints: [
      ...(subset.addresses ?? []).map((address) => makeEndpoint(address, true)),
      ...(subset.notReadyAddresses ?? []).map((address) => makeEndpoint(address, false)),
    ].slice(0, MAX_PER_SUBSET),
  }))
}

function makeEndpoint(
  address: EndpointAddress,
  ready: boolean,
): EndpointSlice['endpoints'][number] {
  return {
    addresses: [address.ip],
    conditions: {ready},
    ...(address.targetRef && {targetRef: {...address.targetRef}}),
    ...(address.nodeName !== undefined && {nodeName: address.nodeName}),
  }
}

function labelsOf(endpoints: Endpoints): Record<string, string> {
  return {
    ...endpoints.metadata.labels,
    [SERVICE_NAME]: endpoints.metadata.name,
    [SLICE_MANAGED_BY]: MANAGER,
  }
}

function annotationsOf(endpoints: Endpoints): Record<string, string> {
  const {
    [LAST_CHANGE_TRIGGER_TIME]: _time,
    'kubectl.kubernetes.io/last-applied-configuration': _applied,
    ...annotations
  } = endpoints.metadata.annotations ?? {}
  return annotations
}
