import type {Condition} from './conditions.ts'

/** A status with conditions. */
export interface ConditionedStatus {
  conditions?: Condition[]
}

/**
 * Which conditions a kind has: the happy one sums up the dependents.
 *
 * Counterpart of knative.dev/pkg `apis.ConditionSet`.
 */
export interface ConditionSet {
  readonly happy: string
  readonly dependents: readonly string[]
}

/** A set whose happy condition is `Ready`: for kinds that live on. */
export function livingConditionSet(...dependents: string[]): ConditionSet {
  return {happy: 'Ready', dependents}
}

/** Finds a condition. */
export function getCondition(
  status: ConditionedStatus | undefined,
  type: string,
): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

/** Whether the condition is there and True. */
export function isTrue(status: ConditionedStatus | undefined, type: string): boolean {
  return getCondition(status, type)?.status === 'True'
}

/** Whether the condition is there and False. */
export function isFalse(status: ConditionedStatus | undefined, type: string): boolean {
  return getCondition(status, type)?.status === 'False'
}

let lastSecond = Number.NaN
let lastText = ''

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times. */
export function formatTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000)
  // Every request and every reconcile asks, and most come in one second.
  if (second !== lastSecond) {
    lastText = `${new Date(epochMs).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}

/**
 * Writes the conditions of one status and keeps the happy condition true to its dependents.
 *
 * - Conditions stay sorted by type.
 * - `lastTransitionTime` changes only when the condition does.
 * - False beats Unknown beats True; among equals the newest transition explains the happy condition.
 *
 * Counterpart of knative.dev/pkg `apis.ConditionManager`.
 */
export class ConditionManager {
  readonly #set: ConditionSet
  readonly #status: ConditionedStatus
  readonly #nowMs: number

  constructor(set: ConditionSet, status: ConditionedStatus, nowMs: number) {
    this.#set = set
    this.#status = status
    this.#nowMs = nowMs
  }

  /** The condition of that type, if it was ever set. */
  get(type: string): Condition | undefined {
    return getCondition(this.#status, type)
  }

  /** Whether the happy condition is True. */
  isHappy(): boolean {
    return this.get(this.#set.happy)?.status === 'True'
  }

  /** Adds what is missing as Unknown; dependents of a happy object as True. */
  initialize(): void {
    const happy = this.get(this.#set.happy)
    if (happy === undefined) this.#write({type: this.#set.happy, status: 'Unknown'})
    const status = happy?.status === 'True' ? 'True' : 'Unknown'
    for (const type of this.#set.dependents) {
      if (this.get(type) === undefined) this.#write({type, status})
    }
  }

  /** The condition holds. */
  markTrue(type: string, reason?: string, message?: string): void {
    this.#write({type, status: 'True', ...explain(reason, message)})
    this.#recomputeHappiness(type)
  }

  /** The condition does not hold; so the object is not happy if the condition is a dependent. */
  markFalse(type: string, reason: string, message: string): void {
    this.#write({type, status: 'False', ...explain(reason, message)})
    if (this.#set.dependents.includes(type)) {
      this.#write({type: this.#set.happy, status: 'False', ...explain(reason, message)})
    }
  }

  /** Nobody knows yet whether the condition holds. */
  markUnknown(type: string, reason?: string, message?: string): void {
    this.#write({type, status: 'Unknown', ...explain(reason, message)})
    if (this.#set.dependents.some((dependent) => this.get(dependent)?.status === 'False')) {
      if (this.get(this.#set.happy)?.status !== 'False') {
        this.#write({type: this.#set.happy, status: 'False', ...explain(reason, message)})
      }
      return
    }
    if (this.#set.dependents.includes(type)) {
      this.#write({type: this.#set.happy, status: 'Unknown', ...explain(reason, message)})
    }
  }

  /** Takes over what another object says: True without its reason, Unknown and False with it. */
  propagate(type: string, from: Condition | undefined): void {
    if (from === undefined) return
    const {status, reason = '', message = ''} = from
    if (status === 'True') this.markTrue(type)
    else if (status === 'False') this.markFalse(type, reason, message)
    else this.markUnknown(type, reason, message)
  }

  /** Removes a condition that is neither happy nor a dependent. */
  clear(type: string): void {
    if (type === this.#set.happy || this.#set.dependents.includes(type)) return
    const kept = (this.#status.conditions ?? []).filter((condition) => condition.type !== type)
    if (kept.length !== (this.#status.conditions ?? []).length) this.#status.conditions = kept
    this.#recomputeHappiness(type)
  }

  #recomputeHappiness(changed: string): void {
    const unhappy = this.#findUnhappyDependent()
    if (unhappy !== undefined) {
      this.#write({
        type: this.#set.happy,
        status: unhappy.status,
        ...explain(unhappy.reason, unhappy.message),
      })
    } else if (changed !== this.#set.happy) {
      this.#write({type: this.#set.happy, status: 'True'})
    }
  }

  #findUnhappyDependent(): Condition | undefined {
    if (this.#set.dependents.length === 0) return undefined
    const present = (this.#status.conditions ?? [])
      .filter((condition) => this.#set.dependents.includes(condition.type))
      .toSorted((left, right) => transitionMs(right) - transitionMs(left))
    const worst =
      present.find((condition) => condition.status === 'False') ??
      present.find((condition) => condition.status === 'Unknown')
    if (worst !== undefined) return worst
    return present.length < this.#set.dependents.length
      ? {type: this.#set.happy, status: 'Unknown'}
      : undefined
  }

  #write(condition: Condition): void {
    const terminal =
      condition.type === this.#set.happy || this.#set.dependents.includes(condition.type)
    const wanted: Condition = {...condition, ...(!terminal && {severity: 'Info' as const})}
    const conditions = this.#status.conditions ?? []
    const before = conditions.find((existing) => existing.type === wanted.type)
    if (before !== undefined && sameCondition(before, wanted)) return
    wanted.lastTransitionTime = formatTime(this.#nowMs)
    this.#status.conditions = [
      ...conditions.filter((existing) => existing.type !== wanted.type),
      wanted,
    ].toSorted((left, right) => (left.type < right.type ? -1 : 1))
  }
}

function explain(reason?: string, message?: string): {reason?: string; message?: string} {
  return {
    ...(reason !== undefined && reason !== '' && {reason}),
    ...(message !== undefined && message !== '' && {message}),
  }
}

function sameCondition(left: Condition, right: Condition): boolean {
  return (
    left.status === right.status &&
    (left.severity ?? '') === (right.severity ?? '') &&
    (left.reason ?? '') === (right.reason ?? '') &&
    (left.message ?? '') === (right.message ?? '')
  )
}

function transitionMs(condition: Condition): number {
  return condition.lastTransitionTime === undefined ? 0 : Date.parse(condition.lastTransitionTime)
}
