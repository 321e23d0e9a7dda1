import type {CoreService, Pod} from '../../api/core/v1.ts'
import {podCondition} from './pod-conditions.ts'

/** Annotation: when that happened which the newest change of the endpoints answers to. */
const LAST_CHANGE_TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'

interface Seen {
  readonly pods: ReadonlyMap<string, string>
}

/**
 * Finds out what a change of endpoints answers to: the earliest pod that became Ready or not Ready
 * since the last look, or the creation of the Service at the first look.
 *
 * Counterpart of k8s.io/endpointslice `trace.TriggerTimeTracker`.
 */
export class TriggerTimes {
  readonly #seen = new Map<string, Seen>()

  /** The time to write down, or undefined when nothing new triggered the change. */
  observe(key: string, service: CoreService, pods: readonly Pod[]): string | undefined {
    const before = this.#seen.get(key)
    const times = new Map<string, string>()
    let earliest: string | undefined
    for (const pod of pods) {
      const time = podCondition(pod, 'Ready')?.lastTransitionTime
      if (time === undefined) continue
      const {name} = pod.metadata
      times.set(name, time)
      if (time > (before?.pods.get(name) ?? '') && (earliest === undefined || time < earliest)) {
        earliest = time
      }
    }
    this.#seen.set(key, {pods: times})
    return before === undefined ? service.metadata.creationTimestamp : earliest
  }

  /** Drops what is remembered about a Service. */
  forget(key: string): void {
    this.#seen.delete(key)
  }
}

/** `annotations` with the trigger time set, or without one. */
export function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined,
  time: string | undefined,
): Record<string, string> {
  const {[LAST_CHANGE_TRIGGER_TIME]: _, ...rest} = annotations ?? {}
  return time === undefined ? rest : {...rest, [LAST_CHANGE_TRIGGER_TIME]: time}
}
