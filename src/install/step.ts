import type {Client} from '../client/client.ts'
import type {RestMapper} from '../client/rest-mapper.ts'
import type {Clock} from '../util/clock.ts'
import type {ManifestSource} from './manifests.ts'

/** What kind of cluster is being installed on. */
export type InstallTarget =
  | {readonly kind: 'embedded'; readonly fetch: (url: string) => Promise<Response>}
  | {readonly kind: 'cluster'}

/** What the user asked for. */
export interface InstallSettings {
  /** The default domain of Services: `knative.example.com`. */
  readonly domain: string
  /** How long each step may wait for the cluster. */
  readonly stepTimeoutMs: number
}

/** Everything a step works with. */
export interface InstallContext {
  readonly client: Client
  readonly mapper: RestMapper
  readonly clock: Clock
  readonly manifests: ManifestSource
  readonly target: InstallTarget
  readonly settings: InstallSettings
  readonly signal: AbortSignal
  /** Says what a running step is doing or waiting for right now. */
  readonly progress: (message: string) => void
}

/** One change a step would make. */
export interface PlannedChange {
  readonly action: 'create' | 'change' | 'none'
  /** `configmap/config-domain`. */
  readonly object: string
  readonly detail?: string
}

/** Whether a step has something to do. */
export type StepCheck =
  | {readonly state: 'needed'}
  | {readonly state: 'done'}
  | {readonly state: 'skipped'; readonly reason: string}

/**
 * One step of an installation, as data.
 *
 * - `check` and `plan` only read.
 * - `apply` can be repeated: after an interruption the pipeline simply runs again.
 * - `verify` resolves when the step's result is there, and throws, with the reason, when it is not
 *   there in time.
 */
export interface Step {
  readonly id: string
  /** Completes the sentence "kntool …": `installs Knative Serving`. */
  readonly title: string
  check(context: InstallContext): Promise<StepCheck>
  plan(context: InstallContext): Promise<PlannedChange[]>
  apply(context: InstallContext): Promise<void>
  verify(context: InstallContext): Promise<void>
}
