/** `networking.internal.knative.dev`. Counterpart of knative.dev/networking `pkg/apis/networking/v1alpha1`. */
import type {ObjectReference} from '../core/v1.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'
import type {KnativeStatus} from '../serving/v1.ts'

/** Who may reach a host: everybody, or only the cluster. */
export type IngressVisibility = 'ExternalIP' | 'ClusterLocal'
/** One weighted backend of a path. */
export interface IngressBackendSplit {
  serviceNamespace: string
  serviceName: string
  servicePort: number | string
  percent?: number
  appendHeaders?: Record<string, string>
}
/** One path of a rule. */
export interface HTTPIngressPath {
  path?: string
  rewriteHost?: string
  headers?: Record<string, {exact?: string}>
  splits: IngressBackendSplit[]
  appendHeaders?: Record<string, string>
}
/** Hosts of one visibility and what they serve. */
export interface IngressRule {
  hosts?: string[]
  visibility?: IngressVisibility
  http?: {paths: HTTPIngressPath[]}
}
/** TLS of some hosts. */
export interface IngressTLS {
  hosts?: string[]
  secretName?: string
  secretNamespace?: string
}
/** Where a KIngress is reachable. */
export interface LoadBalancerStatus {
  ingress?: {ip?: string; domain?: string; domainInternal?: string; meshOnly?: boolean}[]
}
/** KIngress: what a Route asks of the networking layer. */
export interface KIngress extends KubeObject {
  spec: {rules?: IngressRule[]; tls?: IngressTLS[]; httpOption?: 'Enabled' | 'Redirected'}
  status?: KnativeStatus & {
    publicLoadBalancer?: LoadBalancerStatus
    privateLoadBalancer?: LoadBalancerStatus
  }
}
/** ServerlessService: a revision's stable name, served by its pods or by the activator. */
export interface ServerlessService extends KubeObject {
  spec: {
    mode?: 'Proxy' | 'Serve'
    numActivators?: number
    objectRef: ObjectReference
    protocolType?: 'http1' | 'h2c'
  }
  status?: KnativeStatus & {serviceName?: string; privateServiceName?: string}
}
/** ClusterDomainClaim: which namespace may use a domain. */
export interface ClusterDomainClaim extends KubeObject {
  spec: {namespace?: string}
}
/** Certificate of a domain. */
export interface KCertificate extends KubeObject {
  spec: {dnsNames: string[]; secretName: string; domain?: string}
  status?: KnativeStatus & Record<string, unknown>
}

export const KINGRESSES = resourceType<KIngress>(
  'networking.internal.knative.dev/v1alpha1',
  'Ingress',
  'ingresses',
)
export const SERVERLESS_SERVICES = resourceType<ServerlessService>(
  'networking.internal.knative.dev/v1alpha1',
  'ServerlessService',
  'serverlessservices',
)
export const CLUSTER_DOMAIN_CLAIMS = resourceType<ClusterDomainClaim>(
  'networking.internal.knative.dev/v1alpha1',
  'ClusterDomainClaim',
  'clusterdomainclaims',
  'cluster',
)
export const KCERTIFICATES = resourceType<KCertificate>(
  'networking.internal.knative.dev/v1alpha1',
  'Certificate',
  'certificates',
)
