import {
  CORE_SERVICES,
  type CoreService,
  ENDPOINTS,
  type Endpoints,
  PODS,
} from '../../../api/core/v1.ts'
import {keyOf, parseKey} from '../../../api/meta/object.ts'
import {isAlreadyExists, isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {Lister} from '../../../controller/informer.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {type ControllerDeps, errorSink} from '../controller-deps.ts'
import {KeyLoop, type RunnableController} from '../../../controller/key-loop.ts'
import {ServiceSelection} from '../service-selection.ts'
import {TriggerTimes, withTriggerTime} from '../trigger-times.ts'
import {makeSubsets} from './subsets.ts'
import {HEADLESS_LABEL} from '../../../api/meta/well-known.ts'

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by'

/**
 * Keeps the Endpoints of every Service with a selector equal to the pods it selects. Endpoints of
 * Services without one belong to whoever wrote them.
 *
 * Counterpart of kubernetes `pkg/controller/endpoint`.
 */
export function createEndpointsController(deps: ControllerDeps): RunnableController {
  const services = deps.informers.of(CORE_SERVICES)
  const endpoints = deps.informers.of(ENDPOINTS)
  const selection = new ServiceSelection(services, deps.informers.of(PODS))
  const sync = new EndpointsSync({client: deps.client, services, endpoints, selection})
  const loop = new KeyLoop({
    clock: deps.clock,
    sync: (key) => sync.sync(key),
    onError: errorSink(deps, 'endpoint-controller'),
  })
  const enqueue = (key: string): void => loop.queue.add(key)
  services.addHandler({
    onSet: (service) => enqueue(keyOf(service)),
    onDelete: (service) => enqueue(keyOf(service)),
  })
  // Somebody else deleted what is ours: write it again.
  endpoints.addHandler({onDelete: (object) => enqueue(keyOf(object))})
  selection.onPodChange(enqueue)
  return loop
}

class EndpointsSync {
  readonly #client: Client
  readonly #services: Lister<CoreService>
  readonly #endpoints: Lister<Endpoints>
  readonly #selection: ServiceSelection
  readonly #triggers = new TriggerTimes()

  constructor(options: {
    client: Client
    services: Lister<CoreService>
    endpoints: Lister<Endpoints>
    selection: ServiceSelection
  }) {
    this.#client = options.client
    this.#services = options.services
    this.#endpoints = options.endpoints
    this.#selection = options.selection
  }

  async sync(key: string): Promise<void> {
    const {namespace, name} = parseKey(key)
    const service = this.#services.get(namespace, name)
    const current = this.#endpoints.get(namespace, name)
    if (service === undefined) {
      this.#triggers.forget(key)
      if (current !== undefined) await this.#delete(current)
      return
    }
    if (service.spec.selector === undefined || service.spec.type === 'ExternalName') return

    const pods = this.#selection.podsOf(service)
    const time = this.#triggers.observe(key, service, pods)
    const subsets = makeSubsets(service, pods)
    const labels = labelsOf(service)
    if (
      current !== undefined &&
      semanticEqual(current.subsets, subsets) &&
      semanticEqual(current.metadata.labels, labels)
    ) {
      return
    }
    const annotations = withTriggerTime(current?.metadata.annotations, time)
    if (current === undefined) {
      await this.#create({
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: {name, ...(namespace !== undefined && {namespace}), labels, annotations},
        subsets,
      })
    } else {
      await this.#client.update(ENDPOINTS, {
        ...current,
        metadata: {...current.metadata, labels, annotations},
        subsets,
      })
    }
  }

  async #create(endpoints: Endpoints): Promise<void> {
    try {
      await this.#client.create(ENDPOINTS, endpoints)
    } catch (error) {
      // The cache has not seen our own write yet; its event brings us back here.
      if (!isAlreadyExists(error)) throw error
    }
  }

  async #delete(endpoints: Endpoints): Promise<void> {
    try {
      await this.#client.delete(ENDPOINTS, endpoints.metadata)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function labelsOf(service: CoreService): Record<string, string> {
  const {[HEADLESS_LABEL]: _, ...labels} = service.metadata.labels ?? {}
  return {
    ...labels,
    ...(service.spec.clusterIP === 'None' && {[HEADLESS_LABEL]: ''}),
    [MANAGED_BY]: 'endpoint-controller',
  }
}
