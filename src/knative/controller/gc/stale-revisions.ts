/** Counterpart of knative.dev/serving `pkg/reconciler/gc/gc.go`. */
import type {GcConfig} from '../../../api/config/gc.ts'
import {
  NO_GC_ANNOTATION,
  ROUTING_STATE_LABEL,
  ROUTING_STATE_MODIFIED_ANNOTATION,
} from '../../../api/serving/metadata-keys.ts'
import type {Configuration, Revision} from '../../../api/serving/v1.ts'

/**
 * The revisions of a Configuration that `config-gc` lets go, in the order they go.
 *
 * Only revisions in reserve count, and never the latest ready one or one marked `no-gc`. Of those:
 *
 * - as many as `min-non-active-revisions` stay, whatever their age;
 * - the ones whose times are both over go, those that were inactive longest first;
 * - beyond `max-non-active-revisions`, those that were inactive longest go, whatever their age.
 */
export function chooseStaleRevisions(
  revisions: readonly Revision[],
  configuration: Configuration,
  config: GcConfig,
  nowMs: number,
): Revision[] {
  const {minNonActiveRevisions: min, maxNonActiveRevisions: max} = config
  if (isDisabled(config)) return []
  const inactive = revisions
    .filter((revision) => !isActive(revision, configuration))
    .toSorted((left, right) => lastActiveMs(left) - lastActiveMs(right))
  if (inactive.length <= min) return []

  const stale = inactive
    .filter((revision) => isStale(revision, config, nowMs))
    .slice(0, inactive.length - min)
  // With the minimum reached, the maximum, which is not smaller, is too.
  if (max === undefined || stale.length === inactive.length - min) return stale
  const rest = inactive.filter((revision) => !stale.includes(revision))
  return [...stale, ...rest.slice(0, Math.max(0, rest.length - max))]
}

/** Whether no rule could ever let a revision go. */
export function isDisabled(config: GcConfig): boolean {
  return (
    config.maxNonActiveRevisions === undefined &&
    config.retainSinceCreateTimeMs === undefined &&
    config.retainSinceLastActiveTimeMs === undefined
  )
}

function isActive({metadata}: Revision, configuration: Configuration): boolean {
  return (
    configuration.status?.latestReadyRevisionName === metadata.name ||
    metadata.annotations?.[NO_GC_ANNOTATION]?.toLowerCase() === 'true' ||
    metadata.labels?.[ROUTING_STATE_LABEL] !== 'reserve'
  )
}

function isStale(revision: Revision, config: GcConfig, nowMs: number): boolean {
  const {retainSinceCreateTimeMs: sinceCreate, retainSinceLastActiveTimeMs: sinceActive} = config
  if (sinceCreate === undefined && sinceActive === undefined) return false
  if (sinceCreate !== undefined && nowMs - createdMs(revision) < sinceCreate) return false
  return sinceActive === undefined || nowMs - lastActiveMs(revision) >= sinceActive
}

function createdMs({metadata}: Revision): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0
}

/** When the revision was last active: when its routing state changed, or when it was created. */
function lastActiveMs(revision: Revision): number {
  const modified = revision.metadata.annotations?.[ROUTING_STATE_MODIFIED_ANNOTATION]
  return Date.parse(modified ?? '') || createdMs(revision)
}
