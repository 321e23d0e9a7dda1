import {
  gatewayServiceKey,
  type IstioConfig,
  type IstioGateway,
  qualifiedGatewayName,
} from '../../api/config/istio.ts'
import {type CoreService, type Secret, SECRETS} from '../../api/core/v1.ts'
import {type Gateway, GATEWAYS} from '../../api/istio/v1beta1.ts'
import type {ObjectKey} from '../../api/meta/object.ts'
import {isNotFound} from '../../api/meta/status-error.ts'
import type {KIngress} from '../../api/networking/v1alpha1.ts'
import type {Client} from '../../client/client.ts'
import type {ReconcileContext} from '../../controller/controller.ts'
import type {Lister} from '../../controller/informer.ts'
import {messageOf} from '../../util/message-of.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {quote} from '../../util/strconv.ts'
import {
  gatewayServicesOf,
  makeIngressGateway,
  makeWildcardGateway,
  needsOwnGateways,
  secretKey,
} from './ingress-gateways.ts'
import type {ServedGateway} from './probe-targets.ts'
import {
  type Certificate,
  externalTls,
  makeSecretCopies,
  originLabels,
  readCertificate,
} from './tls-secrets.ts'

/** Writes the Gateways of KIngresses that have their own, and the certificates they serve with. */
export class GatewayReconciler {
  readonly #client: Client
  readonly #gateways: Lister<Gateway>
  readonly #services: Lister<CoreService>
  readonly #secrets: Lister<Secret>

  constructor(options: {
    client: Client
    gateways: Lister<Gateway>
    services: Lister<CoreService>
    secrets: Lister<Secret>
  }) {
    this.#client = options.client
    this.#gateways = options.gateways
    this.#services = options.services
    this.#secrets = options.secrets
  }

  /**
   * Brings Secrets and Gateways to what `ingress` asks for. Answers the Gateways that serve it instead
   * of the public ones; undefined when those do.
   */
  async reconcile(
    ingress: KIngress,
    istio: IstioConfig,
    context: ReconcileContext,
  ): Promise<ServedGateway[] | undefined> {
    if (!needsOwnGateways(ingress)) return undefined
    const serviceKeys = gatewayServicesOf(istio)
    const certificates = this.#readCertificates(ingress, context)
    for (const certificate of certificates.values()) {
      for (const copy of makeSecretCopies(certificate, ingress, serviceKeys)) {
        context.tracker.track(SECRETS, copy.metadata, context.key)
        await this.#reconcileSecret(copy)
      }
    }
    const wanted = serviceKeys.flatMap((key) => {
      const service = this.#gatewayService(key)
      const wildcards = [...certificates.values()].filter(({wildcard}) => wildcard)
      const gateways = [
        ...wildcards.map((certificate) => makeWildcardGateway(ingress, certificate, service)),
        makeIngressGateway(ingress, certificates, service),
      ]
      return gateways.map((gateway) => ({gateway, service}))
    })
    const kept = wanted.filter(({gateway}) => (gateway.spec.servers ?? []).length > 0)
    for (const {gateway} of kept) {
      context.tracker.track(GATEWAYS, gateway.metadata, context.key)
      await this.#reconcileGateway(gateway)
    }
    return kept
  }

  /**
   * The Gateways of config-istio with their Services.
   *
   * @throws Error when one of them does not exist.
   */
  served(gateways: readonly IstioGateway[]): ServedGateway[] {
    return gateways.map((named) => {
      const name = qualifiedGatewayName(named)
      const service = this.serviceOf(named)
      const gateway = this.#gateways.get(named.namespace, named.name)
      if (gateway === undefined) {
        throw new Error(
          `failed to get Gateway ${quote(name)}: gateway.networking.istio.io ${quote(named.name)} not found`,
        )
      }
      return {gateway, service}
    })
  }

  /**
   * The Service of a Gateway of config-istio.
   *
   * @throws Error when it does not exist.
   */
  serviceOf(named: IstioGateway): CoreService {
    try {
      return this.#gatewayService(gatewayServiceKey(named))
    } catch (error) {
      const gateway = quote(qualifiedGatewayName(named))
      throw new Error(`failed to get Service of Gateway ${gateway}: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  /** Removes the copies of certificates of a KIngress that goes. Gateways go with their owner. */
  async cleanUp(ingress: KIngress, istio: IstioConfig): Promise<void> {
    if (!needsOwnGateways(ingress)) return
    const namespaces = new Set(gatewayServicesOf(istio).map(({namespace}) => namespace))
    for (const {secretName = '', secretNamespace} of externalTls(ingress)) {
      const labels = originLabels({name: secretName, namespace: secretNamespace})
      for (const namespace of namespaces) {
        for (const {metadata} of this.#secrets.list(namespace, labels)) {
          await this.#deleteSecret(metadata)
        }
      }
    }
  }

  #readCertificates(ingress: KIngress, context: ReconcileContext): Map<string, Certificate> {
    const certificates = new Map<string, Certificate>()
    for (const tls of externalTls(ingress)) {
      const {secretName = '', secretNamespace} = tls
      context.tracker.track(SECRETS, {name: secretName, namespace: secretNamespace}, context.key)
      const secret = this.#secrets.get(secretNamespace, secretName)
      if (secret === undefined) throw new Error(`secret ${quote(secretName)} not found`)
      certificates.set(secretKey(tls), readCertificate(secret))
    }
    return certificates
  }

  #gatewayService(key: ObjectKey): CoreService {
    const service = this.#services.get(key.namespace, key.name)
    if (service === undefined) throw new Error(`service ${quote(key.name)} not found`)
    return service
  }

  async #reconcileSecret(desired: Secret): Promise<void> {
    const existing = this.#secrets.get(desired.metadata.namespace, desired.metadata.name)
    if (existing === undefined) {
      await this.#client.create(SECRETS, desired)
      return
    }
    const {labels = {}} = desired.metadata
    const wanted = {
      ...existing,
      metadata: {...existing.metadata, labels},
      ...(desired.data !== undefined && {data: desired.data}),
    }
    if (!semanticEqual(existing, wanted)) await this.#client.update(SECRETS, wanted)
  }

  async #reconcileGateway(desired: Gateway): Promise<void> {
    const existing = this.#gateways.get(desired.metadata.namespace, desired.metadata.name)
    if (existing === undefined) await this.#client.create(GATEWAYS, desired)
    else if (!semanticEqual(existing.spec, desired.spec)) {
      await this.#client.update(GATEWAYS, {...existing, spec: desired.spec})
    }
  }

  async #deleteSecret(key: ObjectKey): Promise<void> {
    try {
      await this.#client.delete(SECRETS, key)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}
