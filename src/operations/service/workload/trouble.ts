/** What can keep the pods of a revision from serving. */
import type {ReplicaSet} from '../../../api/apps/v1.ts'
import type {Event, Pod} from '../../../api/core/v1.ts'
import type {Revision} from '../../../api/serving/v1.ts'

/** What is known of the workload of a Service. Whatever may not be read is empty. */
export interface Workload {
  /** The name of the Service. */
  readonly service: string
  readonly revisions: readonly Revision[]
  readonly pods: readonly Pod[]
  readonly replicaSets: readonly ReplicaSet[]
  /** About pods. */
  readonly events: readonly Event[]
  /** Of controllers that failed, about any object of the namespace. */
  readonly refusals: readonly Event[]
  /** The names of those among `refusals` that were seen to happen again. */
  readonly repeated: ReadonlySet<string>
}

/** The kinds of trouble, the surest first. */
export type TroubleKind =
  | 'refused'
  | 'image'
  | 'configuration'
  | 'crashing'
  | 'volume'
  | 'unschedulable'
  | 'probe'
  /** A child was refused for a reason that may pass. */
  | 'retried'

/** One thing that keeps a revision from getting ready. */
export interface Trouble {
  readonly kind: TroubleKind
  /** Kubernetes' word for it: `CrashLoopBackOff`. */
  readonly reason: string
  readonly message: string
  readonly revision: string
  /** Whose controller was refused something, where that is known. */
  readonly about?: {readonly kind: string; readonly name: string}
  readonly pod?: string
  readonly container?: string
  readonly image?: string
  readonly port?: number
  readonly exitCode?: number
  readonly restarts?: number
  /** How the container ended, in Kubernetes' word: `OOMKilled`. */
  readonly ended?: string
  /** Whether somebody said that nodes are being added for the pod. */
  readonly nodesComing?: boolean
  /** How long it has to last before it is worth telling. */
  readonly afterMs: number
  /** Whether nobody needs to wait any longer, or it may pass by itself. */
  readonly fatal: boolean
}

/** Long enough for a registry or a volume to come to another mind. */
export const PATIENCE_MS = 8_000
/** Long enough for a program to start, or a pod to find its node. */
export const START_MS = 5_000

/** Whose trouble it is. */
export type TroubleOf = Pick<Trouble, 'revision' | 'pod'>

/** The message of the last of the events with a reason. */
export function lastMessage(events: readonly Event[], reason: string): string | undefined {
  return events.findLast((event) => event.reason === reason)?.message
}
