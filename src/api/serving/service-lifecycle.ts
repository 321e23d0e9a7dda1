/** Counterpart of knative.dev/serving `pkg/apis/serving/v1/service_lifecycle.go`. */
import {quote} from '../../util/strconv.ts'
import {ConditionManager, getCondition, livingConditionSet} from '../condition-set.ts'
import {statusOf} from '../reconcile-status.ts'
import type {Configuration, Route, Service} from './v1.ts'

/** The conditions of a Service. */
export const SERVICE_CONDITIONS = livingConditionSet('ConfigurationsReady', 'RoutesReady')

/** Says in the status of a Service how it stands with its Configuration and its Route. */
export class ServiceLifecycle {
  readonly #status: NonNullable<Service['status']>
  readonly #conditions: ConditionManager

  constructor(service: Service, nowMs: number) {
    this.#status = statusOf(service)
    this.#conditions = new ConditionManager(SERVICE_CONDITIONS, this.#status, nowMs)
  }

  /** Whether the Route is as it should be. */
  get routesReady(): boolean {
    return this.#conditions.get('RoutesReady')?.status === 'True'
  }

  /** A Configuration of the wanted name belongs to somebody else. */
  markConfigurationNotOwned(name: string): void {
    this.#conditions.markFalse(
      'ConfigurationsReady',
      'NotOwned',
      `There is an existing Configuration ${quote(name)} that we do not own.`,
    )
  }

  /** A Route of the wanted name belongs to somebody else. */
  markRouteNotOwned(name: string): void {
    this.#conditions.markFalse(
      'RoutesReady',
      'NotOwned',
      `There is an existing Route ${quote(name)} that we do not own.`,
    )
  }

  /** What the Configuration says is about an older spec. */
  markConfigurationNotReconciled(): void {
    this.#conditions.markUnknown(
      'ConfigurationsReady',
      'OutOfDate',
      'The Configuration is still working to reflect the latest desired specification.',
    )
  }

  /** What the Route says is about an older spec. */
  markRouteNotReconciled(): void {
    this.#conditions.markUnknown(
      'RoutesReady',
      'OutOfDate',
      'The Route is still working to reflect the latest desired specification.',
    )
  }

  /** The template names a revision that is something else already. */
  markRevisionNameTaken(name: string): void {
    this.#conditions.markFalse(
      'RoutesReady',
      'RevisionNameTaken',
      `The revision name ${quote(name)} is taken by a conflicting Revision, so traffic will not be migrated`,
    )
  }

  /** The Route is ready, but not yet for what we want of it. */
  markRouteNotYetReady(): void {
    this.#conditions.markUnknown(
      'RoutesReady',
      'TrafficNotMigrated',
      'Traffic is not yet migrated to the latest revision.',
    )
  }

  /** Takes over what the Configuration says about itself. */
  propagateConfigurationStatus(status: Configuration['status']): void {
    copyField(this.#status, status, 'latestReadyRevisionName')
    copyField(this.#status, status, 'latestCreatedRevisionName')
    this.#conditions.propagate('ConfigurationsReady', getCondition(status, 'Ready'))
  }

  /** Takes over what the Route says about itself, its URLs and its traffic. */
  propagateRouteStatus(status: Route['status']): void {
    copyField(this.#status, status, 'url')
    copyField(this.#status, status, 'address')
    copyField(this.#status, status, 'traffic')
    this.#conditions.propagate('RoutesReady', getCondition(status, 'Ready'))
  }
}

function copyField<Key extends string, T>(
  to: {[key in Key]?: T},
  from: {readonly [key in Key]?: T} | undefined,
  key: Key,
): void {
  const value = from?.[key]
  if (value === undefined) delete to[key]
  else to[key] = value
}
