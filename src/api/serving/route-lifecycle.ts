/** Counterpart of knative.dev/serving `pkg/apis/serving/v1/route_lifecycle.go`. */
import {quote} from '../../util/strconv.ts'
import {ConditionManager, getCondition, isFalse, livingConditionSet} from '../condition-set.ts'
import type {KCertificate, KIngress} from '../networking/v1alpha1.ts'
import {statusOf} from '../reconcile-status.ts'
import type {Route} from './v1.ts'

/** The conditions of a Route. */
export const ROUTE_CONDITIONS = livingConditionSet(
  'AllTrafficAssigned',
  'IngressReady',
  'CertificateProvisioned',
)

/** Why no certificate is needed: nobody asks for one. */
export const EXTERNAL_TLS_NOT_ENABLED = 'external-domain-tls is not enabled'
/** Why no certificate is needed: the host is the cluster's own. */
export const NO_TLS_FOR_CLUSTER_LOCAL = 'TLS is not enabled for cluster-local'

/** Whether the Route failed, and with its newest spec. */
export function isRouteFailed(route: Route): boolean {
  return (
    route.status?.observedGeneration === route.metadata.generation && isFalse(route.status, 'Ready')
  )
}

/** Says in the status of a Route how far its traffic, its KIngress and its certificate are. */
export class RouteLifecycle {
  readonly #conditions: ConditionManager

  constructor(route: Route, nowMs: number) {
    this.#conditions = new ConditionManager(ROUTE_CONDITIONS, statusOf(route), nowMs)
  }

  /** Whether the KIngress was ready when it was looked at last. */
  get ingressReady(): boolean {
    return this.#conditions.get('IngressReady')?.status === 'True'
  }

  /** Every share of the traffic has a revision that can take it. */
  markTrafficAssigned(): void {
    this.#conditions.markTrue('AllTrafficAssigned')
  }

  /** The traffic cannot be assigned for a reason that lies in us. */
  markUnknownTrafficError(message: string): void {
    this.#conditions.markUnknown('AllTrafficAssigned', 'Unknown', message)
  }

  /** No revision of the Configuration was ever ready. */
  markConfigurationNotReady(name: string): void {
    this.#conditions.markUnknown(
      'AllTrafficAssigned',
      'RevisionMissing',
      `Configuration ${quote(name)} is waiting for a Revision to become ready.`,
    )
  }

  /** No revision of the Configuration was ever ready, and the newest one failed. */
  markConfigurationFailed(name: string): void {
    this.#conditions.markFalse(
      'AllTrafficAssigned',
      'RevisionMissing',
      `Configuration ${quote(name)} does not have any ready Revision.`,
    )
  }

  /** A revision named in the traffic may still become ready. */
  markRevisionNotReady(name: string): void {
    this.#conditions.markUnknown(
      'AllTrafficAssigned',
      'RevisionMissing',
      `Revision ${quote(name)} is not yet ready.`,
    )
  }

  /** A revision named in the traffic failed. */
  markRevisionFailed(name: string): void {
    this.#conditions.markFalse(
      'AllTrafficAssigned',
      'RevisionMissing',
      `Revision ${quote(name)} failed to become ready.`,
    )
  }

  /** Something named in the traffic does not exist. */
  markMissingTrafficTarget(kind: 'Configuration' | 'Revision', name: string): void {
    this.#conditions.markFalse(
      'AllTrafficAssigned',
      `${kind}Missing`,
      `${kind} ${quote(name)} referenced in traffic not found.`,
    )
  }

  /** Plain HTTP is what the cluster or the Route wants. */
  markTlsNotEnabled(message: string): void {
    this.#conditions.markTrue('CertificateProvisioned', 'TLSNotEnabled', message)
  }

  /** The certificate is there. */
  markCertificateReady(): void {
    this.#conditions.markTrue('CertificateProvisioned')
  }

  /** Somebody is at work on the certificate. */
  markCertificateNotReady(certificate: KCertificate): void {
    const reason = getCondition(certificate.status, 'Ready')?.reason ?? ''
    this.#conditions.markUnknown(
      'CertificateProvisioned',
      'CertificateNotReady',
      `Certificate ${certificate.metadata.name} is not ready: ${reason}`,
    )
  }

  /** Without its certificate the host is served over plain HTTP. */
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
      `Certificate ${name} fails to be provisioned.`,
    )
  }

  /** A Service of the wanted name belongs to somebody else. */
  markServiceNotOwned(name: string): void {
    this.#conditions.markFalse(
      'IngressReady',
      'NotOwned',
      `There is an existing placeholder Service ${quote(name)} that we do not own.`,
    )
  }

  /** Endpoints of the wanted name belong to somebody else. */
  markEndpointNotOwned(name: string): void {
    this.#conditions.markFalse(
      'IngressReady',
      'NotOwned',
      `There is an existing placeholder Endpoint ${quote(name)} that we do not own.`,
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

  /** Traffic is moving step by step to a new revision. */
  markIngressRolloutInProgress(): void {
    this.#conditions.markUnknown(
      'IngressReady',
      'RolloutInProgress',
      'A gradual rollout of the latest revision(s) is in progress.',
    )
  }

  /** Takes over what the KIngress says about itself. */
  propagateIngressStatus(status: KIngress['status']): void {
    const ready = getCondition(status, 'Ready')
    if (ready === undefined) this.markIngressNotConfigured()
    else this.#conditions.propagate('IngressReady', ready)
  }
}
