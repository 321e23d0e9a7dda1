import {ENDPOINT_SLICES} from '../../../api/apps/v1.ts'
import {CORE_SERVICES, type CoreService, ENDPOINTS, PODS} from '../../../api/core/v1.ts'
import {keyOf, parseKey} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {type ControllerDeps, errorSink} from '../controller-deps.ts'
import {KeyLoop, type RunnableController} from '../../../controller/key-loop.ts'
import {ServiceSelection} from '../service-selection.ts'
import {TriggerTimes, withTriggerTime} from '../trigger-times.ts'
import {copiedEndpoints, copiedMetadata} from './copied-endpoints.ts'
import {isManaged, SLICE_MANAGED_BY, SLICE_MANAGER, SliceWriter} from './slice-writer.ts'
import {groupEndpoints, planSlices} from './slices.ts'
import {HEADLESS_LABEL, SERVICE_NAME_LABEL} from '../../../api/meta/well-known.ts'

/**
 * Keeps the EndpointSlices of every Service equal to the pods it selects, or to the Endpoints that
 * somebody writes for it: `kubectl describe service` and others read only slices.
 *
 * Counterpart of kubernetes `pkg/controller/endpointslice` and `endpointslicemirroring`.
 */
export function createEndpointSliceController(deps: ControllerDeps): RunnableController {
  const services = deps.informers.of(CORE_SERVICES)
  const endpoints = deps.informers.of(ENDPOINTS)
  const slices = deps.informers.of(ENDPOINT_SLICES)
  const selection = new ServiceSelection(services, deps.informers.of(PODS))
  const writer = new SliceWriter(deps.client, slices)
  const triggers = new TriggerTimes()

  /** Slices of Endpoints that are gone go with them; the garbage collector sees to it. */
  const copyEndpoints = async (key: string): Promise<void> => {
    const {namespace, name} = parseKey(key)
    const source = endpoints.get(namespace, name)
    if (source === undefined || source.metadata.deletionTimestamp !== undefined) return
    const existing = writer.of(key)
    const groups = copiedEndpoints(source)
    const metadata = copiedMetadata(source)
    const plan =
      groups.length === 0
        ? {create: [], update: [], delete: existing}
        : planSlices(groups, existing, metadata)
    await writer.write(source, controllerReference(source, ENDPOINTS), plan, metadata)
  }

  const loop = new KeyLoop({
    clock: deps.clock,
    onError: errorSink(deps, 'endpoint-slice-controller'),
    async sync(key) {
      const {namespace, name} = parseKey(key)
      const service = services.get(namespace, name)
      if (service === undefined) {
        // The slices go with their owner; the garbage collector sees to it.
        triggers.forget(key)
        return
      }
      if (service.spec.type === 'ExternalName') return
      if (service.spec.selector === undefined) return copyEndpoints(key)
      const pods = selection.podsOf(service)
      const existing = writer.of(key)
      const metadata = {
        labels: labelsOf(service),
        annotations: withTriggerTime(undefined, triggers.observe(key, service, pods)),
      }
      const plan = planSlices(groupEndpoints(service, pods), existing, metadata)
      await writer.write(service, controllerReference(service, CORE_SERVICES), plan, metadata)
    },
  })

  const enqueue = (key: string): void => loop.queue.add(key)
  services.addHandler({onSet: (service) => enqueue(keyOf(service))})
  endpoints.addHandler({
    onSet(source) {
      const service = services.get(source.metadata.namespace, source.metadata.name)
      if (service !== undefined && service.spec.selector === undefined) enqueue(keyOf(source))
    },
  })
  slices.addHandler({
    onDelete(slice) {
      const service = slice.metadata.labels?.[SERVICE_NAME_LABEL]
      if (service !== undefined && isManaged(slice))
        enqueue(`${slice.metadata.namespace}/${service}`)
    },
  })
  selection.onPodChange(enqueue)
  return loop
}

function labelsOf(service: CoreService): Record<string, string> {
  return {
    ...service.metadata.labels,
    ...(service.spec.clusterIP === 'None' && {[HEADLESS_LABEL]: ''}),
    [SERVICE_NAME_LABEL]: service.metadata.name,
    [SLICE_MANAGED_BY]: SLICE_MANAGER,
  }
}
