/** `networking.internal.knative.dev`. Counterpart of knative.dev/networking `pkg/apis/networking/v1alpha1`. */
import type {ValueOf} from '../go-types/declare.ts'
import type {
  INTERNAL_KIND_TYPES,
  PATH,
  RULE,
  SPLIT,
  TLS,
  UNADMITTED_KIND_TYPES,
} from '../go-types/internal.ts'
import type {LOAD_BALANCER_STATUS, STATUS_TYPES} from '../go-types/status.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** One weighted backend of a path. */
export interface IngressBackendSplit extends ValueOf<typeof SPLIT> {}
/** One path of a rule. */
export interface HTTPIngressPath extends ValueOf<typeof PATH> {}
/** Hosts of one visibility and what they serve. */
export interface IngressRule extends ValueOf<typeof RULE> {}
/** Who may reach a host: everybody, or only the cluster. */
export type IngressVisibility = NonNullable<IngressRule['visibility']>
/** TLS of some hosts. */
export interface IngressTLS extends ValueOf<typeof TLS> {}
/** Where a KIngress is reachable. */
export interface LoadBalancerStatus extends ValueOf<typeof LOAD_BALANCER_STATUS> {}
/** KIngress: what a Route asks of the networking layer. */
export interface KIngress extends KubeObject, ValueOf<typeof INTERNAL_KIND_TYPES.Ingress> {
  status?: ValueOf<typeof STATUS_TYPES.Ingress>
}
/** ServerlessService: a revision's stable name, served by its pods or by the activator. */
export interface ServerlessService
  extends KubeObject, ValueOf<typeof INTERNAL_KIND_TYPES.ServerlessService> {
  status?: ValueOf<typeof STATUS_TYPES.ServerlessService>
}
/** ClusterDomainClaim: which namespace may use a domain. */
export interface ClusterDomainClaim
  extends KubeObject, ValueOf<typeof UNADMITTED_KIND_TYPES.ClusterDomainClaim> {}
/** Certificate of a domain. */
export interface KCertificate extends KubeObject, ValueOf<typeof INTERNAL_KIND_TYPES.Certificate> {
  status?: ValueOf<typeof STATUS_TYPES.Certificate>
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
