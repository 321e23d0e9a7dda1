import type {Client} from '../client/client.ts'
import type {RestMapper} from '../client/rest-mapper.ts'
import type {Clock} from '../util/clock.ts'
import type {ManifestSource} from './manifests.ts'
import type {InstallSettings} from './settings.ts'

/** What kind of cluster is being installed on. */
export type InstallTarget = 'embedded' | 'cluster'

/** What a request to a URL brought back. */
export interface ProbeAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * Sends a GET for a URL of a Service.
 *
 * `via` is the address to connect to in place of the URL's host, which then only stands in `Host`;
 * without it, the host's own address. Throws `KN_UNREACHABLE` without an answer in time.
 */
export type Probe = (
  url: string,
  options: {readonly via?: string; readonly timeoutMs: number},
) => Promise<ProbeAnswer>

/** Everything a step works with. */
export interface InstallContext {
  readonly client: Client
  readonly mapper: RestMapper
  readonly clock: Clock
  readonly manifests: ManifestSource
  readonly target: InstallTarget
  readonly settings: InstallSettings
  readonly probe: Probe
  readonly signal: AbortSignal
  /** Says what a running step is doing or waiting for right now. */
  readonly progress: (message: string) => void
  /** Notes what the installation has come to, for its result. */
  readonly note: (fact: Partial<InstallFacts>) => void
}

/** What an installation has come to. */
export interface InstallFacts {
  /** A URL that answered. */
  readonly provenUrl: string
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
  /** What a person calls it: `Knative Serving`. */
  readonly title: string
  check(context: InstallContext): Promise<StepCheck>
  plan(context: InstallContext): Promise<PlannedChange[]>
  apply(context: InstallContext): Promise<void>
  verify(context: InstallContext): Promise<void>
}
