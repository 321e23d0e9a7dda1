import {REPLICA_SETS, type ReplicaSet} from '../../../api/apps/v1.ts'
import {type Pod, PODS} from '../../../api/core/v1.ts'
import {isNamespaceTerminating, isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {OWNER_UID} from '../owner-index.ts'
import {isPodReady} from '../pod-conditions.ts'
import type {Claims} from '../claim.ts'
import type {Expectations} from './expectations.ts'
import {availableAtMs, choosePodsToDelete, isPodActive, isPodAvailable, makePod} from './pods.ts'
import {asError, slowStart} from './slow-start.ts'
import {makeReplicaSetStatus, type ReplicaFailure} from './status.ts'

/** At most so many pods are created or deleted in one round. */
const BURST_REPLICAS = 500

/**
 * Reconciles ReplicaSet: as many active pods as it asks for.
 *
 * Counterpart of kubernetes `pkg/controller/replicaset`.
 */
export class ReplicaSetReconciler implements KindReconciler<ReplicaSet> {
  readonly type = REPLICA_SETS
  readonly #client: Client
  readonly #pods: Lister<Pod>
  readonly #claims: Claims<ReplicaSet, Pod>
  readonly #expectations: Expectations

  constructor(options: {
    client: Client
    pods: Lister<Pod>
    claims: Claims<ReplicaSet, Pod>
    expectations: Expectations
  }) {
    this.#client = options.client
    this.#pods = options.pods
    this.#claims = options.claims
    this.#expectations = options.expectations
  }

  async reconcileKind(draft: ReplicaSet, context: ReconcileContext): Promise<ReconcileResult> {
    const claimed = await this.#claims.claim(draft)
    const outcome = this.#expectations.fulfilled(context.key)
      ? await this.#manage(draft, claimed.filter(isPodActive), context)
      : undefined
    // Counted after the pods were made or deleted: one status instead of two.
    const pods = this.#activePods(draft)
    const nowMs = context.clock.now()
    draft.status = makeReplicaSetStatus(draft, pods, outcome?.failure, nowMs)
    if (outcome?.error !== undefined) throw outcome.error

    const minReadySeconds = draft.spec.minReadySeconds ?? 0
    const waiting = pods.filter(
      (pod) => isPodReady(pod) && !isPodAvailable(pod, minReadySeconds, nowMs),
    )
    if (waiting.length === 0) return undefined
    const nextMs = Math.min(...waiting.map((pod) => availableAtMs(pod, minReadySeconds)))
    return {requeueAfterMs: nextMs - nowMs}
  }

  observeDeleted(key: string): void {
    this.#expectations.forget(key)
  }

  #activePods(draft: ReplicaSet): Pod[] {
    return this.#pods.byIndex(OWNER_UID, draft.metadata.uid ?? '').filter(isPodActive)
  }

  async #manage(
    draft: ReplicaSet,
    pods: readonly Pod[],
    context: ReconcileContext,
  ): Promise<{failure: ReplicaFailure; error: Error} | undefined> {
    const missing = (draft.spec.replicas ?? 1) - pods.length
    if (missing === 0) return undefined
    const error =
      missing > 0
        ? await this.#createPods(draft, Math.min(missing, BURST_REPLICAS), context)
        : await this.#deletePods(draft, pods, Math.min(-missing, BURST_REPLICAS), context)
    if (error === undefined) return undefined
    const reason = missing > 0 ? 'FailedCreate' : 'FailedDelete'
    return {failure: {reason, message: error.message}, error}
  }

  async #createPods(
    draft: ReplicaSet,
    count: number,
    context: ReconcileContext,
  ): Promise<Error | undefined> {
    const template = makePod(draft)
    const {error} = await slowStart(count, async () => {
      try {
        const pod = await this.#client.create(PODS, template)
        if (this.#pods.get(pod.metadata.namespace, pod.metadata.name) === undefined) {
          this.#expectations.expect(context.key, pod.metadata.uid ?? '')
        }
        context.events.normal(draft, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
      } catch (cause) {
        // The ReplicaSet is on its way out with its namespace: nothing to complain about.
        if (isNamespaceTerminating(cause)) return
        const error = asError(cause)
        context.events.warning(draft, 'FailedCreate', `Error creating: ${error.message}`)
        throw error
      }
    })
    return error
  }

  async #deletePods(
    draft: ReplicaSet,
    pods: readonly Pod[],
    count: number,
    context: ReconcileContext,
  ): Promise<Error | undefined> {
    const outcomes = await Promise.allSettled(
      choosePodsToDelete(pods, count).map(async (pod) => {
        const uid = pod.metadata.uid ?? ''
        this.#expectations.expect(context.key, uid)
        try {
          await this.#client.delete(PODS, pod.metadata)
          context.events.normal(draft, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
        } catch (cause) {
          this.#expectations.seen(context.key, uid)
          if (isNotFound(cause)) return
          const error = asError(cause)
          context.events.warning(draft, 'FailedDelete', `Error deleting: ${error.message}`)
          throw error
        }
      }),
    )
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    return failed && asError(failed.reason)
  }
}
