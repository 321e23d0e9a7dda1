/** `config-istio` of net-istio. Counterpart of net-istio `pkg/reconciler/ingress/config`. */
import {dns1123SubdomainProblems} from '../name-rules.ts'
import {serviceHostname} from '../networking/names.ts'
import type {ConfigData} from './config-data.ts'
import {ISTIO_NAMESPACE, SYSTEM_NAMESPACE} from './system-namespace.ts'

/** A Gateway and the core Service in front of its proxies. */
export interface IstioGateway {
  readonly namespace: string
  readonly name: string
  /** The Service's host name. */
  readonly serviceUrl: string
}

/** Which Gateways net-istio programs. */
export interface IstioConfig {
  /** For hosts that everybody reaches. */
  readonly ingressGateways: readonly IstioGateway[]
  /** For hosts that only the cluster reaches. */
  readonly localGateways: readonly IstioGateway[]
}

/** Reads and judges `config-istio`. Throws an Error with the text of upstream. */
export function parseIstioConfig(data: ConfigData): IstioConfig {
  const ingressGateways = parseGateways(data, 'gateway.')
  const localGateways = parseGateways(data, 'local-gateway.')
  return {
    ingressGateways:
      ingressGateways.length > 0
        ? ingressGateways
        : [defaultGateway('knative-ingress-gateway', 'istio-ingressgateway')],
    localGateways:
      localGateways.length > 0
        ? localGateways
        : [defaultGateway('knative-local-gateway', 'knative-local-gateway')],
  }
}

function defaultGateway(name: string, service: string): IstioGateway {
  return {namespace: SYSTEM_NAMESPACE, name, serviceUrl: serviceHostname(service, ISTIO_NAMESPACE)}
}

/** `PREFIX[NAMESPACE.]NAME: SERVICE_HOST`, in the order of the keys. */
function parseGateways(data: ConfigData, prefix: string): IstioGateway[] {
  return Object.keys(data)
    .filter((key) => key.startsWith(prefix) && key !== prefix)
    .toSorted()
    .map((key) => {
      const serviceUrl = data[key] ?? ''
      const problems = dns1123SubdomainProblems(serviceUrl.replace(/\.$/, ''))
      if (problems.length > 0) throw new Error(`invalid gateway format: [${problems.join(' ')}]`)
      const gateway = key.slice(prefix.length)
      const dot = gateway.indexOf('.')
      if (dot < 0) return {namespace: SYSTEM_NAMESPACE, name: gateway, serviceUrl}
      return {namespace: gateway.slice(0, dot), name: gateway.slice(dot + 1), serviceUrl}
    })
}

/** `namespace/name`, as a VirtualService refers to a Gateway. */
export function qualifiedGatewayName(gateway: IstioGateway): string {
  return `${gateway.namespace}/${gateway.name}`
}

/**
 * The core Service in front of a gateway's pods.
 *
 * @throws Error when what is configured is no host name of one.
 */
export function gatewayServiceKey({serviceUrl}: IstioGateway): {namespace: string; name: string} {
  const [name, namespace, ...rest] = serviceUrl.split('.')
  if (name === undefined || namespace === undefined || rest.length === 0) {
    throw new Error(`unexpected service URL form: ${serviceUrl}`)
  }
  return {name, namespace}
}
