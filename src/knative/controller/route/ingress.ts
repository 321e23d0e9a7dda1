/** The KIngress of a Route. Counterpart of `pkg/reconciler/route/resources/ingress.go`. */
import {childName} from '../../../api/meta/child-name.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {CLUSTER_DOMAIN, INGRESS_CLASS_ANNOTATION} from '../../../api/networking/names.ts'
import {
  SERVICE_HTTP2_PORT,
  SERVICE_HTTP_PORT,
  SERVICE_HTTPS_PORT,
} from '../../../api/networking/ports.ts'
import type {
  HTTPIngressPath,
  IngressBackendSplit,
  IngressRule,
  IngressVisibility,
  KIngress,
} from '../../../api/networking/v1alpha1.ts'
import {ROUTE_LABEL, ROUTE_NAMESPACE_LABEL} from '../../../api/serving/metadata-keys.ts'
import {type Route, ROUTES} from '../../../api/serving/v1.ts'
import {makeChallengePaths, type TlsSettings} from '../certificates.ts'
import {httpOption, ingressClass, UNWANTED_ANNOTATIONS} from '../ingress-options.ts'
import {without} from '../metadata.ts'
import {DEFAULT_TARGET, hostFor, type RouteConfig} from './domains.ts'
import {ROLLOUT_ANNOTATION, type Rollout, serializeRollout, sharesOf} from './rollout.ts'
import type {RevisionTarget, Traffic} from './traffic.ts'
import type {Visibilities} from './visibility.ts'

const ROUTE_TAG_HEADER = 'Knative-Serving-Tag'
const DEFAULT_ROUTE_HEADER = 'Knative-Serving-Default-Route'

/** The KIngress of a Route has its name. */
export function ingressName({metadata}: Route): string {
  return childName(metadata.name, '')
}

/** What a KIngress is made from. */
export interface IngressInputs {
  readonly route: Route
  readonly traffic: Traffic
  readonly visibilities: Visibilities
  readonly rollout: Rollout
  readonly config: RouteConfig
  readonly tls: TlsSettings
}

/**
 * The KIngress that sends each host of a Route to the revisions of its tag.
 *
 * @throws Error when a host is no valid domain name, or an annotation says nonsense.
 */
export function makeIngress(inputs: IngressInputs): KIngress {
  const {route, rollout, config, tls} = inputs
  const {name, namespace = '', labels, annotations} = route.metadata
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {
      name: ingressName(route),
      namespace,
      labels: {...labels, [ROUTE_LABEL]: name, [ROUTE_NAMESPACE_LABEL]: namespace},
      annotations: without(
        {
          [INGRESS_CLASS_ANNOTATION]: ingressClass(annotations, config.network),
          [ROLLOUT_ANNOTATION]: serializeRollout(rollout),
          ...annotations,
        },
        UNWANTED_ANNOTATIONS,
      ),
      ownerReferences: [controllerReference(route, ROUTES)],
    },
    spec: {
      ...httpOption(annotations, config.network),
      ...(tls.tls.length > 0 && {tls: [...tls.tls]}),
      rules: makeRules(inputs),
    },
  }
}

function makeRules(inputs: IngressInputs): IngressRule[] {
  const {route, traffic, visibilities, config, tls} = inputs
  const rules: IngressRule[] = []
  for (const tag of [...traffic.targets.keys()].toSorted()) {
    const isPublic = visibilities.get(tag) !== 'ClusterLocal'
    const reach: IngressVisibility[] = isPublic ? ['ClusterLocal', 'ExternalIP'] : ['ClusterLocal']
    for (const visibility of reach) {
      const host = hostFor(route.metadata, tag, visibility, config)
      const isPublicRule = visibility === 'ExternalIP'
      const hosts = isPublicRule ? [host] : clusterLocalHosts(host)
      const extra = makeChallengePaths(isPublicRule ? tls.challenges : [], hosts)
      rules.push({
        hosts: [...extra.hosts, ...hosts],
        // Whoever issues certificates asks under paths of its own, before everything else.
        http: {paths: [...extra.paths, ...makePaths(tag, inputs)]},
        visibility,
      })
    }
  }
  return rules
}

/** A name of the cluster's DNS and its short forms, sorted. */
export function clusterLocalHosts(host: string): string[] {
  const suffixes = ['', `.${CLUSTER_DOMAIN}`, `.svc.${CLUSTER_DOMAIN}`]
  const hosts = suffixes
    .filter((suffix) => host.endsWith(suffix))
    .map((suffix) => host.slice(0, host.length - suffix.length))
  return [...new Set(hosts)].filter(isUsableHost).toSorted()
}

/** A last part of digits only would be taken for an address; one over 63 is no DNS label. */
function isUsableHost(host: string): boolean {
  const last = host.slice(host.lastIndexOf('.') + 1)
  return last.length <= 63 && !/^[0-9]*$/.test(last)
}

/**
 * The paths of one tag's hosts. With tag headers switched on, the Route's own hosts take a
 * `Knative-Serving-Tag` instead of the tag's host name, and every request says which way it came.
 */
function makePaths(tag: string, inputs: IngressInputs): HTTPIngressPath[] {
  const path = makePath(tag, inputs)
  if (inputs.config.features.tagHeaderBasedRouting !== 'Enabled') return [path]
  if (tag !== DEFAULT_TARGET) return [{...path, appendHeaders: {[ROUTE_TAG_HEADER]: tag}}]
  const tags = [...inputs.traffic.targets.keys()].filter((other) => other !== DEFAULT_TARGET)
  return [
    ...tags.toSorted().map((other) => ({
      ...makePath(other, inputs),
      headers: {[ROUTE_TAG_HEADER]: {exact: other}},
    })),
    // Together with a tag header this tells the queue-proxy that nobody knows the tag.
    {...path, appendHeaders: {[DEFAULT_ROUTE_HEADER]: 'true'}},
  ]
}

function makePath(tag: string, {route, traffic, rollout, config}: IngressInputs): HTTPIngressPath {
  const {namespace = ''} = route.metadata
  const splits: IngressBackendSplit[] = []
  for (const target of traffic.targets.get(tag) ?? []) {
    if (target.percent === 0) continue
    for (const {revisionName, percent} of splitTarget(target, tag, rollout)) {
      splits.push({
        serviceNamespace: namespace,
        serviceName: revisionName,
        servicePort: servicePort(target, config),
        percent,
        appendHeaders: {
          'Knative-Serving-Revision': revisionName,
          'Knative-Serving-Namespace': namespace,
        },
      })
    }
  }
  return {splits}
}

/** The same port as the activator's, so that either can answer. */
function servicePort({protocol}: RevisionTarget, {network}: RouteConfig): number {
  if (network.systemInternalTls) return SERVICE_HTTPS_PORT
  return protocol === 'h2c' ? SERVICE_HTTP2_PORT : SERVICE_HTTP_PORT
}

function splitTarget(
  target: RevisionTarget,
  tag: string,
  rollout: Rollout,
): readonly {revisionName: string; percent: number}[] {
  const shares = target.latestRevision
    ? sharesOf(rollout, tag, target.configurationName)
    : undefined
  return shares !== undefined && shares.length > 1 ? shares : [target]
}
