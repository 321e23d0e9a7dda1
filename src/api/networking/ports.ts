/** Ports of revisions' Services and of the queue-proxy. Counterpart of `pkg/networking/constants.go`. */

/** The port of a revision's Services for HTTP/1, and of its private Service for HTTP/2. */
export const SERVICE_HTTP_PORT = 80
/** The port of a revision's public Service for HTTP/2 without TLS. */
export const SERVICE_HTTP2_PORT = 81
/** The port of a revision's Services for TLS. */
export const SERVICE_HTTPS_PORT = 443
/** Where the queue-proxy takes HTTP/1 requests. */
export const BACKEND_HTTP_PORT = 8012
/** Where the queue-proxy takes HTTP/2 requests. */
export const BACKEND_HTTP2_PORT = 8013
/** Where the queue-proxy takes TLS connections. */
export const BACKEND_HTTPS_PORT = 8112
/** Health and drain of the queue-proxy. */
export const QUEUE_ADMIN_PORT = 8022
/** Concurrency and request numbers for the autoscaler. */
export const AUTOSCALING_METRICS_PORT = 9090
/** Request metrics for people. */
export const USER_METRICS_PORT = 9091
/** Go profiles, where `profiling.enable` is on. */
export const PROFILING_PORT = 8008
