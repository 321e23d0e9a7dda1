/** `config-observability`. Counterpart of knative.dev/pkg `metrics` (ObservabilityConfig). */
import {GoTemplate} from '../../util/go-template/go-template.ts'
import {atoi, quote} from '../../util/strconv.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** What is logged and measured. */
export interface ObservabilityConfig {
  readonly enableVarLogCollection: boolean
  /** `${REVISION_UID}` in it is replaced; empty means no URL. */
  readonly loggingUrlTemplate: string
  /** A Go template over request, response and revision; one log line per request. */
  readonly requestLogTemplate: string
  readonly enableRequestLog: boolean
  readonly enableProbeRequestLog: boolean
  readonly requestMetricsBackend: string
  readonly requestMetricsReportingPeriodSeconds: number
  readonly enableProfiling: boolean
  readonly metricsCollectorAddress: string
}

const REQUEST_LOG_TEMPLATE =
  '{"httpRequest": {"requestMethod": "{{.Request.Method}}", "requestUrl": "{{js .Request.RequestURI}}", "requestSize": "{{.Request.ContentLength}}", "status": {{.Response.Code}}, "responseSize": "{{.Response.Size}}", "userAgent": "{{js .Request.UserAgent}}", "remoteIp": "{{js .Request.RemoteAddr}}", "serverIp": "{{.Revision.PodIP}}", "referer": "{{js .Request.Referer}}", "latency": "{{.Response.Latency}}s", "protocol": "{{.Request.Proto}}"}, "traceId": "{{index .Request.Header "X-B3-Traceid"}}"}'

/** Reads and judges `config-observability`. Throws an Error with the text of upstream. */
export function parseObservabilityConfig(data: ConfigData): ObservabilityConfig {
  const read = new ConfigReader(data)
  const periodSeconds = defaultReportingPeriodSeconds(read)
  const config: ObservabilityConfig = {
    enableVarLogCollection: read.boolean('logging.enable-var-log-collection', false),
    loggingUrlTemplate: read.string('logging.revision-url-template', ''),
    requestLogTemplate: read.string('logging.request-log-template', REQUEST_LOG_TEMPLATE),
    enableRequestLog: read.boolean('logging.enable-request-log', false),
    enableProbeRequestLog: read.boolean('logging.enable-probe-request-log', false),
    requestMetricsBackend: read.string('metrics.request-metrics-backend-destination', 'prometheus'),
    requestMetricsReportingPeriodSeconds: read.int(
      'metrics.request-metrics-reporting-period-seconds',
      periodSeconds,
    ),
    enableProfiling: read.boolean('profiling.enable', false),
    metricsCollectorAddress: read.string('metrics.opencensus-address', ''),
  }
  if (config.requestLogTemplate === '' && config.enableRequestLog) {
    throw new Error(
      '"logging.enable-request-log" was set to true, but no "logging.request-log-template" was specified',
    )
  }
  if (config.requestLogTemplate !== '') new GoTemplate('requestLog', config.requestLogTemplate)
  return config
}

/** The period of the component's own metrics is the default of the requests' metrics. */
function defaultReportingPeriodSeconds(read: ConfigReader): number {
  const text = read.raw('metrics.reporting-period-seconds') ?? ''
  if (text === '') {
    return read.raw('metrics.request-metrics-backend-destination') === 'opencensus' ? 60 : 5
  }
  try {
    return atoi(text)
  } catch (error) {
    throw new Error(`invalid metrics.reporting-period-seconds value ${quote(text)}`, {cause: error})
  }
}
