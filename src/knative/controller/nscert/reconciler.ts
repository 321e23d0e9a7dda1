import type {ConfigStore} from '../../../api/config/config-store.ts'
import {type Namespace, NAMESPACES} from '../../../api/core/v1.ts'
import {keyOf} from '../../../api/meta/object.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import {type KCertificate, KCERTIFICATES} from '../../../api/networking/v1alpha1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {EventRecorder} from '../../../controller/event-recorder.ts'
import type {Lister} from '../../../controller/informer.ts'
import {messageOf} from '../../../util/message-of.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {WILDCARD_DOMAIN_LABEL} from '../certificates.ts'
import {createChild} from '../children.ts'
import {makeWildcardCertificate, wantsWildcardCertificate} from './wildcard-certificate.ts'

/**
 * Gives the namespaces that `namespace-wildcard-cert-selector` selects one Certificate for all hosts
 * of their Routes, and takes it from the others.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/nscert`.
 */
export class NamespaceCertificates implements KindReconciler<Namespace> {
  readonly type = NAMESPACES
  readonly #client: Client
  readonly #configs: Pick<ConfigStore, 'snapshot'>
  readonly #certificates: Lister<KCertificate>

  constructor(options: {
    client: Client
    configs: Pick<ConfigStore, 'snapshot'>
    certificates: Lister<KCertificate>
  }) {
    this.#client = options.client
    this.#configs = options.configs
    this.#certificates = options.certificates
  }

  async reconcileKind(draft: Namespace, {events}: ReconcileContext): Promise<ReconcileResult> {
    const {name} = draft.metadata
    const config = this.#configs.snapshot()
    const existing = this.#certificates
      .list(name)
      .filter(({metadata}) => metadata.labels?.[WILDCARD_DOMAIN_LABEL] !== undefined)
    const own = existing.filter((certificate) => isControlledBy(certificate, draft))
    if (!wantsWildcardCertificate(draft, config)) {
      for (const certificate of own) await this.#delete(certificate, events)
      return undefined
    }
    const wanted = makeWildcardCertificate(draft, config)
    const [host = ''] = wanted.spec.dnsNames
    // Anybody's certificate for the host will do.
    if (existing.some(({spec}) => spec.dnsNames.includes(host))) return undefined
    const [previous] = own
    if (previous === undefined) await this.#create(draft, wanted, events)
    else await this.#update(previous, wanted, events)
    return undefined
  }

  async #create(owner: Namespace, wanted: KCertificate, events: EventRecorder): Promise<void> {
    const key = keyOf(wanted)
    try {
      const {object, created} = await createChild(this.#client, KCERTIFICATES, wanted)
      if (created) events.normal(object, 'Created', `Created Knative Certificate ${key}`)
    } catch (error) {
      const why = messageOf(error)
      events.warning(owner, 'CreationFailed', `Failed to create Knative certificate ${key}: ${why}`)
      throw new Error(`failed to create namespace certificate: ${why}`, {cause: error})
    }
  }

  async #update(
    previous: KCertificate,
    wanted: KCertificate,
    events: EventRecorder,
  ): Promise<void> {
    if (semanticEqual(previous.spec, wanted.spec)) return
    const labels = {...previous.metadata.labels, ...wanted.metadata.labels}
    const changed = {...previous, metadata: {...previous.metadata, labels}, spec: wanted.spec}
    try {
      await this.#client.update(KCERTIFICATES, changed)
      const message = `Updated Spec for Knative Certificate ${keyOf(wanted)}`
      events.normal(previous, 'Updated', message)
    } catch (error) {
      const why = messageOf(error)
      const message = `Failed to update Knative Certificate ${keyOf(previous)}: ${why}`
      events.warning(previous, 'UpdateFailed', message)
      throw new Error(`failed to update namespace certificate: ${why}`, {cause: error})
    }
  }

  async #delete(certificate: KCertificate, events: EventRecorder): Promise<void> {
    const key = keyOf(certificate)
    try {
      await this.#client.delete(KCERTIFICATES, certificate.metadata)
      events.normal(certificate, 'Deleted', `Deleted Knative Certificate ${key}`)
    } catch (error) {
      if (isNotFound(error)) return
      const message = `Failed to delete Knative Certificate ${key}: ${messageOf(error)}`
      events.normal(certificate, 'DeleteFailed', message)
      throw error
    }
  }
}
