/** Counterpart of knative.dev/networking `…/networking/v1alpha1/serverlessservice_lifecycle.go`. */
import {ConditionManager, getCondition, livingConditionSet} from '../condition-set.ts'
import {statusOf} from '../reconcile-status.ts'
import type {ServerlessService} from './v1alpha1.ts'

/** The conditions of a ServerlessService. */
export const SERVERLESS_SERVICE_CONDITIONS = livingConditionSet('EndpointsPopulated')

const ACTIVATOR_BACKED = 'ActivatorEndpointsPopulated'

/** Says in the status of a ServerlessService where its public name leads. */
export class ServerlessServiceLifecycle {
  readonly #conditions: ConditionManager

  constructor(sks: ServerlessService, nowMs: number) {
    this.#conditions = new ConditionManager(SERVERLESS_SERVICE_CONDITIONS, statusOf(sks), nowMs)
  }

  /** Pods of the revision are ready. */
  markEndpointsReady(): void {
    this.#conditions.markTrue('EndpointsPopulated')
  }

  /** No pod of the revision is ready, or a Service is just being made. */
  markEndpointsNotReady(reason: string): void {
    this.#conditions.markUnknown('EndpointsPopulated', reason, 'K8s Service is not ready')
  }

  /** An object of the wanted name belongs to somebody else. */
  markEndpointsNotOwned(kind: 'Service' | 'Endpoints', name: string): void {
    this.#conditions.markFalse(
      'EndpointsPopulated',
      'NotOwned',
      `Resource ${name} of type ${kind} is not owned by SKS`,
    )
  }

  /** The activator is in the path. */
  markActivatorEndpointsPopulated(): void {
    this.#conditions.markTrue(ACTIVATOR_BACKED, ACTIVATOR_BACKED, 'Revision is backed by Activator')
  }

  /** The activator is not in the path. The message says the contrary, as upstream's does. */
  markActivatorEndpointsRemoved(): void {
    this.#conditions.markFalse(
      ACTIVATOR_BACKED,
      ACTIVATOR_BACKED,
      'Revision is backed by Activator',
    )
  }
}

/** How long the activator has been in the path, by times of whole seconds; 0 if it is not. */
export function proxyForMs(sks: ServerlessService, nowMs: number): number {
  const backed = getCondition(sks.status, ACTIVATOR_BACKED)
  if (backed?.status !== 'True' || backed.lastTransitionTime === undefined) return 0
  return nowMs - Date.parse(backed.lastTransitionTime)
}
