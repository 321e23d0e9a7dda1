/** What the queue-proxy of a revision may use. */
import {findAnnotation} from '../../../api/autoscaling/annotations.ts'
import {QUEUE_SIDECAR_RESOURCE_DEFAULTS} from '../../../api/config/deployment.ts'
import type {Container} from '../../../api/core/v1.ts'
import {QUEUE_SIDECAR_ANNOTATIONS} from '../../../api/serving/metadata-keys.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityValue,
} from '../../../util/quantity.ts'
import {parseFloat64} from '../../../util/strconv.ts'
import type {RevisionConfig} from './config.ts'
import {servingContainer} from '../serving-container.ts'

type Resource = 'cpu' | 'memory' | 'ephemeral-storage'
type Bound = 'requests' | 'limits'
type Amounts = {[bound in Bound]: Partial<Record<Resource, string>>}

/** Between which amounts a percentage of the user container's resources stays. */
const BOUNDARIES: readonly [Bound, 'cpu' | 'memory', min: string, max: string][] = [
  ['requests', 'cpu', '25m', '100m'],
  ['limits', 'cpu', '40m', '500m'],
  ['requests', 'memory', '50Mi', '200Mi'],
  ['limits', 'memory', '200Mi', '500Mi'],
]

/**
 * The resources of the queue-proxy container.
 *
 * Later beats earlier: the defaults of `queueproxy.resource-defaults`, `config-deployment`, a
 * percentage of what the user container says, an amount in an annotation.
 */
export function makeQueueResources(
  revision: Revision,
  config: Pick<RevisionConfig, 'deployment' | 'features'>,
): NonNullable<Container['resources']> {
  const {annotations} = revision.metadata
  const amounts = configured(config)
  applyPercentage(amounts, annotations, servingContainer(revision))
  applyAnnotations(amounts, annotations)
  return {
    requests: amounts.requests,
    ...(Object.keys(amounts.limits).length > 0 && {limits: amounts.limits}),
  }
}

function configured({
  deployment,
  features,
}: Pick<RevisionConfig, 'deployment' | 'features'>): Amounts {
  const useDefaults = features.queueProxyResourceDefaults === 'Enabled'
  const defaults = QUEUE_SIDECAR_RESOURCE_DEFAULTS
  const pick = (amount: string | undefined, fallback?: string): string | undefined =>
    amount ?? (useDefaults ? fallback : undefined)
  // Upstream bug kept: ephemeral storage has defaults that nothing uses.
  return {
    requests: present({
      cpu: pick(deployment.queueSidecarCpuRequest, defaults.cpuRequest),
      memory: pick(deployment.queueSidecarMemoryRequest, defaults.memoryRequest),
      'ephemeral-storage': deployment.queueSidecarEphemeralStorageRequest,
    }),
    limits: present({
      cpu: pick(deployment.queueSidecarCpuLimit, defaults.cpuLimit),
      memory: pick(deployment.queueSidecarMemoryLimit, defaults.memoryLimit),
      'ephemeral-storage': deployment.queueSidecarEphemeralStorageLimit,
    }),
  }
}

function present(amounts: Record<Resource, string | undefined>): Partial<Record<Resource, string>> {
  return Object.fromEntries(
    Object.entries(amounts).filter((entry) => entry[1] !== undefined),
  ) as Partial<Record<Resource, string>>
}

function applyPercentage(
  amounts: Amounts,
  annotations: Readonly<Record<string, string>> | undefined,
  container: Container,
): void {
  const found = findAnnotation(annotations, QUEUE_SIDECAR_ANNOTATIONS.resourcePercentage)
  const percentage = found && attempt(() => parseFloat64(found.value))
  if (percentage === undefined) return
  for (const [bound, resource, min, max] of BOUNDARIES) {
    const amount = container.resources?.[bound]?.[resource]
    const share = amount === undefined ? undefined : shareOf(amount, percentage / 100, min, max)
    if (share !== undefined) amounts[bound][resource] = share
  }
}

/** A fraction of an amount, cut to whole thousandths and kept within bounds; undefined of nothing. */
function shareOf(amount: string, fraction: number, min: string, max: string): string | undefined {
  const milli = quantityValue(parseQuantity(amount), 'milli')
  if (milli === 0) return undefined
  const share = {
    nano: BigInt(Math.trunc(milli * fraction)) * 1_000_000n,
    format: 'BinarySI',
  } as const
  if (compareQuantities(share, parseQuantity(min)) < 0) return min
  if (compareQuantities(share, parseQuantity(max)) > 0) return max
  return formatQuantity(share)
}

function applyAnnotations(
  amounts: Amounts,
  annotations: Readonly<Record<string, string>> | undefined,
): void {
  const keys = QUEUE_SIDECAR_ANNOTATIONS
  const wanted = [
    ['requests', 'cpu', keys.cpuRequest],
    ['limits', 'cpu', keys.cpuLimit],
    ['requests', 'memory', keys.memoryRequest],
    ['limits', 'memory', keys.memoryLimit],
    ['requests', 'ephemeral-storage', keys.ephemeralStorageRequest],
    ['limits', 'ephemeral-storage', keys.ephemeralStorageLimit],
  ] as const
  for (const [bound, resource, key] of wanted) {
    const found = findAnnotation(annotations, key)
    const amount = found && attempt(() => canonicalQuantity(found.value))
    if (amount !== undefined) amounts[bound][resource] = amount
  }
}

/** The webhook has refused what does not parse; what slipped through does not count. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}
