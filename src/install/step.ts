import type {AwsAccess} from '../aws/aws-access.ts'
import type {Client} from '../client/client.ts'
import type {RestMapper} from '../client/rest-mapper.ts'
import type {Clock} from '../util/clock.ts'
import type {ManifestSource} from './manifests.ts'
import type {DnsResolver, Probe} from './network.ts'
import type {InstallSettings, InstallTimeouts} from './settings.ts'

/** What kind of cluster is being installed on. */
export type InstallTarget = 'embedded' | 'cluster'

/**
 * How a plan is made: `server` sends every change of an object that is there as a dry run, so that
 * defaults, conflicts and webhooks are seen; `client` only reads, and compares the fields itself.
 */
export type PlanMode = 'client' | 'server'

/** Everything a step works with. */
export interface InstallContext {
  readonly client: Client
  readonly mapper: RestMapper
  readonly clock: Clock
  readonly manifests: ManifestSource
  /** The Istio that the release must have. */
  readonly wantedIstio?: string
  readonly target: InstallTarget
  readonly settings: InstallSettings
  /** Who compares what is there with what is wanted, where a plan is all that is asked for. */
  readonly planBy: PlanMode
  readonly aws: AwsAccess
  readonly probe: Probe
  readonly dns: DnsResolver
  readonly signal: AbortSignal
  /** Says what a running step is doing right now. */
  readonly progress: (message: string) => void
  /** Notes what the installation has come to, for its result. */
  readonly note: (fact: Partial<InstallFacts>) => void
}

/** What an installation has come to. */
export interface InstallFacts {
  /** A URL that answered. */
  readonly provenUrl: string
  /** The address of the load balancer. */
  readonly loadBalancer: string
  readonly knativeVersion: string
  readonly istioVersion: string
  /** What a person has to do or should know. */
  readonly warnings: readonly string[]
  /** What an uninstallation left behind, each with the reason or the command that removes it. */
  readonly left: readonly string[]
}

/** One change a step would make. */
export interface PlannedChange {
  /** `call`: of an AWS API. */
  readonly action: 'create' | 'change' | 'delete' | 'none' | 'call'
  /** `configmap/config-domain`, `route53:ChangeResourceRecordSets`. */
  readonly object: string
  readonly detail?: string
  /** The difference, line by line: `- spec.replicas: 1`. */
  readonly diff?: readonly string[]
}

/** What a step would do. */
export interface StepPlan {
  readonly changes: readonly PlannedChange[]
  readonly warnings?: readonly string[]
}

/** Whether a step has something to do. */
export type StepCheck =
  | {readonly state: 'needed'}
  | {readonly state: 'done'}
  | {readonly state: 'skipped'; readonly reason: string}

/** What was found at a look: finished, or what is still missing. */
export type Poll =
  | {readonly done: true}
  | {
      readonly done: false
      readonly waitingFor: string
      /** The newest thing that went wrong on the way, in the words of whoever reported it. */
      readonly warning?: string
    }

/** Takes back what a step brought. */
export interface Undo {
  plan(context: InstallContext): Promise<StepPlan>
  apply(context: InstallContext): Promise<void>
  /** Whether it is gone. */
  observe(context: InstallContext): Promise<Poll>
}

/**
 * One step of an installation, as data.
 *
 * - `check`, `risks`, `plan` and `observe` only read.
 * - `apply` can be repeated: after an interruption the pipeline simply runs again.
 * - `observe` tells whether the step's result is there; it throws when it will never be.
 */
export interface Step {
  readonly id: string
  /** What a person calls it: `Knative Serving`. */
  readonly title: string
  /** Has to be there before the next step, even if nobody waits for the installation. */
  readonly essential?: boolean
  /** Changes neither the cluster nor AWS: it comes before anybody is asked to agree. */
  readonly onlyReads?: boolean
  /** Whose time limit it has; by default that of pods. */
  readonly timeout?: keyof InstallTimeouts
  /** The longest pause between two looks; a second unless what is asked is far away. */
  readonly pollMs?: number
  /** What to type when the result does not come. */
  readonly hint?: string | readonly string[]
  check(context: InstallContext): Promise<StepCheck>
  /** What somebody would lose, one sentence each. Asked of all steps before the first one that writes. */
  risks?(context: InstallContext): Promise<string[]>
  plan(context: InstallContext): Promise<StepPlan>
  apply(context: InstallContext): Promise<void>
  observe(context: InstallContext): Promise<Poll>
  readonly undo?: Undo
}
