import type {Namespace} from '../../../api/core/v1.ts'
import {KCERTIFICATES} from '../../../api/networking/v1alpha1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {NamespaceCertificates} from './reconciler.ts'

/** Builds the controller that gives namespaces their wildcard certificates. */
export function createNamespaceCertificateController(
  deps: KnativeControllerDeps,
): Controller<Namespace> {
  const {client, configs, informers} = deps
  const certificates = informers.of(KCERTIFICATES)
  const controller = createKnativeController(deps, {
    component: 'namespace-controller',
    reconciler: new NamespaceCertificates({client, configs, certificates}),
    resyncOn: ['network', 'domain'],
  })
  controller.watchOwned(certificates)
  return controller
}
