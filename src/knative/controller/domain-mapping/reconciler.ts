import {messageOf} from '../../../util/message-of.ts'
import type {ConfigStore} from '../../../api/config/config-store.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import {
  CLUSTER_DOMAIN_CLAIMS,
  type ClusterDomainClaim,
  type KCertificate,
  type KIngress,
  KINGRESSES,
} from '../../../api/networking/v1alpha1.ts'
import {isReady, statusOf} from '../../../api/reconcile-status.ts'
import {DomainMappingLifecycle} from '../../../api/serving/domain-mapping-lifecycle.ts'
import {DOMAIN_MAPPING_UID_LABEL} from '../../../api/serving/metadata-keys.ts'
import {EXTERNAL_TLS_NOT_ENABLED} from '../../../api/serving/route-lifecycle.ts'
import {DOMAIN_MAPPINGS, type DomainMapping} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import {
  type KindReconciler,
  type ReconcileContext,
  type ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {
  CertificateNotOwnedError,
  challengesOf,
  ensureCertificate,
  makeCertificate,
  makeIngressTls,
  NO_TLS,
  type TlsSettings,
} from '../certificates.ts'
import {createChild} from '../children.ts'
import {wantsExternalTls} from '../ingress-options.ts'
import {overwriteDrift} from '../overwrite-drift.ts'
import {ingressName, makeDomainClaim, makeIngress} from './resources.ts'
import {type Target, targetOf, typeOfReference} from './resolve-target.ts'

/** What the reconciler works with. */
export interface DomainMappingReconcilerOptions {
  readonly client: Client
  readonly configs: ConfigStore
  readonly claims: Lister<ClusterDomainClaim>
  readonly ingresses: Lister<KIngress>
  readonly certificates: Lister<KCertificate>
}

/**
 * Reconciles DomainMapping: sees to it that the namespace may use the domain, finds the target and
 * keeps a KIngress that leads to it.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/domainmapping`.
 */
export class DomainMappingReconciler implements KindReconciler<DomainMapping> {
  readonly type = DOMAIN_MAPPINGS
  readonly finalizer = 'domainmappings.serving.knative.dev'
  readonly #options: DomainMappingReconcilerOptions

  constructor(options: DomainMappingReconcilerOptions) {
    this.#options = options
  }

  async reconcileKind(draft: DomainMapping, context: ReconcileContext): Promise<ReconcileResult> {
    const {network} = this.#options.configs.snapshot()
    const conditions = new DomainMappingLifecycle(draft, context.clock.now())
    const status = statusOf(draft)
    // Whatever fails on the way, a new generation must not look ready by what the old one was.
    if (status.observedGeneration !== draft.metadata.generation) {
      conditions.markIngressNotConfigured()
    }
    setUrl(draft, network.defaultExternalScheme)

    await this.#claimDomain(draft, conditions)
    const tls = await this.#reconcileTls(draft, conditions, context)
    const target = await this.#resolveTarget(draft, conditions, context)
    const ingress = await this.#reconcileIngress(
      draft,
      makeIngress(draft, target, network, tls),
      context,
    )
    if (ingress.metadata.generation === ingress.status?.observedGeneration) {
      conditions.propagateIngressStatus(ingress.status)
    } else {
      conditions.markIngressNotConfigured()
    }
    return undefined
  }

  async finalizeKind({metadata}: DomainMapping): Promise<void> {
    const {client, claims, configs} = this.#options
    // A claim that an administrator made is his to take back.
    if (!configs.snapshot().network.autocreateClusterDomainClaims) return
    const claim = claims.get(undefined, metadata.name)
    if (claim === undefined || claim.spec.namespace !== metadata.namespace) return
    try {
      await client.delete(CLUSTER_DOMAIN_CLAIMS, claim.metadata)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  async #claimDomain(draft: DomainMapping, conditions: DomainMappingLifecycle): Promise<void> {
    const {client, claims, configs} = this.#options
    const {name, namespace = ''} = draft.metadata
    let claim = claims.get(undefined, name)
    if (claim === undefined) {
      if (!configs.snapshot().network.autocreateClusterDomainClaims) {
        conditions.markDomainClaimNotOwned()
        throw new Error(
          `no ClusterDomainClaim found for domain "${name}" (and autocreate-cluster-domain-claims property is not true)`,
        )
      }
      claim = (await createChild(client, CLUSTER_DOMAIN_CLAIMS, makeDomainClaim(draft))).object
    }
    if (claim.spec.namespace !== namespace) {
      conditions.markDomainClaimNotOwned()
      throw new Error(`namespace "${namespace}" does not own ClusterDomainClaim for "${name}"`)
    }
    conditions.markDomainClaimed()
  }

  async #reconcileTls(
    draft: DomainMapping,
    conditions: DomainMappingLifecycle,
    context: ReconcileContext,
  ): Promise<TlsSettings> {
    const {network} = this.#options.configs.snapshot()
    const {name, namespace = '', annotations} = draft.metadata
    if (draft.spec.tls !== undefined) {
      conditions.markCertificateNotRequired()
      setUrl(draft, 'https')
      const {secretName} = draft.spec.tls
      return {tls: [{hosts: [name], secretName, secretNamespace: namespace}], challenges: []}
    }
    if (!wantsExternalTls(annotations, network)) {
      conditions.markTlsNotEnabled(EXTERNAL_TLS_NOT_ENABLED)
      return NO_TLS
    }
    const certificate = await this.#certificateFor(draft, conditions, context)
    if (isReady(certificate)) {
      setUrl(draft, 'https')
      conditions.markCertificateReady()
      return {tls: [makeIngressTls(certificate, [name])], challenges: []}
    }
    if (network.httpProtocol === 'enabled') {
      setUrl(draft, 'http')
      conditions.markHttpDowngrade(certificate.metadata.name)
    } else {
      setUrl(draft, 'https')
      conditions.markCertificateNotReady(certificate.metadata.name)
    }
    return {tls: [], challenges: challengesOf(certificate)}
  }

  async #certificateFor(
    draft: DomainMapping,
    conditions: DomainMappingLifecycle,
    context: ReconcileContext,
  ): Promise<KCertificate> {
    const {network} = this.#options.configs.snapshot()
    const {name: host} = draft.metadata
    const name = ingressName(draft)
    const wanted = makeCertificate({
      owner: draft,
      ownerType: DOMAIN_MAPPINGS,
      label: DOMAIN_MAPPING_UID_LABEL,
      name,
      host,
      domain: host,
      network,
    })
    try {
      return await ensureCertificate(wanted, draft, this.#options, context)
    } catch (error) {
      if (error instanceof CertificateNotOwnedError) conditions.markCertificateNotOwned(name)
      else conditions.markCertificateProvisionFailed(name)
      throw error
    }
  }

  async #resolveTarget(
    draft: DomainMapping,
    conditions: DomainMappingLifecycle,
    {tracker, key}: ReconcileContext,
  ): Promise<Target> {
    const {name, namespace = draft.metadata.namespace ?? ''} = draft.spec.ref
    const type = typeOfReference(draft.spec)
    tracker.track(type, {namespace, name}, key)
    try {
      // Read live: it may be of a kind that nobody here watches.
      const referred = await this.#getReferred(type, namespace, name)
      const target = targetOf(draft, referred)
      conditions.markReferenceResolved()
      return target
    } catch (error) {
      conditions.markReferenceNotResolved(messageOf(error))
      throw new Error(`resolving reference: ${messageOf(error)}`, {cause: error})
    }
  }

  async #getReferred(
    type: ReturnType<typeof typeOfReference>,
    namespace: string,
    name: string,
  ): Promise<KubeObject> {
    try {
      return await this.#options.client.get(type, {namespace, name})
    } catch (error) {
      const why = messageOf(error)
      throw new Error(`failed to get object ${namespace}/${name}: ${why}`, {cause: error})
    }
  }

  async #reconcileIngress(
    draft: DomainMapping,
    wanted: KIngress,
    {events}: ReconcileContext,
  ): Promise<KIngress> {
    const {client, ingresses} = this.#options
    const existing = ingresses.get(draft.metadata.namespace, ingressName(draft))
    if (existing !== undefined) {
      const updated = overwriteDrift(existing, wanted)
      return updated === undefined ? existing : client.update(KINGRESSES, updated)
    }
    try {
      const {object, created} = await createChild(client, KINGRESSES, wanted)
      if (created) events.normal(draft, 'Created', `Created Ingress "${object.metadata.name}"`)
      return object
    } catch (error) {
      const why = messageOf(error)
      events.warning(draft, 'CreationFailed', `Failed to create Ingress: ${why}`)
      throw new Error(`failed to create Ingress: ${why}`, {cause: error})
    }
  }
}

function setUrl(draft: DomainMapping, scheme: string): void {
  const url = `${scheme}://${draft.metadata.name}`
  const status = statusOf(draft)
  status.url = url
  status.address = {url}
}
