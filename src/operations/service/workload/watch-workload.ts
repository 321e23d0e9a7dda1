import {REPLICA_SETS, type ReplicaSet} from '../../../api/apps/v1.ts'
import {type Event, EVENTS, type Pod, PODS} from '../../../api/core/v1.ts'
import {keyOf, type KubeObject} from '../../../api/meta/object.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import {StatusError} from '../../../api/meta/status-error.ts'
import {SERVICE_LABEL} from '../../../api/serving/metadata-keys.ts'
import {type Revision, REVISIONS} from '../../../api/serving/v1.ts'
import type {Client, ListOptions} from '../../../client/client.ts'
import {type Clock, sleep} from '../../../util/clock.ts'
import {RECONCILE_FAILED} from './judge-refusal.ts'
import type {Workload} from './trouble.ts'

/** How long to leave a server alone that ended a watch. */
const WATCH_AGAIN_MS = 1_000

/**
 * Follows the revisions, ReplicaSets and pods of a Service, the events of pods and those of controllers
 * that failed, one watch for each; `onChange` gets what is known after every change, until `signal` aborts.
 *
 * What the user may not read stays empty, without a word.
 */
export function watchWorkload(
  {client, clock}: {client: Client; clock: Clock},
  {namespace, name}: {namespace: string; name: string},
  {onChange, signal}: {onChange: (workload: Workload) => void; signal: AbortSignal},
): void {
  const revisions = new Map<string, Revision>()
  const pods = new Map<string, Pod>()
  const replicaSets = new Map<string, ReplicaSet>()
  const events = new Map<string, Event>()
  const refusals = new Map<string, Event>()
  const repeated = new Set<string>()
  const changed = (): void =>
    onChange({
      service: name,
      revisions: [...revisions.values()],
      pods: [...pods.values()],
      replicaSets: [...replicaSets.values()],
      events: [...events.values()],
      refusals: [...refusals.values()],
      repeated,
    })
  const ofService = {namespace, labelSelector: `${SERVICE_LABEL}=${name}`}
  const ofPods = {namespace, fieldSelector: 'involvedObject.kind=Pod'}
  const keep = <T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions,
    known: Map<string, T>,
    onAgain?: (object: T) => void,
  ): void => void keepWatching({client, clock}, {type, options, known, changed, onAgain, signal})
  keep(REVISIONS, ofService, revisions)
  keep(PODS, ofService, pods)
  keep(REPLICA_SETS, ofService, replicaSets)
  keep(EVENTS, ofPods, events)
  keep(EVENTS, {namespace, fieldSelector: `reason=${RECONCILE_FAILED}`}, refusals, (event) =>
    repeated.add(event.metadata.name),
  )
}

async function keepWatching<T extends KubeObject>(
  {client, clock}: {client: Client; clock: Clock},
  {
    type,
    options,
    known,
    changed,
    onAgain,
    signal,
  }: {
    type: ResourceType<T>
    options: ListOptions
    known: Map<string, T>
    changed: () => void
    onAgain: ((object: T) => void) | undefined
    signal: AbortSignal
  },
): Promise<void> {
  while (!signal.aborted) {
    // Without a version the server begins with what is there: no list is needed.
    known.clear()
    try {
      for await (const event of await client.watch(type, {...options, signal})) {
        if (event.type === 'ERROR') break
        if (event.type === 'BOOKMARK') continue
        // A later event of the same key moves to the end: the order is that of the changes.
        known.delete(keyOf(event.object))
        if (event.type === 'MODIFIED') onAgain?.(event.object)
        if (event.type !== 'DELETED') known.set(keyOf(event.object), event.object)
        changed()
      }
    } catch (error) {
      // An answer is final: forbidden, not served. No answer at all is not.
      if (error instanceof StatusError) return
    }
    await sleep(clock, WATCH_AGAIN_MS, signal)
  }
}
