import {messageOf} from '../../util/message-of.ts'
import {type IstioConfig, qualifiedGatewayName} from '../../api/config/istio.ts'
import type {ConfigStore} from '../../api/config/config-store.ts'
import {VIRTUAL_SERVICES, type VirtualService} from '../../api/istio/v1beta1.ts'
import {isControlledBy} from '../../api/meta/owner.ts'
import {INGRESS_CONDITIONS, IngressLifecycle} from '../../api/networking/ingress-lifecycle.ts'
import {INGRESS_CLASS_ANNOTATION, ISTIO_INGRESS_CLASS} from '../../api/networking/names.ts'
import {type KIngress, KINGRESSES, type LoadBalancerStatus} from '../../api/networking/v1alpha1.ts'
import {completeStatus, isReady, prepareStatus} from '../../api/reconcile-status.ts'
import type {Client} from '../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../controller/controller.ts'
import type {EventRecorder} from '../../controller/event-recorder.ts'
import type {Lister} from '../../controller/informer.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {quote} from '../../util/strconv.ts'
import type {GatewayReconciler} from './gateway-reconciler.ts'
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
  readonly #client: Client
  readonly #configs: Pick<ConfigStore, 'snapshot'>
  readonly #virtualServices: Lister<VirtualService>
  readonly #gateways: GatewayReconciler
  readonly #prober: StatusProber

  constructor(options: IngressReconcilerOptions) {
    this.#client = options.client
    this.#configs = options.configs
    this.#virtualServices = options.virtualServices
    this.#gateways = options.gateways
    this.#prober = options.prober
  }

  preprocess(draft: KIngress, {clock}: ReconcileContext): void {
    prepareStatus(draft, INGRESS_CONDITIONS, clock.now())
  }

  postprocess(draft: KIngress, before: KIngress, {clock}: ReconcileContext): void {
    completeStatus(draft, before, clock.now())
  }

  observeDeleted(key: string): void {
    this.#prober.forget(key)
  }

  async finalizeKind(draft: KIngress, {key}: ReconcileContext): Promise<void> {
    this.#prober.forget(key)
    await this.#gateways.cleanUp(withIngressDefaults(draft), this.#configs.snapshot().istio)
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
    const {istio} = this.#configs.snapshot()
    const ingress = withIngressDefaults(draft)
    const own = await this.#gateways.reconcile(ingress, istio, context)
    const gateways = {...gatewayNames(istio), ...(own !== undefined && {ExternalIP: own})}
    try {
      const desired = makeVirtualServices(ingress, gateways)
      await this.#reconcileVirtualServices(draft, desired, lifecycle, context.events)
    } catch (error) {
      const message = messageOf(error)
      lifecycle.markLoadBalancerFailed('ReconcileVirtualServiceFailed', message)
      throw error
    }
    lifecycle.markNetworkConfigured()
    // Ready for this generation means probed already; after a restart nobody need ask again.
    if (isReady(draft) || this.#prober.isReady(ingress)) {
      lifecycle.markLoadBalancerReady(
        loadBalancer(istio.ingressGateways[0]?.serviceUrl),
        loadBalancer(istio.localGateways[0]?.serviceUrl),
      )
    } else {
      lifecycle.markLoadBalancerNotReady()
    }
  }

  async #reconcileVirtualServices(
    ingress: KIngress,
    desired: readonly VirtualService[],
    lifecycle: IngressLifecycle,
    events: EventRecorder,
  ): Promise<void> {
    const ours = ingress.metadata.annotations?.[INGRESS_CLASS_ANNOTATION] === ISTIO_INGRESS_CLASS
    const kept = new Set<string>()
    for (const virtualService of ours ? desired : []) {
      await this.#reconcileVirtualService(ingress, virtualService, lifecycle, events)
      kept.add(virtualService.metadata.name)
    }
    const {namespace = '', name} = ingress.metadata
    const key = `${namespace}/${name}`
    for (const {metadata, ...rest} of this.#virtualServices
      .byIndex(VIRTUAL_SERVICES_BY_INGRESS, key)
      .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))) {
      if (kept.has(metadata.name) || !isControlledBy({metadata, ...rest}, ingress)) continue
      await this.#client.delete(VIRTUAL_SERVICES, metadata)
    }
  }

  async #reconcileVirtualService(
    ingress: KIngress,
    desired: VirtualService,
    lifecycle: IngressLifecycle,
    events: EventRecorder,
  ): Promise<void> {
    const {namespace = '', name, labels = {}, annotations = {}} = desired.metadata
    const existing = this.#virtualServices.get(namespace, name)
    if (existing === undefined) {
      await this.#create(ingress, desired, events)
      return
    }
    if (!isControlledBy(existing, ingress)) {
      lifecycle.markResourceNotOwned('VirtualService', name)
      throw new Error(
        `owner: ${ingress.metadata.name} with Type *v1alpha1.Ingress does not own VirtualService: ${quote(name)}`,
      )
    }
    const metadata = {...existing.metadata, labels, annotations}
    if (semanticEqual(existing.spec, desired.spec) && semanticEqual(existing.metadata, metadata)) {
      return
    }
    await this.#client.update(VIRTUAL_SERVICES, {...existing, metadata, spec: desired.spec})
    events.normal(ingress, 'Updated', `Updated VirtualService ${namespace}/${name}`)
  }

  async #create(ingress: KIngress, desired: VirtualService, events: EventRecorder): Promise<void> {
    const {namespace = '', name} = desired.metadata
    try {
      await this.#client.create(VIRTUAL_SERVICES, desired)
    } catch (error) {
      const message = messageOf(error)
      events.warning(
        ingress,
        'CreationFailed',
        `Failed to create VirtualService ${namespace}/${name}: ${message}`,
      )
      throw new Error(`failed to create VirtualService: ${message}`, {cause: error})
    }
    events.normal(ingress, 'Created', `Created VirtualService ${quote(name)}`)
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
