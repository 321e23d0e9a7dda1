/** Labels and annotations of Kubernetes that several components read or write. */

/** The whole object as kubectl applied it; never handed down to children. */
export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'
/** On an EndpointSlice: the Service it belongs to. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name'
/** On endpoints: their Service has no address of its own. */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless'
/** The release that an object is of. */
export const VERSION_LABEL = 'app.kubernetes.io/version'
/** The program that looks after an object. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by'
/** The type of a Secret with a certificate and its key. */
export const TLS_SECRET_TYPE = 'kubernetes.io/tls'
