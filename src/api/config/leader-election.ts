/** `config-leader-election`. Counterpart of knative.dev/pkg `leaderelection` (Config). */
import {messageOf} from '../../util/message-of.ts'
import {parseUnsigned, quote} from '../../util/strconv.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** How replicas of a controller share the work. */
export interface LeaderElectionConfig {
  readonly buckets: number
  readonly leaseDurationMs: number
  readonly renewDeadlineMs: number
  readonly retryPeriodMs: number
}

const MAX_BUCKETS = 10

/** Reads and judges `config-leader-election`. Throws an Error with the text of upstream. */
export function parseLeaderElectionConfig(data: ConfigData): LeaderElectionConfig {
  const read = new ConfigReader(data)
  const config: LeaderElectionConfig = {
    leaseDurationMs: read.duration(['leaseDuration', 'lease-duration'], 60_000),
    renewDeadlineMs: read.duration(['renewDeadline', 'renew-deadline'], 40_000),
    retryPeriodMs: read.duration(['retryPeriod', 'retry-period'], 10_000),
    buckets: readBuckets(read.raw('buckets')),
  }
  if (config.buckets < 1 || config.buckets > MAX_BUCKETS) {
    throw new Error(`buckets: value must be between 1 <= ${config.buckets} <= ${MAX_BUCKETS}`)
  }
  return config
}

function readBuckets(text: string | undefined): number {
  if (text === undefined) return 1
  try {
    return parseUnsigned(text, 32)
  } catch (error) {
    throw new Error(`failed to parse ${quote('buckets')}: ${messageOf(error)}`, {cause: error})
  }
}
