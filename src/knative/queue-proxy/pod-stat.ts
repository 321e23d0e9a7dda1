import type {QueueProxyConfig} from './config.ts'

/**
 * Load of one pod since it was last asked, as the autoscaler understands it.
 *
 * Counterpart of knative.dev/serving `pkg/autoscaler/metrics.Stat`.
 */
export interface PodStat {
  readonly averageConcurrentRequests: number
  readonly averageProxiedConcurrentRequests: number
  /** Requests per second. */
  readonly requestCount: number
  /** Requests per second that came through the activator. */
  readonly proxiedRequestCount: number
}

/** The load of a pod that nobody asked for anything. */
export const NO_LOAD: PodStat = {
  averageConcurrentRequests: 0,
  averageProxiedConcurrentRequests: 0,
  requestCount: 0,
  proxiedRequestCount: 0,
}

/** The media type of {@link renderStatMetrics}. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * The load of a pod as Prometheus reads it.
 *
 * Counterpart of PrometheusStatsReporter in knative.dev/serving `pkg/queue`.
 */
export function renderStatMetrics(
  {namespace, configuration, revision, pod}: QueueProxyConfig,
  stat: PodStat,
  uptimeSeconds: number,
): string {
  const labels = [
    `destination_configuration=${JSON.stringify(configuration)}`,
    `destination_namespace=${JSON.stringify(namespace)}`,
    `destination_pod=${JSON.stringify(pod)}`,
    `destination_revision=${JSON.stringify(revision)}`,
  ].join(',')
  const gauge = (name: string, help: string, value: number): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name}{${labels}} ${value}\n`
  // Sorted by name, as Prometheus' own library writes them.
  return [
    gauge(
      'process_uptime',
      'The number of seconds that the process has been up',
      Math.round(uptimeSeconds * 1000) / 1000,
    ),
    gauge(
      'queue_average_concurrent_requests',
      'Number of requests currently being handled by this pod',
      stat.averageConcurrentRequests,
    ),
    gauge(
      'queue_average_proxied_concurrent_requests',
      'Number of proxied requests currently being handled by this pod',
      stat.averageProxiedConcurrentRequests,
    ),
    gauge(
      'queue_proxied_operations_per_second',
      'Number of proxied requests per second',
      stat.proxiedRequestCount,
    ),
    gauge('queue_requests_per_second', 'Number of requests per second', stat.requestCount),
  ].join('')
}
