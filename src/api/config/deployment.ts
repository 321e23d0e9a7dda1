/** `config-deployment`. Counterpart of knative.dev/serving `pkg/deployment`. */
import {formatDuration, isWholeSeconds} from '../../util/duration.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** How Deployments of revisions are made. Quantities are canonical texts. */
export interface DeploymentConfig {
  readonly queueSidecarImage: string
  /** Registries whose tags are not resolved to digests. */
  readonly registriesSkippingTagResolving: ReadonlySet<string>
  readonly digestResolutionTimeoutMs: number
  readonly progressDeadlineMs: number
  readonly queueSidecarCpuRequest?: string
  readonly queueSidecarCpuLimit?: string
  readonly queueSidecarMemoryRequest?: string
  readonly queueSidecarMemoryLimit?: string
  readonly queueSidecarEphemeralStorageRequest?: string
  readonly queueSidecarEphemeralStorageLimit?: string
  readonly queueSidecarTokenAudiences: ReadonlySet<string>
  readonly queueSidecarRootCa: string
}

/** What the queue-proxy asks for where `queueproxy.resource-defaults` is on and nothing else says. */
export const QUEUE_SIDECAR_RESOURCE_DEFAULTS = {
  cpuRequest: '25m',
  cpuLimit: '1',
  memoryRequest: '400Mi',
  memoryLimit: '800Mi',
  ephemeralStorageRequest: '512Mi',
  ephemeralStorageLimit: '1Gi',
} as const

/** Reads and judges `config-deployment`. Throws an Error with the text of upstream. */
export function parseDeploymentConfig(data: ConfigData): DeploymentConfig {
  const read = new ConfigReader(data)
  const quantities = readQuantities(read)
  const config = {
    queueSidecarImage: read.string(['queueSidecarImage', 'queue-sidecar-image'], ''),
    progressDeadlineMs: read.duration(['progressDeadline', 'progress-deadline'], 600_000),
    digestResolutionTimeoutMs: read.duration(
      ['digestResolutionTimeout', 'digest-resolution-timeout'],
      10_000,
    ),
    registriesSkippingTagResolving: read.set(
      ['registriesSkippingTagResolving', 'registries-skipping-tag-resolving'],
      ['kind.local', 'ko.local', 'dev.local'],
    ),
    ...quantities,
    queueSidecarTokenAudiences: read.set('queue-sidecar-token-audiences', ['']),
    queueSidecarRootCa: read.string('queue-sidecar-rootca', ''),
  }
  if (config.queueSidecarImage === '') {
    throw new Error('queue-sidecar-image cannot be empty or unset')
  }
  const deadline = formatDuration(config.progressDeadlineMs)
  if (config.progressDeadlineMs <= 0) {
    throw new Error(`progress-deadline cannot be a non-positive duration, was ${deadline}`)
  }
  if (!isWholeSeconds(config.progressDeadlineMs)) {
    throw new Error(`progress-deadline must be rounded to a whole second, was: ${deadline}`)
  }
  if (config.digestResolutionTimeoutMs <= 0) {
    const timeout = formatDuration(config.digestResolutionTimeoutMs)
    throw new Error(`digest-resolution-timeout cannot be a non-positive duration, was ${timeout}`)
  }
  return config
}

function readQuantities(read: ConfigReader) {
  const cpuRequest = read.quantity(
    ['queueSidecarCPURequest', 'queue-sidecar-cpu-request'],
    QUEUE_SIDECAR_RESOURCE_DEFAULTS.cpuRequest,
  )
  const memoryRequest = read.quantity(['queueSidecarMemoryRequest', 'queue-sidecar-memory-request'])
  const storageRequest = read.quantity([
    'queueSidecarEphemeralStorageRequest',
    'queue-sidecar-ephemeral-storage-request',
  ])
  const cpuLimit = read.quantity(['queueSidecarCPULimit', 'queue-sidecar-cpu-limit'])
  const memoryLimit = read.quantity(['queueSidecarMemoryLimit', 'queue-sidecar-memory-limit'])
  const storageLimit = read.quantity([
    'queueSidecarEphemeralStorageLimit',
    'queue-sidecar-ephemeral-storage-limit',
  ])
  return {
    ...(cpuRequest !== undefined && {queueSidecarCpuRequest: cpuRequest}),
    ...(memoryRequest !== undefined && {queueSidecarMemoryRequest: memoryRequest}),
    ...(storageRequest !== undefined && {queueSidecarEphemeralStorageRequest: storageRequest}),
    ...(cpuLimit !== undefined && {queueSidecarCpuLimit: cpuLimit}),
    ...(memoryLimit !== undefined && {queueSidecarMemoryLimit: memoryLimit}),
    ...(storageLimit !== undefined && {queueSidecarEphemeralStorageLimit: storageLimit}),
  }
}
