import {DEPLOYMENTS} from '../../../api/apps/v1.ts'
import {SYSTEM_NAMESPACE} from '../../../api/config/system-namespace.ts'
import {CORE_SERVICES, ENDPOINTS, type Endpoints} from '../../../api/core/v1.ts'
import {SERVERLESS_SERVICE_CONDITIONS} from '../../../api/networking/serverless-service-lifecycle.ts'
import type {ServerlessService} from '../../../api/networking/v1alpha1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {ACTIVATOR_SERVICE, ServerlessServiceReconciler} from './reconciler.ts'
import {SERVICE_TYPE_LABEL, SKS_LABEL} from './resources.ts'

/** Builds the controller of ServerlessServices. */
export function createServerlessServiceController(
  deps: KnativeControllerDeps,
): Controller<ServerlessService> {
  const {informers} = deps
  const services = informers.of(CORE_SERVICES)
  const endpoints = informers.of(ENDPOINTS)
  const controller = createKnativeController(deps, {
    component: 'serverlessservice-controller',
    conditions: SERVERLESS_SERVICE_CONDITIONS,
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
