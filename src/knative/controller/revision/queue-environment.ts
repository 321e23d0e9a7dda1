/** What the queue-proxy of a revision is told, as environment variables. */
import {SYSTEM_NAMESPACE} from '../../../api/config/system-namespace.ts'
import type {EnvVar} from '../../../api/core/v1.ts'
import {controllerOf} from '../../../api/meta/owner.ts'
import {
  HTTP_FULL_DUPLEX_FEATURE_ANNOTATION,
  SERVICE_LABEL,
} from '../../../api/serving/metadata-keys.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {BACKEND_HTTPS_PORT} from '../../../api/networking/ports.ts'
import {formatFloat} from '../../../util/strconv.ts'
import type {RevisionConfig} from './config.ts'
import {encodeReadinessProbe} from './readiness-probe.ts'
import {userPort} from '../serving-container.ts'

/** The variables, in the order of upstream. */
export function makeQueueEnvironment(
  revision: Revision,
  servingPort: number,
  config: RevisionConfig,
): EnvVar[] {
  return [
    ...identity(revision),
    ...serving(revision, servingPort),
    field('SERVING_POD', 'metadata.name'),
    field('SERVING_POD_IP', 'status.podIP'),
    ...observability(config),
    variable('USER_PORT', userPort(revision)),
    variable('SYSTEM_NAMESPACE', SYSTEM_NAMESPACE),
    variable('METRICS_DOMAIN', 'knative.dev/internal/serving'),
    variable('SERVING_READINESS_PROBE', encodeReadinessProbe(revision)),
    variable('ENABLE_PROFILING', config.observability.enableProfiling),
    variable('SERVING_ENABLE_PROBE_REQUEST_LOG', config.observability.enableProbeRequestLog),
    variable('METRICS_COLLECTOR_ADDRESS', config.observability.metricsCollectorAddress),
    field('HOST_IP', 'status.hostIP'),
    variable('ENABLE_HTTP2_AUTO_DETECTION', config.features.autoDetectHttp2 === 'Enabled'),
    variable('ENABLE_HTTP_FULL_DUPLEX', wantsFullDuplex(revision)),
    variable('ROOT_CA', config.deployment.queueSidecarRootCa),
  ]
}

function identity(revision: Revision): EnvVar[] {
  const owner = controllerOf(revision)
  return [
    variable('SERVING_NAMESPACE', revision.metadata.namespace ?? ''),
    variable('SERVING_SERVICE', revision.metadata.labels?.[SERVICE_LABEL] ?? ''),
    variable('SERVING_CONFIGURATION', owner?.kind === 'Configuration' ? owner.name : ''),
    variable('SERVING_REVISION', revision.metadata.name),
  ]
}

function serving({spec}: Revision, servingPort: number): EnvVar[] {
  return [
    variable('QUEUE_SERVING_PORT', servingPort),
    variable('QUEUE_SERVING_TLS_PORT', BACKEND_HTTPS_PORT),
    variable('CONTAINER_CONCURRENCY', spec.containerConcurrency ?? 0),
    variable('REVISION_TIMEOUT_SECONDS', spec.timeoutSeconds ?? 0),
    variable('REVISION_RESPONSE_START_TIMEOUT_SECONDS', spec.responseStartTimeoutSeconds ?? 0),
    variable('REVISION_IDLE_TIMEOUT_SECONDS', spec.idleTimeoutSeconds ?? 0),
  ]
}

function observability({observability: config, logging, tracing}: RevisionConfig): EnvVar[] {
  return [
    variable('SERVING_LOGGING_CONFIG', logging.zapConfig),
    variable('SERVING_LOGGING_LEVEL', logging.levels['queueproxy'] ?? ''),
    variable('SERVING_REQUEST_LOG_TEMPLATE', config.requestLogTemplate),
    variable('SERVING_ENABLE_REQUEST_LOG', config.enableRequestLog),
    variable('SERVING_REQUEST_METRICS_BACKEND', config.requestMetricsBackend),
    variable(
      'SERVING_REQUEST_METRICS_REPORTING_PERIOD_SECONDS',
      config.requestMetricsReportingPeriodSeconds,
    ),
    variable('TRACING_CONFIG_BACKEND', tracing.backend),
    variable('TRACING_CONFIG_ZIPKIN_ENDPOINT', tracing.zipkinEndpoint),
    variable('TRACING_CONFIG_DEBUG', tracing.debug),
    variable('TRACING_CONFIG_SAMPLE_RATE', formatFloat(tracing.sampleRate)),
  ]
}

function wantsFullDuplex(revision: Revision): boolean {
  const wish = revision.metadata.annotations?.[HTTP_FULL_DUPLEX_FEATURE_ANNOTATION]
  return wish?.toLowerCase() === 'enabled'
}

/** A variable; an empty value is left out, as Go leaves it out. */
function variable(name: string, value: string | number | boolean): EnvVar {
  return value === '' ? {name} : {name, value: String(value)}
}

function field(name: string, fieldPath: string): EnvVar {
  return {name, valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath}}}
}
