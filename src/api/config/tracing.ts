/** `config-tracing`. Counterpart of knative.dev/pkg `tracing/config`. */
import {messageOf} from '../../util/message-of.ts'
import {formatFloat, parseBool, quote} from '../../util/strconv.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** Where traces go. */
export interface TracingConfig {
  readonly backend: 'none' | 'zipkin'
  readonly zipkinEndpoint: string
  readonly debug: boolean
  /** In [0, 1]. */
  readonly sampleRate: number
}

/** Reads and judges `config-tracing`. Throws an Error with the text of upstream. */
export function parseTracingConfig(data: ConfigData): TracingConfig {
  const read = new ConfigReader(data)
  const config: TracingConfig = {
    backend: readBackend(read),
    zipkinEndpoint: read.string('zipkin-endpoint', ''),
    debug: read.boolean('debug', false),
    sampleRate: read.float('sample-rate', 0.1),
  }
  if (config.backend === 'zipkin' && config.zipkinEndpoint === '') {
    throw new Error('zipkin tracing enabled without a zipkin endpoint specified')
  }
  if (config.sampleRate < 0 || config.sampleRate > 1) {
    throw new Error(`sample-rate = ${formatFloat(config.sampleRate)} must be in [0, 1] range`)
  }
  return config
}

function readBackend(read: ConfigReader): TracingConfig['backend'] {
  const backend = read.raw('backend')
  if (backend === 'none' || backend === 'zipkin') return backend
  if (backend !== undefined) throw new Error(`unsupported tracing backend value ${quote(backend)}`)
  const enable = read.raw('enable')
  if (enable === undefined) return 'none'
  try {
    return parseBool(enable) ? 'zipkin' : 'none'
  } catch (error) {
    throw new Error(`failed parsing tracing config "enable": ${messageOf(error)}`, {cause: error})
  }
}
