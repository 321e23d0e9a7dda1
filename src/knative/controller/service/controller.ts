import {SERVICE_CONDITIONS} from '../../../api/serving/service-lifecycle.ts'
import {CONFIGURATIONS, ROUTES, type Service} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {revisionInformer} from '../revision-index.ts'
import {ServiceReconciler} from './reconciler.ts'

/** Builds the controller of Services. */
export function createServiceController(deps: KnativeControllerDeps): Controller<Service> {
  const {client, configs, informers} = deps
  const configurations = informers.of(CONFIGURATIONS)
  const routes = informers.of(ROUTES)
  const controller = createKnativeController(deps, {
    component: 'service-controller',
    reconciler: new ServiceReconciler({
      client,
      configs,
      configurations,
      routes,
      revisions: revisionInformer(informers),
    }),
    conditions: SERVICE_CONDITIONS,
  })
  controller.watchOwned(configurations)
  controller.watchOwned(routes)
  return controller
}
