/** Access to AWS, as far as an installation has something to do with it. */
import type {HostedZones} from './dns/hosted-zones.ts'
import type {LoadBalancers} from './load-balancers/load-balancers.ts'

/** What is asked of Elastic Load Balancing. */
export type LoadBalancerApi = Pick<LoadBalancers, keyof LoadBalancers>

/** What is asked of Route 53. */
export type HostedZoneApi = Pick<HostedZones, keyof HostedZones>

/**
 * AWS with the user's own credentials. Nothing is loaded or asked before it is needed.
 *
 * Failures are thrown as `KntoolError` with the IAM action that was missing, if one was.
 */
export interface AwsAccess {
  loadBalancers(): Promise<LoadBalancerApi>
  hostedZones(): Promise<HostedZoneApi>
}

/** Where and as whom. */
export interface AwsOptions {
  readonly region?: string | undefined
  readonly profile?: string | undefined
  /** The region of the cluster's nodes, if nothing else names one. */
  readonly nodeRegion?: () => Promise<string | undefined>
  /** How long an answer is worth waiting for; by default as long as the SDK thinks. */
  readonly patience?: {
    /** How often a call is tried. */
    readonly attempts: number
    /** For each try. */
    readonly timeoutMs: number
  }
}
