/**
 * Where the pods of the gateways are asked whether they follow a KIngress.
 *
 * Counterpart of net-istio `pkg/reconciler/ingress/lister.go`. Differs from upstream, which takes a
 * gateway without Service, pod or host for one that needs no asking: nobody would be served there, so
 * the KIngress waits. The Service of a Gateway is the one that config-istio names, not one that has
 * the labels of its selector.
 */
import type {CoreService, Endpoints} from '../../api/core/v1.ts'
import {parseServerHost, type ServerHost, someCovers} from '../../api/istio/gateway-hosts.ts'
import type {Gateway, GatewayServer} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'
import type {IngressVisibility, KIngress} from '../../api/networking/v1alpha1.ts'
import {
  addressesOfPort,
  findServicePort,
  readyAddresses,
} from '../../kubernetes/kube-proxy/service-target.ts'

/** A Gateway, and the core Service in front of the pods that it programs. */
export interface ServedGateway {
  readonly gateway: Gateway
  readonly service: CoreService
}

/** The Gateways for the hosts of each visibility. */
export type ServedGateways = Readonly<Record<IngressVisibility, readonly ServedGateway[]>>

/** One question: whether the pod answers for the host. */
export interface ProbeTarget {
  readonly host: string
  readonly podIp: string
  readonly podPort: number
}

/**
 * What has to be asked about a KIngress: each pod of each gateway, for one host of each rule.
 *
 * Undefined where that is not to be told because some gateway cannot serve a rule now: it has no pod
 * that is ready, or none of its servers takes the host.
 */
export function findProbeTargets(
  ingress: KIngress,
  gateways: ServedGateways,
  endpointsOf: (service: CoreService) => Endpoints | undefined,
): ProbeTarget[] | undefined {
  const targets: ProbeTarget[] = []
  for (const {hosts = [], visibility = 'ExternalIP'} of ingress.spec.rules ?? []) {
    // One host stands for its rule: they are in one VirtualService, which Istio takes as a whole.
    const [host] = hosts
    if (host === undefined) continue
    const {namespace = ''} = ingress.metadata
    for (const {service, servers} of byService(gateways[visibility])) {
      const covering = servers
        .filter(({hosts}) => someCovers(hosts, host, namespace))
        .map(({server}) => server)
      const endpoints = endpointsOf(service)
      if (covering.length === 0 || readyAddresses(endpoints).length === 0) return undefined
      const ports = new Set(covering.filter(isProbed).map((server) => server.port.number))
      for (const port of ports) targets.push(...podsBehind(service, endpoints, port, host))
    }
  }
  return targets
}

/** A server of a Gateway, and the hosts it takes. */
interface Server {
  readonly server: GatewayServer
  readonly hosts: readonly ServerHost[]
}

/** Several Gateways may program the same pods: a host has to be taken by one of them. */
function byService(
  gateways: readonly ServedGateway[],
): {readonly service: CoreService; readonly servers: readonly Server[]}[] {
  const groups = new Map<string, {service: CoreService; servers: Server[]}>()
  for (const {gateway, service} of gateways) {
    const group = groups.get(keyOf(service)) ?? {service, servers: []}
    for (const server of gateway.spec.servers ?? []) {
      const hosts = server.hosts.map((host) => parseServerHost(host, gateway.metadata.namespace))
      group.servers.push({server, hosts})
    }
    groups.set(keyOf(service), group)
  }
  return [...groups.values()]
}

/** A server that only redirects cannot show which version it follows; other protocols cannot be asked. */
function isProbed({port, tls}: GatewayServer): boolean {
  if (port.protocol === 'HTTPS') return tls?.mode !== 'MUTUAL'
  return (port.protocol === 'HTTP' || port.protocol === 'HTTP2') && tls?.httpsRedirect !== true
}

/** The pods behind a port of Gateway objects; none where the Service does not lead there. */
function podsBehind(
  service: CoreService,
  endpoints: Endpoints | undefined,
  gatewayPort: number,
  host: string,
): ProbeTarget[] {
  // The Service of the local gateway leads its port 80 to the port that the Gateway names.
  const servicePort =
    findServicePort(service, gatewayPort) ??
    service.spec.ports?.find(({targetPort}) => targetPort === gatewayPort)
  if (servicePort === undefined) return []
  return addressesOfPort(endpoints, servicePort.name).map(({ip, port}) => ({
    host,
    podIp: ip,
    podPort: port,
  }))
}
