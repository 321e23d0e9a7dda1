import {getCondition} from '../../api/condition-set.ts'
import type {Condition} from '../../api/conditions.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import type {KnativeStatus, Service} from '../../api/serving/v1.ts'

/** What an object's status says about the generation somebody waits for. */
export type Readiness =
  /** The status still speaks about something older. */
  | {readonly kind: 'stale'}
  | {readonly kind: 'ready'}
  /** Ready is False; it may recover. */
  | {readonly kind: 'failed'; readonly condition: Condition}
  | {readonly kind: 'pending'; readonly condition: Condition | undefined}

/**
 * Judges Ready for the generation that was written.
 *
 * | object's generation | observedGeneration | Ready          | verdict |
 * |---------------------|--------------------|----------------|---------|
 * | older               | –                  | –              | stale   |
 * | the same or newer   | another            | –              | stale   |
 * | the same or newer   | the same           | True           | ready   |
 * | the same or newer   | the same           | False          | failed  |
 * | the same or newer   | the same           | Unknown, none  | pending |
 *
 * A Ready that is left over from before the write is so never taken for an answer to it.
 */
export function judgeReadiness(
  object: KubeObject & {status?: KnativeStatus},
  writtenGeneration: number,
): Readiness {
  const {generation = 0} = object.metadata
  const observed = object.status?.observedGeneration
  if (generation < writtenGeneration || observed !== generation) return {kind: 'stale'}
  const condition = getCondition(object.status, 'Ready')
  if (condition?.status === 'True') return {kind: 'ready'}
  if (condition?.status === 'False') {
    return {kind: 'failed', condition: refusedRevision(object.status) ?? condition}
  }
  return {kind: 'pending', condition}
}

/**
 * What the API said of the revision that a Service wanted, if it refused to store it. Ready itself often
 * repeats what the Route says, which only misses the revision.
 */
export function refusedRevision(status: KnativeStatus | undefined): Condition | undefined {
  const condition = getCondition(status, 'ConfigurationsReady')
  const isRefusal = condition?.message?.startsWith('Revision creation failed with message: ')
  return condition?.status === 'False' && isRefusal ? condition : undefined
}

/**
 * The revision on which it depends whether a Service gets ready; undefined while the status does not
 * say which one that is, and when it is ready.
 */
export function revisionToGetReady({status}: Service, readiness: Readiness): string | undefined {
  if (readiness.kind === 'stale' || readiness.kind === 'ready') return undefined
  const configuration = getCondition(status, 'ConfigurationsReady')
  // Out of date: the latest revision is still that of the generation before.
  if (configuration?.status === 'True' || configuration?.reason === 'OutOfDate') return undefined
  return status?.latestCreatedRevisionName || undefined
}
