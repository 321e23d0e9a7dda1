/** What the checks of `kntool doctor` are made of. */
import type {ErrorCode} from '../errors/catalog.ts'
import type {Need} from './needs.ts'
import type {Patient} from './patient.ts'

/** What a check is about. */
export type CheckCategory =
  | 'cluster'
  | 'knative'
  | 'istio'
  | 'load-balancer'
  | 'dns'
  | 'aws'
  | 'services'

/** Something that is not as it has to be. */
export interface Problem {
  /** `error`: something does not work. `warning`: it may come to that. */
  readonly result: 'error' | 'warning'
  /** One sentence: what, where, why. */
  readonly message: string
  /** What was found, in the words of whoever said it. */
  readonly evidence?: readonly string[]
  /** What to do about it. */
  readonly hint?: string
  /** A command that does it, or that shows more where only a person can decide. */
  readonly command?: string
  /** False where an installation goes on all the same. */
  readonly stopsInstall?: false
  /** The error that an installation ends with because of it; `KN_UNSUITABLE` by default. */
  readonly code?: ErrorCode
}

/** What a check comes to. */
export type Verdict =
  | {readonly result: 'ok'; readonly evidence?: readonly string[]}
  | {readonly result: 'skipped'; readonly reason: string}
  | Problem

/** A check, as whoever lists and runs checks sees it. */
export interface Check {
  /** Never changes its meaning: scripts name it. */
  readonly id: string
  readonly category: CheckCategory
  /** What is true when it is fine: `The webhooks of Knative answer`. */
  readonly title: string
  /** What is read: resources of the cluster, IAM actions, names in DNS. */
  readonly reads: readonly string[]
  /** Whether an installation asks it before its first write. */
  readonly beforeInstall: boolean
  /** What has to be there for it to mean anything, the first missing one being the reason to skip. */
  readonly needs: readonly Need[]
  /** Reads, then judges. */
  examine(patient: Patient): Promise<Verdict>
}

/** A check by its parts: `read` has the effects, `judge` decides and is pure. */
export interface CheckDefinition<Facts> extends Omit<Check, 'examine' | 'beforeInstall' | 'needs'> {
  readonly beforeInstall?: boolean
  readonly needs?: readonly Need[]
  read(patient: Patient): Promise<Facts>
  judge(facts: Facts): Verdict
}

/** Makes a check of its parts. */
export function defineCheck<Facts>(definition: CheckDefinition<Facts>): Check {
  const {id, category, title, reads, beforeInstall = false, needs = []} = definition
  return {
    id,
    category,
    title,
    reads,
    beforeInstall,
    needs,
    examine: async (patient) => definition.judge(await definition.read(patient)),
  }
}

/** The verdict that all is well, with what was seen. */
export function ok(...evidence: readonly string[]): Verdict {
  return {result: 'ok', ...(evidence.length > 0 && {evidence})}
}

/** The verdict that there is nothing to judge, and why. */
export function skipped(reason: string): Verdict {
  return {result: 'skipped', reason}
}

/** The verdict that something does not work. */
export function failed(problem: Omit<Problem, 'result'>): Problem {
  return {result: 'error', ...problem}
}

/** The verdict that something may go wrong. */
export function warned(problem: Omit<Problem, 'result'>): Problem {
  return {result: 'warning', ...problem}
}
