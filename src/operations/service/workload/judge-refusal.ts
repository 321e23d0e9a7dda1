/** What the events of Knative's controllers say about children that the API refused to store. */
import type {Event} from '../../../api/core/v1.ts'
import {PATIENCE_MS, START_MS, type Trouble, type Workload} from './trouble.ts'

/** The reason of the events in which a controller of Knative says why a reconcile failed. */
export const RECONCILE_FAILED = 'InternalError'

interface RefusalClass {
  readonly pattern: RegExp
  /** The trouble's reason; without one, the error is part of how controllers work. */
  readonly reason?: string
  /** How often it has to have been tried before it counts. */
  readonly attempts?: number
  readonly afterMs?: number
  readonly fatal?: boolean
}

/**
 * What becomes of an error that a controller met, by its text; the first row that fits.
 *
 * | error                                            | told after | fatal | because                          |
 * |--------------------------------------------------|------------|-------|----------------------------------|
 * | conflict, not found, already there, another owner | never     |       | caches are behind; tried again   |
 * | quota                                            | 5 s        | no    | room may come                    |
 * | a webhook or server that does not answer         | 5 s        | no    | it may start                     |
 * | invalid                                          | 0 s        | yes   | the revision never changes       |
 * | denied, forbidden; tried twice                   | 0 s        | yes   | somebody has to change something |
 * | anything else                                    | 8 s        | no    | nobody can tell                  |
 */
const CLASSES: readonly RefusalClass[] = [
  {
    pattern:
      /object has been modified|StorageError|already exists|does not own|not yet owned|" not found$/,
  },
  {pattern: /exceeded quota/, reason: 'QuotaExceeded', afterMs: START_MS, fatal: false},
  {
    pattern:
      /failed calling webhook|failed to call webhook|connection refused|no endpoints available|deadline exceeded|timed? ?out|too many requests|currently unable to handle|etcdserver/i,
    reason: 'Unavailable',
    afterMs: START_MS,
    fatal: false,
  },
  {pattern: /\bis invalid: /, reason: 'Invalid', afterMs: 0, fatal: true},
  {pattern: /denied the request/, reason: 'Denied', attempts: 2, afterMs: 0, fatal: true},
  {pattern: /is forbidden: /, reason: 'Forbidden', attempts: 2, afterMs: 0, fatal: true},
]
const UNKNOWN: RefusalClass = {
  pattern: /^/,
  reason: RECONCILE_FAILED,
  afterMs: PATIENCE_MS,
  fatal: false,
}

/**
 * The troubles of which events tell that are about the revision or about what its Service is made of.
 *
 * | event about                                       | counts                                       |
 * |---------------------------------------------------|----------------------------------------------|
 * | the Revision                                      | unless it is older: a namesake's             |
 * | its PodAutoscaler or ServerlessService            | if it was seen to happen again               |
 * | the Service, its Route, Configuration or Ingress  | if it was seen to happen again               |
 *
 * What may have changed since the event is believed only when it happens again before one's eyes.
 */
export function judgeRefusals(workload: Workload, revision: string): Trouble[] {
  const {service} = workload
  const created = workload.revisions.find(({metadata}) => metadata.name === revision)
  const {uid, creationTimestamp} = created?.metadata ?? {}
  return workload.refusals.flatMap((event) => {
    const {involvedObject: about} = event
    const isNamesake = uid !== undefined && about.uid !== undefined && about.uid !== uid
    const counts =
      about.kind === 'Revision'
        ? about.name === revision && created !== undefined && !isNamesake
        : workload.repeated.has(event.metadata.name) &&
          (about.name === revision || about.name === service) &&
          isSince(event, creationTimestamp)
    return counts ? judgeEvent(event, revision) : []
  })
}

function isSince(
  {lastTimestamp, eventTime}: Event,
  creationTimestamp: string | undefined,
): boolean {
  const at = Date.parse(lastTimestamp ?? eventTime ?? '')
  const since = Date.parse(creationTimestamp ?? '')
  // Times of events are whole seconds.
  return Number.isNaN(at) || Number.isNaN(since) || at >= since - 1_000
}

function judgeEvent({message = '', count = 1, involvedObject}: Event, revision: string): Trouble[] {
  // Events that differ only in their text are put together after a while.
  const said = message.replace(/^\(combined from similar events\): /, '').trim()
  const {
    reason,
    attempts = 1,
    afterMs = 0,
    fatal = false,
  } = CLASSES.find(({pattern}) => pattern.test(said)) ?? UNKNOWN
  if (reason === undefined || count < attempts) return []
  const {kind = '', name = ''} = involvedObject
  return [
    {
      kind: fatal ? 'refused' : 'retried',
      reason,
      message: said,
      revision,
      about: {kind, name},
      afterMs,
      fatal,
    },
  ]
}
