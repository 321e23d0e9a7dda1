/**
 * The core Services under the names of a Route and its tags: they keep the names, and lead from
 * inside the cluster to the ingress.
 *
 * Counterpart of `pkg/reconciler/route/resources/service.go`.
 */
import type {CoreService, Endpoints, EndpointSubset, ServicePort} from '../../../api/core/v1.ts'
import type {ObjectMeta} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {VISIBILITY_CLUSTER_LOCAL, VISIBILITY_LABEL} from '../../../api/networking/names.ts'
import type {KIngress} from '../../../api/networking/v1alpha1.ts'
import {ROUTE_LABEL} from '../../../api/serving/metadata-keys.ts'
import {type Route, ROUTES} from '../../../api/serving/v1.ts'
import {without} from '../metadata.ts'
import {domainName, hostnameFor, type RouteConfig} from './domains.ts'

const PORT: ServicePort = {
  name: 'http2',
  appProtocol: 'kubernetes.io/h2c',
  port: 80,
  protocol: 'TCP',
  targetPort: 80,
}

/** A placeholder and, where the ingress is an address, the Endpoints that go with it. */
export interface Placeholder {
  readonly service: CoreService
  readonly endpoints: Endpoints | undefined
}

/** The Service of a tag while nobody knows where the ingress is: it keeps the name. */
export function makePlaceholderService(
  route: Route,
  tag: string,
  config: RouteConfig,
): CoreService {
  const hostname = hostnameFor(route.metadata.name, tag, config)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: makeMeta(route, hostname),
    spec: {
      type: 'ExternalName',
      externalName: domainName(route.metadata, hostname, config),
      sessionAffinity: 'None',
      ports: [PORT],
    },
  }
}

/**
 * Leads a placeholder to the load balancer of the KIngress; undefined while there is none.
 *
 * The private load balancer comes first, since only the cluster itself uses these Services.
 *
 * | load balancer says | Service                                        |
 * | ------------------ | ---------------------------------------------- |
 * | an IP              | headless, with Endpoints: ExternalName takes no IP |
 * | an internal domain | ExternalName                                   |
 * | a domain           | ExternalName                                   |
 * | mesh only          | ClusterIP: the mesh answers under the name     |
 */
export function aimPlaceholder(service: CoreService, ingress: KIngress): Placeholder | undefined {
  const {privateLoadBalancer, publicLoadBalancer} = ingress.status ?? {}
  const isPrivate = service.metadata.labels?.[VISIBILITY_LABEL] === VISIBILITY_CLUSTER_LOCAL
  const hasPrivate = (privateLoadBalancer?.ingress ?? []).length > 0
  const balancers = (isPrivate || hasPrivate ? privateLoadBalancer : publicLoadBalancer)?.ingress
  const [balancer, ...others] = balancers ?? []
  // Upstream too can only follow one.
  if (balancer === undefined || others.length > 0) return undefined
  const {ip = '', domainInternal = '', domain = '', meshOnly = false} = balancer
  if (ip !== '') return makeHeadless(service, ip)
  if (domainInternal !== '') return makeExternalName(service, domainInternal)
  if (domain !== '') return makeExternalName(service, domain)
  if (!meshOnly) return undefined
  const ports = [{name: 'http', port: 80, protocol: 'TCP', targetPort: 80}]
  return {service: {...service, spec: {type: 'ClusterIP', ports}}, endpoints: undefined}
}

function makeExternalName(service: CoreService, externalName: string): Placeholder {
  return {
    service: {
      ...service,
      spec: {type: 'ExternalName', externalName, sessionAffinity: 'None', ports: [PORT]},
    },
    endpoints: undefined,
  }
}

function makeHeadless(service: CoreService, ip: string): Placeholder {
  const {name, port, protocol, appProtocol} = PORT
  const subset: EndpointSubset = {
    addresses: [{ip}],
    ports: [
      {
        port,
        ...(name !== undefined && {name}),
        ...(protocol !== undefined && {protocol}),
        ...(appProtocol !== undefined && {appProtocol}),
      },
    ],
  }
  const {namespace, labels, annotations, ownerReferences} = service.metadata
  return {
    service: {...service, spec: {type: 'ClusterIP', clusterIP: 'None', ports: [PORT]}},
    endpoints: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {
        name: service.metadata.name,
        ...(namespace !== undefined && {namespace}),
        ...(labels !== undefined && {labels}),
        ...(annotations !== undefined && {annotations}),
        ...(ownerReferences !== undefined && {ownerReferences}),
      },
      subsets: [subset],
    },
  }
}

function makeMeta(route: Route, name: string): ObjectMeta {
  const {namespace, labels, annotations} = route.metadata
  return {
    name,
    ...(namespace !== undefined && {namespace}),
    // Visibility is set per tag, on the placeholder itself: the Route's own must not decide it.
    labels: {...without(labels, [VISIBILITY_LABEL]), [ROUTE_LABEL]: route.metadata.name},
    ...(annotations !== undefined && {annotations}),
    ownerReferences: [controllerReference(route, ROUTES)],
  }
}
