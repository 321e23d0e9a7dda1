import {SECRETS} from '../../../api/core/v1.ts'
import {
  CERTIFICATE_CLASS_ANNOTATION,
  KNTOOL_CERTIFICATE_CLASS,
} from '../../../api/networking/names.ts'
import type {KCertificate} from '../../../api/networking/v1alpha1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {CertificateAuthority} from './authority.ts'
import {CERTIFICATE_CONDITIONS, CertificateIssuer} from './reconciler.ts'

/**
 * Builds the controller that issues certificates of the class {@link KNTOOL_CERTIFICATE_CLASS}.
 * Those of cert-manager's class, the default, are left to cert-manager.
 *
 * Counterpart of net-certmanager, with an authority of the cluster's own in place of cert-manager.
 */
export function createCertificateIssuer(deps: KnativeControllerDeps): Controller<KCertificate> {
  const {client, clock, informers} = deps
  const secrets = informers.of(SECRETS)
  const controller = createKnativeController(deps, {
    component: 'certificate-controller',
    reconciler: new CertificateIssuer({
      client,
      secrets,
      authority: new CertificateAuthority({client, clock}),
    }),
    where: ({metadata}) =>
      metadata.annotations?.[CERTIFICATE_CLASS_ANNOTATION] === KNTOOL_CERTIFICATE_CLASS,
    conditions: CERTIFICATE_CONDITIONS,
  })
  controller.watchOwned(secrets)
  return controller
}
