import {ConditionManager, formatTime, livingConditionSet} from '../../../api/condition-set.ts'
import {type Secret, SECRETS} from '../../../api/core/v1.ts'
import {controllerReference, isControlledBy} from '../../../api/meta/owner.ts'
import {CERTIFICATE_UID_LABEL} from '../../../api/networking/names.ts'
import {type KCertificate, KCERTIFICATES} from '../../../api/networking/v1alpha1.ts'
import {statusOf} from '../../../api/reconcile-status.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {quote} from '../../../util/strconv.ts'
import {type CertificateAuthority, pairData, readPair} from './authority.ts'
import {TLS_SECRET_TYPE} from '../../../api/meta/well-known.ts'

/** The conditions of a KCertificate. */
export const CERTIFICATE_CONDITIONS = livingConditionSet()

/** How often it is asked whether a certificate has to be renewed. */
const REVIEW_MS = 86_400_000

/** Fulfils KCertificates of the built-in class: each gets a Secret with a certificate. */
export class CertificateIssuer implements KindReconciler<KCertificate> {
  readonly type = KCERTIFICATES
  readonly #client: Client
  readonly #secrets: Lister<Secret>
  readonly #authority: CertificateAuthority

  constructor(options: {client: Client; secrets: Lister<Secret>; authority: CertificateAuthority}) {
    this.#client = options.client
    this.#secrets = options.secrets
    this.#authority = options.authority
  }

  async reconcileKind(draft: KCertificate, {clock}: ReconcileContext): Promise<ReconcileResult> {
    const {secretName, dnsNames} = draft.spec
    const status = statusOf(draft)
    const conditions = new ConditionManager(CERTIFICATE_CONDITIONS, status, clock.now())
    const existing = this.#secrets.get(draft.metadata.namespace, secretName)
    if (existing !== undefined && !isControlledBy(existing, draft)) {
      const message = `There is an existing Secret "${secretName}" that we do not own.`
      conditions.markFalse('Ready', 'NotOwned', message)
      throw new Error(
        `knative Certificate ${draft.metadata.name} does not own Secret: ${quote(secretName)}`,
      )
    }
    const end = await this.#ensureSecret(draft, existing, dnsNames)
    status['notAfter'] = formatTime(end.getTime())
    conditions.markTrue('Ready')
    return {requeueAfterMs: REVIEW_MS}
  }

  /** Answers until when the certificate in the Secret serves. */
  async #ensureSecret(
    owner: KCertificate,
    existing: Secret | undefined,
    hosts: readonly string[],
  ): Promise<Date> {
    const authority = await this.#authority.own()
    const current = existing && this.#authority.endOf(readPair(existing).cert, hosts, authority)
    if (current !== undefined) return current
    const pair = await this.#authority.issue(hosts, authority)
    const end = this.#authority.endOf(pair.cert, hosts, authority)
    if (end === undefined) throw new Error(`no certificate can be issued for ${hosts.join(', ')}`)
    if (existing === undefined)
      await this.#client.create(SECRETS, makeSecret(owner, pairData(pair)))
    else await this.#client.update(SECRETS, {...existing, data: pairData(pair)})
    return end
  }
}

function makeSecret(owner: KCertificate, data: Record<string, string>): Secret {
  const {namespace, uid = ''} = owner.metadata
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: owner.spec.secretName,
      ...(namespace !== undefined && {namespace}),
      labels: {[CERTIFICATE_UID_LABEL]: uid},
      ownerReferences: [controllerReference(owner, KCERTIFICATES)],
    },
    type: TLS_SECRET_TYPE,
    data,
  }
}
