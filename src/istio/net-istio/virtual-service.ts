/**
 * KIngress → VirtualService, as pure functions.
 *
 * Counterpart of net-istio `pkg/reconciler/ingress/resources/virtual_service.go`.
 */
import type {
  HTTPMatchRequest,
  HTTPRoute,
  HTTPRouteDestination,
  VirtualService,
} from '../../api/istio/v1beta1.ts'
import {childName} from '../../api/meta/child-name.ts'
import {controllerReference} from '../../api/meta/owner.ts'
import {serviceHostname} from '../../api/networking/names.ts'
import {
  type HTTPIngressPath,
  type IngressVisibility,
  type KIngress,
  KINGRESSES,
} from '../../api/networking/v1alpha1.ts'
import {ROUTE_LABEL, ROUTE_NAMESPACE_LABEL} from '../../api/serving/metadata-keys.ts'
import {distinctHostPrefixes, expandHosts, localHosts} from './hosts.ts'
import {computeIngressHash, HASH_HEADER, HASH_HEADER_OVERRIDE} from './ingress-hash.ts'

/** On what a KIngress makes: its name. */
export const INGRESS_LABEL = 'networking.internal.knative.dev/ingress'

/** Names (`namespace/name`) of the Gateways for the hosts of each visibility. */
export type GatewayNames = Readonly<Record<IngressVisibility, readonly string[]>>

/** The Gateway that stands for the sidecars of a mesh. */
const MESH: GatewayNames = {ExternalIP: ['mesh'], ClusterLocal: ['mesh']}

/**
 * Fills in what a KIngress may leave out. Counterpart of `Ingress.SetDefaults`; nobody stores the
 * result.
 */
export function withIngressDefaults(ingress: KIngress): KIngress {
  const rules = (ingress.spec.rules ?? []).map((rule) => ({
    ...rule,
    visibility: rule.visibility ?? ('ExternalIP' as const),
    ...(rule.http && {http: {paths: rule.http.paths.map(defaultPercent)}}),
  }))
  return {...ingress, spec: {...ingress.spec, ...(rules.length > 0 && {rules})}}
}

function defaultPercent(path: HTTPIngressPath): HTTPIngressPath {
  const [split, ...others] = path.splits
  if (split === undefined || others.length > 0 || (split.percent ?? 0) !== 0) return path
  return {...path, splits: [{...split, percent: 100}]}
}

/**
 * The VirtualServices of a KIngress: one for the sidecars of a mesh, if it has hosts inside the
 * cluster, and one for the gateways. Expects {@link withIngressDefaults}.
 */
export function makeVirtualServices(ingress: KIngress, gateways: GatewayNames): VirtualService[] {
  const probed = insertProbe(ingress)
  const hosts = new Set((ingress.spec.rules ?? []).flatMap((rule) => rule.hosts ?? []))
  const local = localHosts(hosts)
  const meshHosts = gateways.ClusterLocal.length > 0 ? expandHosts(local) : local.toSorted()
  const virtualServices: VirtualService[] = []
  if (meshHosts.length > 0) {
    virtualServices.push(makeVirtualService(probed, '-mesh', MESH, meshHosts))
  }
  const needsGateway = (ingress.spec.rules ?? []).some(
    ({visibility = 'ExternalIP'}) => gateways[visibility].length > 0,
  )
  if (needsGateway) {
    virtualServices.push(makeVirtualService(probed, '-ingress', gateways, expandHosts(hosts)))
  }
  return virtualServices
}

/**
 * Puts before each path a copy of it that only probes match, and that tags the request with the
 * hash of the whole KIngress: a gateway that sets it follows this version.
 */
function insertProbe(ingress: KIngress): KIngress {
  const hash = computeIngressHash(ingress)
  const rules = (ingress.spec.rules ?? []).map((rule) => {
    const paths = rule.http?.paths ?? []
    const probes = paths.map((path) => ({
      ...path,
      headers: {...path.headers, [HASH_HEADER]: {exact: HASH_HEADER_OVERRIDE}},
      appendHeaders: {...path.appendHeaders, [HASH_HEADER]: hash},
    }))
    return {...rule, http: {paths: [...probes, ...paths]}}
  })
  return {...ingress, spec: {...ingress.spec, rules}}
}

function makeVirtualService(
  ingress: KIngress,
  suffix: string,
  gateways: GatewayNames,
  hosts: readonly string[],
): VirtualService {
  const {name, namespace, annotations} = ingress.metadata
  const http = makeRoutes(ingress, gateways, new Set(hosts))
  const usedGateways = new Set(
    http.flatMap(({match = []}) => match.flatMap((request) => request.gateways ?? [])),
  )
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {
      name: childName(name, suffix),
      ...(namespace !== undefined && {namespace}),
      labels: {...routeLabels(ingress), [INGRESS_LABEL]: name},
      ...(annotations !== undefined && {annotations: {...annotations}}),
      ownerReferences: [controllerReference(ingress, KINGRESSES)],
    },
    spec: {gateways: [...usedGateways].toSorted(), hosts: [...hosts], http},
  }
}

/** The labels of a KIngress that say whose Route it is; what it makes has them too. */
export function routeLabels({metadata: {labels = {}}}: KIngress): Record<string, string> {
  const found: Record<string, string> = {}
  for (const key of [ROUTE_LABEL, ROUTE_NAMESPACE_LABEL]) {
    const value = labels[key]
    if (value !== undefined) found[key] = value
  }
  return found
}

function makeRoutes(
  ingress: KIngress,
  gateways: GatewayNames,
  hosts: ReadonlySet<string>,
): HTTPRoute[] {
  return (ingress.spec.rules ?? []).flatMap((rule) => {
    const served = (rule.hosts ?? []).filter((host) => hosts.has(host))
    if (served.length === 0) return []
    const prefixes = distinctHostPrefixes(served)
    const names = gateways[rule.visibility ?? 'ExternalIP'].toSorted()
    return (rule.http?.paths ?? []).map((path) => makeRoute(path, prefixes, names))
  })
}

function makeRoute(
  path: HTTPIngressPath,
  prefixes: readonly string[],
  gateways: readonly string[],
): HTTPRoute {
  return {
    ...requestHeaders(path.appendHeaders),
    match: prefixes.map((prefix) => makeMatch(prefix, path, gateways)),
    ...((path.rewriteHost ?? '') !== '' && {rewrite: {authority: path.rewriteHost ?? ''}}),
    // Says "never"; without it Istio tries twice more.
    retries: {},
    route: path.splits.map(makeDestination),
  }
}

function makeMatch(
  prefix: string,
  path: HTTPIngressPath,
  gateways: readonly string[],
): HTTPMatchRequest {
  const headers = Object.entries(path.headers ?? {}).map(([name, {exact}]) => [name, {exact}])
  return {
    // A prefix, because requests may name a port; a regular expression may not be this long.
    authority: {prefix},
    gateways: [...gateways],
    ...(headers.length > 0 && {headers: Object.fromEntries(headers)}),
    ...((path.path ?? '') !== '' && {uri: {prefix: path.path ?? ''}}),
  }
}

function makeDestination(split: HTTPIngressPath['splits'][number]): HTTPRouteDestination {
  return {
    destination: {
      host: serviceHostname(split.serviceName, split.serviceNamespace),
      port: {number: Number(split.servicePort)},
    },
    ...requestHeaders(split.appendHeaders),
    ...((split.percent ?? 0) !== 0 && {weight: split.percent ?? 0}),
  }
}

function requestHeaders(set: Record<string, string> | undefined): Pick<HTTPRoute, 'headers'> {
  if (set === undefined || Object.keys(set).length === 0) return {}
  return {headers: {request: {set: {...set}}}}
}
