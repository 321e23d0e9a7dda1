/** Counterpart of knative.dev/serving `pkg/apis/serving/v1/configuration_lifecycle.go`. */
import {quote} from '../../util/strconv.ts'
import {ConditionManager, livingConditionSet} from '../condition-set.ts'
import type {Condition} from '../conditions.ts'
import {statusOf} from '../reconcile-status.ts'
import type {Configuration} from './v1.ts'

/** The conditions of a Configuration. */
export const CONFIGURATION_CONDITIONS = livingConditionSet()

/** Says in the status of a Configuration how it stands with its revisions. */
export class ConfigurationLifecycle {
  readonly #status: NonNullable<Configuration['status']>
  readonly #conditions: ConditionManager

  constructor(configuration: Configuration, nowMs: number) {
    this.#status = statusOf(configuration)
    this.#conditions = new ConditionManager(CONFIGURATION_CONDITIONS, this.#status, nowMs)
  }

  /** The condition that sums up. */
  get ready(): Condition | undefined {
    return this.#conditions.get('Ready')
  }

  /** Records the newest revision. Ready is open again unless it is the one that is ready. */
  setLatestCreatedRevisionName(name: string): void {
    this.#status.latestCreatedRevisionName = name
    if (this.#status.latestReadyRevisionName !== name) this.#conditions.markUnknown('Ready')
  }

  /** Records the newest revision that is ready. Ready holds if it is the newest of all. */
  setLatestReadyRevisionName(name: string): void {
    this.#status.latestReadyRevisionName = name
    if (this.#status.latestCreatedRevisionName === name) this.#conditions.markTrue('Ready')
  }

  /** The newest revision failed. */
  markLatestCreatedFailed(name: string, message: string): void {
    this.#conditions.markFalse(
      'Ready',
      'RevisionFailed',
      `Revision ${quote(name)} failed with message: ${message}.`,
    )
  }

  /** The newest revision could not even be created. */
  markRevisionCreationFailed(message: string): void {
    this.#conditions.markFalse(
      'Ready',
      'RevisionFailed',
      `Revision creation failed with message: ${message}.`,
    )
  }
}
