import {messageOf} from '../../util/message-of.ts'
import {type IstioConfig, qualifiedGatewayName} from '../../api/config/istio.ts'
import type {ConfigStore} from '../../api/config/config-store.ts'
import {CORE_SERVICES, type CoreService, type Endpoints} from '../../api/core/v1.ts'
import {
  DESTINATION_RULES,
  type DestinationRule,
  VIRTUAL_SERVICES,
  type VirtualService,
} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'
import {isControlledBy} from '../../api/meta/owner.ts'
import {notFound} from '../../api/meta/status-error.ts'
import {IngressLifecycle} from '../../api/networking/ingress-lifecycle.ts'
import {INGRESS_CLASS_ANNOTATION, ISTIO_INGRESS_CLASS} from '../../api/networking/names.ts'
import {type KIngress, KINGRESSES, type LoadBalancerStatus} from '../../api/networking/v1alpha1.ts'
import {isReady} from '../../api/reconcile-status.ts'
import type {Client} from '../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../controller/controller.ts'
import type {EventRecorder} from '../../controller/event-recorder.ts'
import type {Lister} from '../../controller/informer.ts'
import {backendsOf, makeDestinationRule} from './destination-rule.ts'
import type {GatewayReconciler} from './gateway-reconciler.ts'
import {ensureOwned, NotOwnedError} from './owned-object.ts'
import {findProbeTargets, type ServedGateway} from './probe-targets.ts'
import type {StatusProber} from './status-prober.ts'
import {type GatewayNames, makeVirtualServices, withIngressDefaults} from './virtual-service.ts'

/** The index of VirtualServices by `namespace/ingress`. */
export const VIRTUAL_SERVICES_BY_INGRESS = 'ingress'

/** What the reconciler of KIngresses works with. */
export interface IngressReconcilerOptions {
  readonly client: Client
  readonly configs: Pick<ConfigStore, 'snapshot'>
  /** With the index {@link VIRTUAL_SERVICES_BY_INGRESS}. */
  readonly virtualServices: Lister<VirtualService>
  readonly destinationRules: Lister<DestinationRule>
  readonly services: Lister<CoreService>
  readonly endpoints: Lister<Endpoints>
  readonly gateways: GatewayReconciler
  readonly prober: StatusProber
}

/**
 * Reconciles KIngresses: writes the VirtualServices that program Istio's gateways and waits until
 * those follow.
 *
 * Counterpart of net-istio `pkg/reconciler/ingress`.
 */
export class IngressReconciler implements KindReconciler<KIngress> {
  readonly type = KINGRESSES
  readonly finalizer = 'ingresses.networking.internal.knative.dev'
  readonly #options: IngressReconcilerOptions

  constructor(options: IngressReconcilerOptions) {
    this.#options = options
  }

  observeDeleted(key: string): void {
    this.#options.prober.forget(key)
  }

  async finalizeKind(draft: KIngress, {key}: ReconcileContext): Promise<void> {
    this.#options.prober.forget(key)
    await this.#options.gateways.cleanUp(
      withIngressDefaults(draft),
      this.#options.configs.snapshot().istio,
    )
  }

  async reconcileKind(draft: KIngress, context: ReconcileContext): Promise<ReconcileResult> {
    const lifecycle = new IngressLifecycle(draft, context.clock.now())
    try {
      await this.#reconcileIngress(draft, lifecycle, context)
      return undefined
    } catch (error) {
      lifecycle.markIngressNotReady('ReconcileIngressFailed', 'Ingress reconciliation failed')
      throw error
    }
  }

  async #reconcileIngress(
    draft: KIngress,
    lifecycle: IngressLifecycle,
    context: ReconcileContext,
  ): Promise<void> {
    const {istio, network} = this.#options.configs.snapshot()
    const ingress = withIngressDefaults(draft)
    const own = await this.#options.gateways.reconcile(ingress, istio, context)
    const gateways = {
      ...gatewayNames(istio),
      ...(own !== undefined && {ExternalIP: own.map(({gateway}) => keyOf(gateway))}),
    }
    try {
      const desired = makeVirtualServices(ingress, gateways)
      await this.#reconcileVirtualServices(draft, desired, lifecycle, context.events)
    } catch (error) {
      const message = messageOf(error)
      lifecycle.markLoadBalancerFailed('ReconcileVirtualServiceFailed', message)
      throw error
    }
    if (network.systemInternalTls) await this.#reconcileDestinationRules(draft, context.events)
    lifecycle.markNetworkConfigured()
    // What the status names has to be there, also for those that are ready already.
    for (const named of [...istio.ingressGateways, ...istio.localGateways]) {
      this.#options.gateways.serviceOf(named)
    }
    // Ready for this generation means probed already; after a restart nobody need ask again.
    if (isReady(draft) || this.#followed(ingress, istio, own)) {
      lifecycle.markLoadBalancerReady(
        loadBalancer(istio.ingressGateways[0]?.serviceUrl),
        loadBalancer(istio.localGateways[0]?.serviceUrl),
      )
    } else {
      lifecycle.markLoadBalancerNotReady()
    }
  }

  /** Whether the pods of all gateways follow the KIngress. While they do not, they are asked. */
  #followed(
    ingress: KIngress,
    istio: IstioConfig,
    own: readonly ServedGateway[] | undefined,
  ): boolean {
    const {gateways, endpoints, prober} = this.#options
    try {
      const served = {
        ExternalIP: own ?? gateways.served(istio.ingressGateways),
        ClusterLocal: gateways.served(istio.localGateways),
      }
      return prober.isReady(ingress, () =>
        findProbeTargets(ingress, served, ({metadata}) =>
          endpoints.get(metadata.namespace, metadata.name),
        ),
      )
    } catch (error) {
      const why = messageOf(error)
      throw new Error(`failed to probe Ingress ${keyOf(ingress)}: ${why}`, {cause: error})
    }
  }

  async #reconcileVirtualServices(
    ingress: KIngress,
    desired: readonly VirtualService[],
    lifecycle: IngressLifecycle,
    events: EventRecorder,
  ): Promise<void> {
    const ours = ingress.metadata.annotations?.[INGRESS_CLASS_ANNOTATION] === ISTIO_INGRESS_CLASS
    const {client, virtualServices: lister} = this.#options
    const kept = new Set<string>()
    for (const virtualService of ours ? desired : []) {
      try {
        const options = {client, type: VIRTUAL_SERVICES, lister, events}
        await ensureOwned(ingress, virtualService, options)
      } catch (error) {
        if (error instanceof NotOwnedError) {
          lifecycle.markResourceNotOwned('VirtualService', virtualService.metadata.name)
        }
        throw error
      }
      kept.add(virtualService.metadata.name)
    }
    const {namespace = '', name} = ingress.metadata
    const key = `${namespace}/${name}`
    for (const {metadata, ...rest} of this.#options.virtualServices
      .byIndex(VIRTUAL_SERVICES_BY_INGRESS, key)
      .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))) {
      if (kept.has(metadata.name) || !isControlledBy({metadata, ...rest}, ingress)) continue
      await this.#options.client.delete(VIRTUAL_SERVICES, metadata)
    }
  }

  /** Makes the gateways speak TLS to the Services that the KIngress leads to. */
  async #reconcileDestinationRules(ingress: KIngress, events: EventRecorder): Promise<void> {
    const {client, services, destinationRules: lister} = this.#options
    for (const backend of backendsOf(ingress)) {
      const service = services.get(backend.namespace, backend.name)
      if (service === undefined) {
        const why = notFound(CORE_SERVICES, backend.name).message
        throw new Error(`failed to get service: ${why}`)
      }
      const isHttp2 = (service.spec.ports ?? []).some(
        ({name}) => name === 'http2' || name === 'h2c',
      )
      const desired = makeDestinationRule(ingress, backend, isHttp2)
      await ensureOwned(ingress, desired, {client, type: DESTINATION_RULES, lister, events})
    }
  }
}

function gatewayNames(istio: IstioConfig): GatewayNames {
  return {
    ExternalIP: istio.ingressGateways.map(qualifiedGatewayName).toSorted(),
    ClusterLocal: istio.localGateways.map(qualifiedGatewayName).toSorted(),
  }
}

function loadBalancer(serviceUrl: string | undefined): LoadBalancerStatus {
  return {ingress: [serviceUrl === undefined ? {meshOnly: true} : {domainInternal: serviceUrl}]}
}
