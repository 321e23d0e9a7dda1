/**
 * How endpoints are spread over EndpointSlices. Nothing here does I/O.
 *
 * Counterpart of k8s.io/endpointslice `reconciler.go`.
 */
import type {EndpointSlice} from '../../../api/apps/v1.ts'
import type {CoreService, Pod} from '../../../api/core/v1.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {type EndpointPort, endpointPorts, sortSlicePorts} from '../endpoints/ports.ts'
import {hasEndpoint} from '../endpoints/subsets.ts'
import {isPodReady} from '../pod-conditions.ts'

type Endpoint = EndpointSlice['endpoints'][number]

/** Endpoints that share one list of ports, in the order they shall be stored. */
export interface EndpointGroup {
  readonly ports: readonly EndpointPort[]
  readonly endpoints: readonly Endpoint[]
}

/** The endpoints of a Service's pods, grouped by the ports they offer. */
export function groupEndpoints(service: CoreService, pods: readonly Pod[]): EndpointGroup[] {
  const groups = new Map<string, {ports: EndpointPort[]; endpoints: Endpoint[]}>()
  for (const pod of pods) {
    if (!hasEndpoint(pod, true)) continue
    const ports = sortSlicePorts(endpointPorts(service, pod))
    const id = JSON.stringify(ports)
    const group = groups.get(id)
    const endpoint = makeEndpoint(service, pod)
    if (group === undefined) groups.set(id, {ports, endpoints: [endpoint]})
    else group.endpoints.push(endpoint)
  }
  return [...groups.values()]
}

function makeEndpoint(service: CoreService, pod: Pod): Endpoint {
  const {name, namespace = '', uid = ''} = pod.metadata
  const serving = isPodReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    targetRef: {kind: 'Pod', namespace, name, uid},
    ...(pod.spec.nodeName !== undefined && {nodeName: pod.spec.nodeName}),
  }
}

/** What has to be written so that the slices hold the endpoints. */
export interface SlicePlan {
  readonly create: readonly Pick<EndpointSlice, 'endpoints' | 'ports'>[]
  readonly update: readonly EndpointSlice[]
  readonly delete: readonly EndpointSlice[]
}

/**
 * Spreads `groups` over slices of at most `maxPerSlice`, moving as little as possible: an endpoint
 * stays in the slice it is in, new ones fill slices that have room, an empty slice is used again.
 */
export function planSlices(
  groups: readonly EndpointGroup[],
  existing: readonly EndpointSlice[],
  metadata: Pick<EndpointSlice['metadata'], 'labels' | 'annotations'>,
  maxPerSlice = 100,
): SlicePlan {
  const plan = {
    create: [] as Pick<EndpointSlice, 'endpoints' | 'ports'>[],
    update: [] as EndpointSlice[],
    delete: [] as EndpointSlice[],
  }
  const unused = new Set(existing)
  // A Service without endpoints keeps one empty slice: it shows that somebody looked.
  const wanted = groups.length === 0 ? [{ports: [], endpoints: []}] : groups
  for (const group of wanted) {
    const own = existing.filter((slice) => unused.has(slice) && samePorts(slice, group))
    const reusable = own.length > 0 ? own : [...unused].slice(0, 1)
    for (const slice of reusable) unused.delete(slice)
    const missing = new Map(group.endpoints.map((endpoint) => [idOf(endpoint), endpoint]))
    const kept = reusable.map((slice) => ({slice, endpoints: takeKept(slice, missing)}))
    for (const {endpoints} of kept) fill(endpoints, missing, maxPerSlice)
    for (const {slice, endpoints} of kept) {
      const isOnly = kept.length === 1 && groups.length <= 1
      if (endpoints.length === 0 && !isOnly) plan.delete.push(slice)
      else if (differs(slice, group.ports, endpoints, metadata)) {
        plan.update.push(withContent(slice, group.ports, endpoints, metadata))
      }
    }
    while (missing.size > 0 || kept.length + plan.create.length === 0) {
      const endpoints: Endpoint[] = []
      fill(endpoints, missing, maxPerSlice)
      plan.create.push({endpoints, ports: [...group.ports]})
    }
  }
  plan.delete.push(...unused)
  return plan
}

function takeKept(slice: EndpointSlice, missing: Map<string, Endpoint>): Endpoint[] {
  const kept: Endpoint[] = []
  for (const endpoint of slice.endpoints ?? []) {
    const current = missing.get(idOf(endpoint))
    if (current === undefined) continue
    missing.delete(idOf(endpoint))
    kept.push(current)
  }
  return kept
}

function fill(endpoints: Endpoint[], missing: Map<string, Endpoint>, max: number): void {
  for (const [id, endpoint] of missing) {
    if (endpoints.length >= max) return
    endpoints.push(endpoint)
    missing.delete(id)
  }
}

function differs(
  slice: EndpointSlice,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
  metadata: Pick<EndpointSlice['metadata'], 'labels' | 'annotations'>,
): boolean {
  return (
    !semanticEqual(slice.endpoints, endpoints) ||
    !semanticEqual(slice.ports, ports) ||
    !semanticEqual(slice.metadata.labels, metadata.labels)
  )
}

function withContent(
  slice: EndpointSlice,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
  metadata: Pick<EndpointSlice['metadata'], 'labels' | 'annotations'>,
): EndpointSlice {
  return {
    ...slice,
    metadata: {...slice.metadata, ...metadata},
    endpoints: [...endpoints],
    ports: [...ports],
  }
}

function samePorts(slice: EndpointSlice, group: EndpointGroup): boolean {
  return semanticEqual(slice.ports, group.ports)
}

/** An endpoint is the same one as long as it is the same pod at the same address. */
function idOf(endpoint: Endpoint): string {
  return `${endpoint.addresses.join()}/${endpoint.targetRef?.['uid'] ?? ''}`
}
