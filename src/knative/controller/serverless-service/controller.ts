import {DEPLOYMENTS} from '../../../api/apps/v1.ts'
import {SYSTEM_NAMESPACE} from '../../../api/config/system-namespace.ts'
import {CORE_SERVICES, ENDPOINTS, type Endpoints} from '../../../api/core/v1.ts'
import {SERVERLESS_SERVICES, type ServerlessService} from '../../../api/networking/v1alpha1.ts'
import type {Client} from '../../../client/client.ts'
import {Controller} from '../../../controller/controller.ts'
import type {EventRecorder} from '../../../controller/event-recorder.ts'
import type {InformerFactory} from '../../../controller/informer.ts'
import type {Clock} from '../../../util/clock.ts'
import {ACTIVATOR_SERVICE, ServerlessServiceReconciler} from './reconciler.ts'
import {SERVICE_TYPE_LABEL, SKS_LABEL} from './resources.ts'

/** What the controller of ServerlessServices is given. */
export interface ServerlessServiceControllerDeps {
  readonly client: Client
  readonly clock: Clock
  readonly events: EventRecorder
  readonly informers: InformerFactory
  readonly onError?: (key: string, error: unknown) => void
}

/** Builds the controller of ServerlessServices. */
export function createServerlessServiceController(
  deps: ServerlessServiceControllerDeps,
): Controller<ServerlessService> {
  const {informers} = deps
  const services = informers.of(CORE_SERVICES)
  const endpoints = informers.of(ENDPOINTS)
  const controller = new Controller({
    ...deps,
    failureEvents: true,
    informer: informers.of(SERVERLESS_SERVICES),
    reconciler: new ServerlessServiceReconciler({
      client: deps.client,
      services,
      endpoints,
      deployments: informers.of(DEPLOYMENTS),
    }),
  })
  controller.watchOwned(services)
  controller.watchOwned(endpoints)
  controller.watch(endpoints, privateEndpointsOf)

  // The activators are in everybody's path.
  const resync = (changed: Endpoints): void => {
    const {namespace, name} = changed.metadata
    if (namespace === SYSTEM_NAMESPACE && name === ACTIVATOR_SERVICE) controller.enqueueAll()
  }
  endpoints.addHandler({onSet: resync, onDelete: resync})
  return controller
}

/** The ServerlessService whose private Service these endpoints belong to. */
function privateEndpointsOf(endpoints: Endpoints): string[] {
  const {namespace, labels = {}} = endpoints.metadata
  const sks = labels[SKS_LABEL]
  if (sks === undefined || labels[SERVICE_TYPE_LABEL] !== 'Private') return []
  return [`${namespace ?? ''}/${sks}`]
}
