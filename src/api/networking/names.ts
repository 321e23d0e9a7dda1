/** Names of the networking layer that all components agree on. */

/** The DNS domain of the cluster itself. */
export const CLUSTER_DOMAIN = 'cluster.local'

/** The host name of a core Service inside the cluster. */
export function serviceHostname(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`
}

/** Label: who may reach a Route or a core Service. */
export const VISIBILITY_LABEL = 'networking.knative.dev/visibility'
/** The value of {@link VISIBILITY_LABEL} for hosts that only the cluster reaches. */
export const VISIBILITY_CLUSTER_LOCAL = 'cluster-local'
/** Annotation: which controller programs an Ingress. */
export const INGRESS_CLASS_ANNOTATION = 'networking.knative.dev/ingress.class'
/** Annotation: which controller issues a Certificate. */
export const CERTIFICATE_CLASS_ANNOTATION = 'networking.knative.dev/certificate.class'

/** The spellings of what Routes and DomainMappings may say about their KIngress; the first one wins. */
export const INGRESS_CLASS_KEYS = [
  INGRESS_CLASS_ANNOTATION,
  'networking.knative.dev/ingress-class',
] as const
export const CERTIFICATE_CLASS_KEYS = [
  CERTIFICATE_CLASS_ANNOTATION,
  'networking.knative.dev/certificate-class',
] as const
export const HTTP_PROTOCOL_KEYS = [
  'networking.knative.dev/httpOption',
  'networking.knative.dev/http-protocol',
] as const
export const DISABLE_TLS_KEYS = [
  'networking.knative.dev/disableAutoTLS',
  'networking.knative.dev/disable-auto-tls',
  'networking.knative.dev/disable-external-domain-tls',
] as const

/** The ingress class of net-istio. */
export const ISTIO_INGRESS_CLASS = 'istio.ingress.networking.knative.dev'
/** The certificate class of the embedded cluster's own authority. */
export const KNTOOL_CERTIFICATE_CLASS = 'kntool.certificate.networking.knative.dev'
/** The Secret in the system namespace that holds that authority's own certificate, for clients. */
export const KNTOOL_AUTHORITY_SECRET = 'kntool-ca'
/** Label of Secrets with certificates: net-istio can be set up to see no others. */
export const CERTIFICATE_UID_LABEL = 'networking.internal.knative.dev/certificate-uid'
/** The certificate class of cert-manager. */
export const CERT_MANAGER_CERTIFICATE_CLASS = 'cert-manager.certificate.networking.knative.dev'
