import type {CoreService} from '../../api/core/v1.ts'
import {NLB_ANNOTATIONS, NLB_CLASS} from './annotations.ts'

/** Which program makes the load balancer of a Service on AWS. */
export type ServiceHandler =
  /** The AWS Load Balancer Controller makes an NLB. */
  | 'load-balancer-controller'
  /** The cloud provider that comes with the cluster makes an NLB. */
  | 'cloud-provider-nlb'
  /** The cloud provider makes a classic load balancer. */
  | 'cloud-provider-classic'
  /** A controller of another class. */
  | 'other-class'
  /** Everybody takes it for somebody else's: no load balancer, no event, no error. */
  | 'nobody'
  /** The Service asks for no load balancer. */
  | 'none'

/**
 * Who makes the load balancer of `service`. The first line that fits decides (`–`: does not matter):
 *
 * | loadBalancerClass     | aws-load-balancer-type | nlb-target-type    | who                          |
 * |-----------------------|------------------------|--------------------|------------------------------|
 * | `service.k8s.aws/nlb` | –                      | –                  | load-balancer-controller     |
 * | another               | –                      | –                  | other-class                  |
 * | –                     | `external`             | `ip` or `instance` | load-balancer-controller     |
 * | –                     | `external`             | else               | nobody                       |
 * | –                     | `nlb-ip`               | –                  | load-balancer-controller     |
 * | –                     | `nlb`                  | –                  | cloud-provider-nlb           |
 * | –                     | else                   | –                  | cloud-provider-classic       |
 *
 * Counterpart of kubernetes-sigs/aws-load-balancer-controller `pkg/service` IsServiceSupported and
 * kubernetes/cloud-provider-aws `isLBExternal`.
 */
export function serviceHandler({metadata, spec}: CoreService): ServiceHandler {
  if (spec.type !== 'LoadBalancer') return 'none'
  if (spec.loadBalancerClass === NLB_CLASS) return 'load-balancer-controller'
  if (spec.loadBalancerClass !== undefined) return 'other-class'
  const targetType = metadata.annotations?.[NLB_ANNOTATIONS.targetType]
  switch (metadata.annotations?.[NLB_ANNOTATIONS.type]) {
    case 'external':
      return targetType === 'ip' || targetType === 'instance'
        ? 'load-balancer-controller'
        : 'nobody'
    case 'nlb-ip':
      return 'load-balancer-controller'
    case 'nlb':
      return 'cloud-provider-nlb'
    case undefined:
    default:
      return 'cloud-provider-classic'
  }
}

/** The finalizer of the cloud provider: while it is there, a load balancer of its making may be. */
export const CLOUD_PROVIDER_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup'
