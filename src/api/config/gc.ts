/** `config-gc`. Counterpart of knative.dev/serving `pkg/gc`. */
import {messageOf} from '../../util/message-of.ts'
import {parseDuration} from '../../util/duration.ts'
import {parseUnsigned} from '../../util/strconv.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** Which revisions the garbage collector keeps. `undefined` is `disabled`: that rule does not count. */
export interface GcConfig {
  readonly retainSinceCreateTimeMs: number | undefined
  readonly retainSinceLastActiveTimeMs: number | undefined
  readonly minNonActiveRevisions: number
  readonly maxNonActiveRevisions: number | undefined
}

const HOUR_MS = 3_600_000

/** Reads and judges `config-gc`. Throws an Error with the text of upstream. */
export function parseGcConfig(data: ConfigData): GcConfig {
  const read = new ConfigReader(data)
  const min = readMinimum(read)
  const config: GcConfig = {
    minNonActiveRevisions: min,
    retainSinceCreateTimeMs: readLimit(
      read,
      'retain-since-create-time',
      48 * HOUR_MS,
      nonNegativeDuration,
    ),
    retainSinceLastActiveTimeMs: readLimit(
      read,
      'retain-since-last-active-time',
      15 * HOUR_MS,
      nonNegativeDuration,
    ),
    maxNonActiveRevisions: readLimit(read, 'max-non-active-revisions', 1000, (text) =>
      parseUnsigned(text, 64),
    ),
  }
  if (min < 0) throw new Error(`min-non-active-revisions must be non-negative, was: ${min}`)
  const max = config.maxNonActiveRevisions
  if (max !== undefined && min > max) {
    throw new Error(`min-non-active-revisions(${min}) must be <= max-non-active-revisions(${max})`)
  }
  return config
}

function readMinimum(read: ConfigReader): number {
  try {
    return read.int64('min-non-active-revisions', 20)
  } catch (error) {
    throw new Error(`failed to parse data: ${messageOf(error)}`, {cause: error})
  }
}

function readLimit(
  read: ConfigReader,
  key: string,
  fallback: number,
  parse: (text: string) => number,
): number | undefined {
  const text = read.raw(key) ?? ''
  if (text === '') return fallback
  if (text.toLowerCase() === 'disabled') return undefined
  try {
    return parse(text)
  } catch (error) {
    throw new Error(`failed to parse ${key}: ${messageOf(error)}`, {cause: error})
  }
}

function nonNegativeDuration(text: string): number {
  const durationMs = parseDuration(text)
  if (durationMs < 0) throw new Error('must be non-negative')
  return durationMs
}
