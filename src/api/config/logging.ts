/** `config-logging`. Counterpart of knative.dev/pkg `logging` (Config). */
import {type ConfigData, ConfigReader} from './config-data.ts'

/** A level of the zap logger. */
type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'dpanic' | 'panic' | 'fatal'

/** What the components log. */
export interface LoggingConfig {
  /** The zap configuration, as JSON text; empty when not set. */
  readonly zapConfig: string
  /** By component: `controller`, `activator`, … */
  readonly levels: Readonly<Record<string, LogLevel>>
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal']
const LEVEL_PREFIX = 'loglevel.'

/** Reads and judges `config-logging`. Throws an Error with the text of upstream. */
export function parseLoggingConfig(data: ConfigData): LoggingConfig {
  const levels: Record<string, LogLevel> = {}
  for (const [key, text] of Object.entries(data)) {
    const component = key.startsWith(LEVEL_PREFIX) ? key.slice(LEVEL_PREFIX.length) : ''
    if (component === '' || text === '') continue
    // zap knows each level in lower and in upper case, and nothing in between.
    const level = LEVELS.find((known) => text === known || text === known.toUpperCase())
    if (level === undefined) throw new Error(`invalid logging level: ${text}`)
    levels[component] = level
  }
  return {zapConfig: new ConfigReader(data).string('zap-logger-config', ''), levels}
}
