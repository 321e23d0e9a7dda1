import {ISTIO_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {CoreService, ServicePort} from '../../api/core/v1.ts'
import {
  formatStringMap,
  NLB_ANNOTATIONS,
  NLB_CLASS,
} from '../../aws/load-balancer-controller/annotations.ts'
import {HOSTNAME_ANNOTATIONS} from '../../aws/external-dns/annotations.ts'
import {allAttributes, type NlbSettings} from './nlb-settings.ts'

/** Where the Service of the gateway is. */
export const GATEWAY = {namespace: ISTIO_NAMESPACE, name: 'istio-ingressgateway'} as const

/** What stands in front of the gateway. */
export type LoadBalancerSettings =
  | {readonly kind: 'nlb'; readonly nlb: NlbSettings}
  /** Whatever the cluster gives a Service of type LoadBalancer. */
  | {readonly kind: 'service'}
  /** Nothing: the gateway is reachable within the cluster only. */
  | {readonly kind: 'none'}

/** What decides about the Service of the gateway. */
export interface GatewaySettings {
  readonly loadBalancer: LoadBalancerSettings
  /** Names ExternalDNS is to make records for; empty where it is not to. */
  readonly hostnames: readonly string[]
}

const TLS_PORT = 443
const PLAIN_TARGET_PORT = 8080

/**
 * The Service of the gateway: that of the release file, with everything the load balancer needs to
 * know on its first apply.
 *
 * It has to be there then: without the class, either the cloud provider makes a classic load balancer
 * that leaks once the type is changed, or the controller makes an internal one that is replaced once
 * the scheme is changed. `internal` is never written: beside `scheme` it is read by nobody.
 */
export function gatewayService(manifest: CoreService, settings: GatewaySettings): CoreService {
  const {loadBalancer, hostnames} = settings
  const annotations = {
    ...manifest.metadata.annotations,
    ...Object.fromEntries(
      hostnames.length === 0 ? [] : HOSTNAME_ANNOTATIONS.map((key) => [key, hostnames.join(',')]),
    ),
    ...(loadBalancer.kind === 'nlb' && nlbAnnotations(loadBalancer.nlb)),
  }
  const {annotations: _, ...metadata} = manifest.metadata
  return {
    ...manifest,
    metadata: {...metadata, ...(Object.keys(annotations).length > 0 && {annotations})},
    spec: gatewaySpec(manifest, loadBalancer),
  }
}

/** The annotations of an NLB with these settings. */
function nlbAnnotations(nlb: NlbSettings): Record<string, string> {
  const list = (key: string, values: readonly string[]): Record<string, string> =>
    values.length === 0 ? {} : {[key]: values.join(',')}
  return {
    // Beside the class it is not needed by the controller, but it makes the provider of old clusters
    // step back.
    [NLB_ANNOTATIONS.type]: 'external',
    [NLB_ANNOTATIONS.targetType]: nlb.targetType,
    [NLB_ANNOTATIONS.scheme]: nlb.scheme,
    [NLB_ANNOTATIONS.name]: nlb.name,
    [NLB_ANNOTATIONS.attributes]: formatStringMap(allAttributes(nlb)),
    ...list(NLB_ANNOTATIONS.subnets, nlb.subnets),
    ...list(NLB_ANNOTATIONS.sourceRanges, nlb.sourceRanges),
    ...(Object.keys(nlb.targetGroupAttributes).length > 0 && {
      [NLB_ANNOTATIONS.targetGroupAttributes]: formatStringMap(nlb.targetGroupAttributes),
    }),
    ...(nlb.targetType === 'ip' && READINESS_CHECK),
    ...(nlb.certificateArn !== undefined && {
      [NLB_ANNOTATIONS.certificate]: nlb.certificateArn,
      [NLB_ANNOTATIONS.tlsPorts]: String(TLS_PORT),
    }),
  }
}

// The gateway's own readiness. With targets of type instance the port would have to be a node port
// that is unknown before the first apply: there the check stays a TCP connection to the traffic port.
const READINESS_CHECK = {
  [NLB_ANNOTATIONS.healthCheckProtocol]: 'http',
  [NLB_ANNOTATIONS.healthCheckPort]: '15021',
  [NLB_ANNOTATIONS.healthCheckPath]: '/healthz/ready',
}

function gatewaySpec({spec}: CoreService, loadBalancer: LoadBalancerSettings): CoreService['spec'] {
  switch (loadBalancer.kind) {
    case 'service':
      return spec
    case 'none':
      return {...spec, type: 'ClusterIP'}
    case 'nlb': {
      const terminatesTls = loadBalancer.nlb.certificateArn !== undefined
      return {
        ...spec,
        type: 'LoadBalancer',
        loadBalancerClass: NLB_CLASS,
        ...(terminatesTls && {ports: (spec.ports ?? []).map(plainBehindTls)}),
      }
    }
  }
}

// What arrives on 443 has been decrypted by the load balancer.
function plainBehindTls(port: ServicePort): ServicePort {
  return port.port === TLS_PORT ? {...port, targetPort: PLAIN_TARGET_PORT} : port
}
