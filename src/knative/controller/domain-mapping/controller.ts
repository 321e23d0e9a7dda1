import {CORE_SERVICES} from '../../../api/core/v1.ts'
import {CLUSTER_DOMAIN_CLAIMS, KCERTIFICATES, KINGRESSES} from '../../../api/networking/v1alpha1.ts'
import {DOMAIN_MAPPING_CONDITIONS} from '../../../api/serving/domain-mapping-lifecycle.ts'
import {type DomainMapping, ROUTES, SERVICES} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {createKnativeController, type KnativeControllerDeps} from '../knative-controller.ts'
import {DomainMappingReconciler} from './reconciler.ts'

/** Builds the controller of DomainMappings. */
export function createDomainMappingController(
  deps: KnativeControllerDeps,
): Controller<DomainMapping> {
  const {client, configs, informers} = deps
  const claims = informers.of(CLUSTER_DOMAIN_CLAIMS)
  const ingresses = informers.of(KINGRESSES)
  const certificates = informers.of(KCERTIFICATES)
  const controller = createKnativeController(deps, {
    component: 'domainmapping-controller',
    reconciler: new DomainMappingReconciler({client, configs, claims, ingresses, certificates}),
    conditions: DOMAIN_MAPPING_CONDITIONS,
    resyncOn: ['network'],
  })
  controller.watchOwned(ingresses)
  controller.watchOwned(certificates)
  // A mapping has the name of its domain, and so has the claim.
  controller.watch(claims, ({metadata, spec}) =>
    spec.namespace === undefined ? [] : [`${spec.namespace}/${metadata.name}`],
  )
  controller.watchTracked(informers.of(SERVICES))
  controller.watchTracked(informers.of(ROUTES))
  controller.watchTracked(informers.of(CORE_SERVICES))
  return controller
}
