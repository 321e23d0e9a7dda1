import {CORE_SERVICES, ENDPOINTS} from '../../../api/core/v1.ts'
import {KCERTIFICATES, KINGRESSES} from '../../../api/networking/v1alpha1.ts'
import {ROUTE_CONDITIONS} from '../../../api/serving/route-lifecycle.ts'
import {CONFIGURATIONS, REVISIONS, type Route} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {routeOf, SERVICES_BY_ROUTE} from './placeholders.ts'
import {RouteReconciler} from './reconciler.ts'
import {
  CERTIFICATES_BY_ROUTE,
  routeOfCertificate,
  wildcardDomainOf,
  WILDCARDS_BY_DOMAIN,
} from './route-tls.ts'

/** Builds the controller of Routes. */
export function createRouteController(deps: KnativeControllerDeps): Controller<Route> {
  const {client, configs, informers} = deps
  const configurations = informers.of(CONFIGURATIONS)
  const revisions = informers.of(REVISIONS)
  const services = informers.of(CORE_SERVICES)
  const ingresses = informers.of(KINGRESSES)
  const certificates = informers.of(KCERTIFICATES)
  services.addIndex(SERVICES_BY_ROUTE, routeOf)
  certificates.addIndex(CERTIFICATES_BY_ROUTE, routeOfCertificate)
  certificates.addIndex(WILDCARDS_BY_DOMAIN, wildcardDomainOf)
  const controller = createKnativeController(deps, {
    component: 'route-controller',
    reconciler: new RouteReconciler({
      client,
      configs,
      configurations,
      revisions,
      services,
      endpoints: informers.of(ENDPOINTS),
      ingresses,
      certificates,
    }),
    conditions: ROUTE_CONDITIONS,
    resyncOn: ['network', 'domain'],
  })
  controller.watchOwned(services)
  controller.watchOwned(ingresses)
  controller.watchOwned(certificates)
  controller.watchTracked(configurations)
  controller.watchTracked(revisions)
  return controller
}
