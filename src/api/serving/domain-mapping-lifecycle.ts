/** Counterpart of knative.dev/serving `pkg/apis/serving/v1beta1/domainmapping_lifecycle.go`. */
import {ConditionManager, getCondition, livingConditionSet} from '../condition-set.ts'
import type {KIngress} from '../networking/v1alpha1.ts'
import {statusOf} from '../reconcile-status.ts'
import type {DomainMapping} from './v1.ts'

/** The conditions of a DomainMapping. */
export const DOMAIN_MAPPING_CONDITIONS = livingConditionSet(
  'DomainClaimed',
  'ReferenceResolved',
  'IngressReady',
  'CertificateProvisioned',
)

/** Says in the status of a DomainMapping how far its claim, its target and its KIngress are. */
export class DomainMappingLifecycle {
  readonly #conditions: ConditionManager

  constructor(mapping: DomainMapping, nowMs: number) {
    this.#conditions = new ConditionManager(DOMAIN_MAPPING_CONDITIONS, statusOf(mapping), nowMs)
  }

  /** Plain HTTP is what the cluster or the mapping wants. */
  markTlsNotEnabled(message: string): void {
    this.#conditions.markTrue('CertificateProvisioned', 'TLSNotEnabled', message)
  }

  /** The author of the mapping brought a certificate. */
  markCertificateNotRequired(): void {
    this.#conditions.markTrue(
      'CertificateProvisioned',
      'CertificateExternallyProvided',
      'TLS certificate was provided externally',
    )
  }

  /** The certificate is there. */
  markCertificateReady(): void {
    this.#conditions.markTrue('CertificateProvisioned')
  }

  /** Somebody is at work on the certificate. */
  markCertificateNotReady(name: string): void {
    this.#conditions.markUnknown(
      'CertificateProvisioned',
      'CertificateNotReady',
      `Certificate ${name} is not ready.`,
    )
  }

  /** Without its certificate the domain is served over plain HTTP. */
  markHttpDowngrade(name: string): void {
    this.#conditions.markTrue(
      'CertificateProvisioned',
      'HTTPDowngrade',
      `Certificate ${name} is not ready downgrade HTTP.`,
    )
  }

  /** A certificate of the wanted name belongs to somebody else. */
  markCertificateNotOwned(name: string): void {
    this.#conditions.markFalse(
      'CertificateProvisioned',
      'CertificateNotOwned',
      `There is an existing certificate ${name} that we don't own.`,
    )
  }

  /** The certificate could not even be asked for. */
  markCertificateProvisionFailed(name: string): void {
    this.#conditions.markFalse(
      'CertificateProvisioned',
      'CertificateProvisionFailed',
      `Certificate ${name} failed to be provisioned.`,
    )
  }

  /** The KIngress says nothing yet about what we want of it. */
  markIngressNotConfigured(): void {
    this.#conditions.markUnknown(
      'IngressReady',
      'IngressNotConfigured',
      'Ingress has not yet been reconciled.',
    )
  }

  /** The namespace may use the domain. */
  markDomainClaimed(): void {
    this.#conditions.markTrue('DomainClaimed')
  }

  /**
   * The namespace may not use the domain.
   *
   * Upstream bug kept: the message is the same where nobody claimed it (and claims are not made
   * automatically).
   */
  markDomainClaimNotOwned(): void {
    this.#conditions.markFalse(
      'DomainClaimed',
      'DomainAlreadyClaimed',
      'The domain name is already in use by another DomainMapping',
    )
  }

  /** The target has an address. */
  markReferenceResolved(): void {
    this.#conditions.markTrue('ReferenceResolved')
  }

  /** The target is missing or has no address we can use. */
  markReferenceNotResolved(message: string): void {
    this.#conditions.markFalse('ReferenceResolved', 'ResolveFailed', message)
  }

  /** Takes over what the KIngress says about itself. */
  propagateIngressStatus(status: KIngress['status']): void {
    const ready = getCondition(status, 'Ready')
    if (ready === undefined) this.markIngressNotConfigured()
    else this.#conditions.propagate('IngressReady', ready)
  }
}
