import {gatewayServiceKey, type IstioConfig} from '../../api/config/istio.ts'
import {CORE_SERVICES, ENDPOINTS, SECRETS} from '../../api/core/v1.ts'
import {DESTINATION_RULES, GATEWAYS, VIRTUAL_SERVICES} from '../../api/istio/v1beta1.ts'
import {keyOf, type KubeObject} from '../../api/meta/object.ts'
import {INGRESS_CLASS_ANNOTATION, ISTIO_INGRESS_CLASS} from '../../api/networking/names.ts'
import {INGRESS_CONDITIONS} from '../../api/networking/ingress-lifecycle.ts'
import {type KIngress, KINGRESSES} from '../../api/networking/v1alpha1.ts'
import {isReady} from '../../api/reconcile-status.ts'
import type {Controller} from '../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../controller/knative-controller.ts'
import {GatewayReconciler} from './gateway-reconciler.ts'
import {IngressReconciler, VIRTUAL_SERVICES_BY_INGRESS} from './reconciler.ts'
import {type IngressProbe, StatusProber} from './status-prober.ts'
import {INGRESS_LABEL} from './virtual-service.ts'

/** What net-istio is given. */
export interface NetIstioControllerDeps extends KnativeControllerDeps {
  /** Asks the gateways. May take its time; a rejection counts as false. */
  readonly probe: IngressProbe
}

/** Builds the controller of KIngresses of the istio class. */
export function createNetIstioController(deps: NetIstioControllerDeps): Controller<KIngress> {
  const {informers, configs} = deps
  const ingresses = informers.of(KINGRESSES)
  const virtualServices = informers.of(VIRTUAL_SERVICES)
  virtualServices.addIndex(VIRTUAL_SERVICES_BY_INGRESS, ({metadata}) => {
    const ingress = metadata.labels?.[INGRESS_LABEL]
    return ingress === undefined ? [] : [`${metadata.namespace ?? ''}/${ingress}`]
  })
  const destinationRules = informers.of(DESTINATION_RULES)
  const services = informers.of(CORE_SERVICES)
  const endpoints = informers.of(ENDPOINTS)
  const gateways = new GatewayReconciler({
    client: deps.client,
    gateways: informers.of(GATEWAYS),
    services,
    secrets: informers.of(SECRETS),
  })
  const prober = new StatusProber({
    probe: deps.probe,
    askAgain: (key, delayMs) => controller.queue.addAfter(key, delayMs),
  })
  const controller: Controller<KIngress> = createKnativeController(deps, {
    component: 'ingress-controller',
    conditions: INGRESS_CONDITIONS,
    resyncOn: ['istio', 'network'],
    where: isIstioClass,
    reconciler: new IngressReconciler({
      ...deps,
      virtualServices,
      destinationRules,
      services,
      endpoints,
      gateways,
      prober,
    }),
  })
  controller.watchOwned(virtualServices)
  controller.watchOwned(destinationRules)
  controller.watchTracked(informers.of(GATEWAYS))
  controller.watchTracked(informers.of(SECRETS))
  // Those that wait for the gateways look again as soon as something there changes.
  const waiting = (): string[] =>
    ingresses
      .list()
      .filter((ingress) => isIstioClass(ingress) && !isReady(ingress))
      .map(keyOf)
  const waitingForService = (object: KubeObject): string[] =>
    isGatewayService(configs.snapshot().istio, object) ? waiting() : []
  controller.watch(informers.of(GATEWAYS), waiting)
  controller.watch(services, waitingForService)
  controller.watch(endpoints, waitingForService)
  return controller
}

/** Whether an object has the name of a Service that config-istio names: that itself, or its Endpoints. */
function isGatewayService(istio: IstioConfig, {metadata}: KubeObject): boolean {
  return [...istio.ingressGateways, ...istio.localGateways]
    .map(gatewayServiceKey)
    .some(({name, namespace}) => name === metadata.name && namespace === metadata.namespace)
}

/** KIngresses without a class are ours too. */
function isIstioClass({metadata}: KIngress): boolean {
  const ingressClass = metadata.annotations?.[INGRESS_CLASS_ANNOTATION]
  return ingressClass === undefined || ingressClass === ISTIO_INGRESS_CLASS
}
