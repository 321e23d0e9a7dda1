import {CORE_SERVICES} from '../../../api/core/v1.ts'
import {keyOf} from '../../../api/meta/object.ts'
import {CLUSTER_DOMAIN_CLAIMS, KCERTIFICATES, KINGRESSES} from '../../../api/networking/v1alpha1.ts'
import {DOMAIN_MAPPING_CONDITIONS} from '../../../api/serving/domain-mapping-lifecycle.ts'
import {DOMAIN_MAPPINGS, type DomainMapping, ROUTES, SERVICES} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {DomainMappingReconciler} from './reconciler.ts'

/** Index of DomainMappings by name: in whichever namespaces, they want the same domain. */
const MAPPINGS_BY_DOMAIN = 'domain'

/** Builds the controller of DomainMappings. */
export function createDomainMappingController(
  deps: KnativeControllerDeps,
): Controller<DomainMapping> {
  const {client, configs, informers} = deps
  const claims = informers.of(CLUSTER_DOMAIN_CLAIMS)
  const ingresses = informers.of(KINGRESSES)
  const certificates = informers.of(KCERTIFICATES)
  const mappings = informers.of(DOMAIN_MAPPINGS)
  mappings.addIndex(MAPPINGS_BY_DOMAIN, ({metadata}) => [metadata.name])
  const controller = createKnativeController(deps, {
    component: 'domainmapping-controller',
    reconciler: new DomainMappingReconciler({client, configs, claims, ingresses, certificates}),
    conditions: DOMAIN_MAPPING_CONDITIONS,
    resyncOn: ['network'],
  })
  controller.watchOwned(ingresses)
  controller.watchOwned(certificates)
  // A mapping has the name of its domain, and so has the claim. All are asked, not only those of the
  // claim's namespace: the others wait for it to go. Upstream's find out when they try again.
  controller.watch(claims, ({metadata}) =>
    mappings.byIndex(MAPPINGS_BY_DOMAIN, metadata.name).map(keyOf),
  )
  controller.watchTracked(informers.of(SERVICES))
  controller.watchTracked(informers.of(ROUTES))
  controller.watchTracked(informers.of(CORE_SERVICES))
  return controller
}
