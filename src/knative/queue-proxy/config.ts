import type {Probe} from '../../api/core/v1.ts'
import type {TimeLimits} from '../../http/time-limits.ts'

/** What a queue-proxy is told by the environment of its container. */
export interface QueueProxyConfig {
  /** How many requests the container takes at once; 0 for any number. */
  readonly containerConcurrency: number
  /** The port of the container as the pod knows it. */
  readonly userPort: number
  readonly limits: TimeLimits
  /** Undefined when the container is ready as soon as it runs. */
  readonly readinessProbe: Probe | undefined
  /** Whether the probe finds out by itself if the container speaks HTTP/2. */
  readonly detectHttp2: boolean
  readonly namespace: string
  readonly service: string
  readonly configuration: string
  readonly revision: string
  readonly pod: string
  readonly podIp: string
  /** A Go template per request; undefined when requests are not logged. */
  readonly requestLogTemplate: string | undefined
  readonly logProbes: boolean
  /** Whether requests are counted for Prometheus, beside what the autoscaler is told. */
  readonly countRequests: boolean
}

/**
 * Reads the environment that the revision's reconciler gave the container `queue-proxy`.
 *
 * Counterpart of the `config` struct in knative.dev/serving `pkg/queue/sharedmain`.
 *
 * @throws Error naming the first variable that is missing or no number.
 */
export function parseQueueProxyConfig(env: Readonly<Record<string, string>>): QueueProxyConfig {
  const logRequests = env['SERVING_ENABLE_REQUEST_LOG'] === 'true'
  const probe = env['SERVING_READINESS_PROBE'] ?? ''
  return {
    containerConcurrency: requiredInteger(env, 'CONTAINER_CONCURRENCY'),
    userPort: requiredInteger(env, 'USER_PORT'),
    limits: {
      totalMs: requiredInteger(env, 'REVISION_TIMEOUT_SECONDS') * 1000,
      responseStartMs: integer(env, 'REVISION_RESPONSE_START_TIMEOUT_SECONDS', 0) * 1000,
      idleMs: integer(env, 'REVISION_IDLE_TIMEOUT_SECONDS', 0) * 1000,
    },
    readinessProbe: probe === '' ? undefined : (JSON.parse(probe) as Probe),
    detectHttp2: env['ENABLE_HTTP2_AUTO_DETECTION'] === 'true',
    namespace: env['SERVING_NAMESPACE'] ?? '',
    service: env['SERVING_SERVICE'] ?? '',
    configuration: env['SERVING_CONFIGURATION'] ?? '',
    revision: env['SERVING_REVISION'] ?? '',
    pod: env['SERVING_POD'] ?? '',
    podIp: env['SERVING_POD_IP'] ?? '',
    requestLogTemplate: logRequests ? env['SERVING_REQUEST_LOG_TEMPLATE'] || undefined : undefined,
    logProbes: env['SERVING_ENABLE_PROBE_REQUEST_LOG'] === 'true',
    countRequests: env['SERVING_REQUEST_METRICS_BACKEND'] === 'prometheus',
  }
}

function requiredInteger(env: Readonly<Record<string, string>>, name: string): number {
  if (env[name] === undefined) throw new Error(`required key ${name} missing value`)
  return integer(env, name, 0)
}

function integer(env: Readonly<Record<string, string>>, name: string, whenMissing: number): number {
  const text = env[name] ?? ''
  if (text === '') return whenMissing
  const value = Number(text)
  if (!Number.isInteger(value)) throw new Error(`${name} is no integer: ${text}`)
  return value
}
