import {ENDPOINT_SLICES} from '../../../api/apps/v1.ts'
import {CORE_SERVICES, type CoreService, PODS} from '../../../api/core/v1.ts'
import {keyOf, parseKey} from '../../../api/meta/object.ts'
import {type ControllerDeps, errorSink} from '../controller-deps.ts'
import {KeyLoop, type RunnableController} from '../key-loop.ts'
import {ServiceSelection} from '../service-selection.ts'
import {TriggerTimes, withTriggerTime} from '../trigger-times.ts'
import {SERVICE_NAME, SLICE_MANAGED_BY, SLICE_MANAGER, SliceWriter} from './slice-writer.ts'
import {groupEndpoints, planSlices} from './slices.ts'

const HEADLESS = 'service.kubernetes.io/headless'

/**
 * Keeps the EndpointSlices of every Service with a selector equal to the pods it selects.
 *
 * Counterpart of kubernetes `pkg/controller/endpointslice`.
 */
export function createEndpointSliceController(deps: ControllerDeps): RunnableController {
  const services = deps.informers.of(CORE_SERVICES)
  const slices = deps.informers.of(ENDPOINT_SLICES)
  const selection = new ServiceSelection(services, deps.informers.of(PODS))
  const writer = new SliceWriter(deps.client, slices)
  const triggers = new TriggerTimes()

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
      if (service.spec.selector === undefined || service.spec.type === 'ExternalName') return
      const pods = selection.podsOf(service)
      const existing = writer.of(key)
      const metadata = {
        labels: labelsOf(service),
        annotations: withTriggerTime(undefined, triggers.observe(key, service, pods)),
      }
      const plan = planSlices(groupEndpoints(service, pods), existing, metadata)
      await writer.write(service, plan, metadata)
    },
  })

  const enqueue = (key: string): void => loop.queue.add(key)
  services.addHandler({onSet: (service) => enqueue(keyOf(service))})
  slices.addHandler({
    onDelete: ({metadata}) => {
      const service = metadata.labels?.[SERVICE_NAME]
      if (service !== undefined && metadata.labels?.[SLICE_MANAGED_BY] === SLICE_MANAGER) {
        enqueue(`${metadata.namespace}/${service}`)
      }
    },
  })
  selection.onPodChange(enqueue)
  return loop
}

function labelsOf(service: CoreService): Record<string, string> {
  return {
    ...service.metadata.labels,
    ...(service.spec.clusterIP === 'None' && {[HEADLESS]: ''}),
    [SERVICE_NAME]: service.metadata.name,
    [SLICE_MANAGED_BY]: SLICE_MANAGER,
  }
}
