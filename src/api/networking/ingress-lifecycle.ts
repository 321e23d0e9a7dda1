/** Counterpart of knative.dev/networking `pkg/apis/networking/v1alpha1/ingress_lifecycle.go`. */
import {quote} from '../../util/strconv.ts'
import {ConditionManager, livingConditionSet} from '../condition-set.ts'
import {statusOf} from '../reconcile-status.ts'
import type {KIngress, LoadBalancerStatus} from './v1alpha1.ts'

/** The conditions of a KIngress. */
export const INGRESS_CONDITIONS = livingConditionSet('NetworkConfigured', 'LoadBalancerReady')

/** Says in the status of a KIngress how far the networking layer is. */
export class IngressLifecycle {
  readonly #status: NonNullable<KIngress['status']>
  readonly #conditions: ConditionManager

  constructor(ingress: KIngress, nowMs: number) {
    this.#status = statusOf(ingress)
    this.#conditions = new ConditionManager(INGRESS_CONDITIONS, this.#status, nowMs)
  }

  /** The networking layer was told everything. */
  markNetworkConfigured(): void {
    this.#conditions.markTrue('NetworkConfigured')
  }

  /** A resource of the wanted name belongs to somebody else. */
  markResourceNotOwned(kind: string, name: string): void {
    this.#conditions.markFalse(
      'NetworkConfigured',
      'NotOwned',
      `There is an existing ${kind} ${quote(name)} that we do not own.`,
    )
  }

  /** Requests are answered according to the spec, at these addresses. */
  markLoadBalancerReady(
    publicLoadBalancer: LoadBalancerStatus,
    privateLoadBalancer: LoadBalancerStatus,
  ): void {
    this.#status.publicLoadBalancer = publicLoadBalancer
    this.#status.privateLoadBalancer = privateLoadBalancer
    this.#conditions.markTrue('LoadBalancerReady')
  }

  /** Requests are not answered according to the spec yet. */
  markLoadBalancerNotReady(): void {
    this.#conditions.markUnknown(
      'LoadBalancerReady',
      'Uninitialized',
      'Waiting for load balancer to be ready',
    )
  }

  /** Nobody can tell whether requests will ever be answered. */
  markLoadBalancerFailed(reason: string, message: string): void {
    this.#conditions.markFalse('LoadBalancerReady', reason, message)
  }

  /** Something went wrong before the conditions could be judged. */
  markIngressNotReady(reason: string, message: string): void {
    this.#conditions.markUnknown('Ready', reason, message)
  }
}
