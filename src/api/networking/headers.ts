/**
 * Header fields that Knative's components understand among themselves, in lower case.
 * Counterpart of knative.dev/networking `pkg/http/header`.
 */

/** Asks which version of the networking configuration is in force. */
export const HASH_HEADER = 'k-network-hash'
/** The value of {@link HASH_HEADER} that asks the gateway to put the version in. */
export const HASH_OVERRIDE = 'override'
/** Marks a probe of the networking layer; it never reaches a container. */
export const PROBE_HEADER = 'k-network-probe'
/** The value of {@link PROBE_HEADER} that whoever is last on the way answers with the hash. */
export const PROBE_VALUE = 'probe'
/** Marks a request that came through the activator, which counted it. */
export const PROXY_HEADER = 'k-proxy-request'
/** The host a request had before a component had to change it. */
export const ORIGINAL_HOST_HEADER = 'k-original-host'
/** Marks a probe of the kubelet whose `user-agent` was lost on the way. */
export const KUBELET_PROBE_HEADER = 'k-kubelet-probe'
/** The revision a request is for. */
export const REVISION_HEADER = 'knative-serving-revision'
/** The namespace of {@link REVISION_HEADER}. */
export const REVISION_NAMESPACE_HEADER = 'knative-serving-namespace'
/** Names the tag of a route, in place of the tag's own host name. */
export const ROUTE_TAG_HEADER = 'knative-serving-tag'
/** `true` where a route found nothing for {@link ROUTE_TAG_HEADER}, `false` where it did. */
export const DEFAULT_ROUTE_HEADER = 'knative-serving-default-route'

/** How the `user-agent` of the kubelet's probes begins. */
export const KUBE_PROBE_USER_AGENT = 'kube-probe/'
/** The whole of it, of the kubelet here. */
export const KUBELET_USER_AGENT = 'kube-probe/1.36'
/** The `user-agent` of the activator's probes. */
export const ACTIVATOR_USER_AGENT = 'Knative-Activator-Probe'
/** The `user-agent` of the autoscaler's probes. */
export const AUTOSCALING_USER_AGENT = 'Knative-Autoscaling-Probe'
/** The `user-agent` of net-istio's probes. */
export const INGRESS_USER_AGENT = 'Knative-Ingress-Probe'
