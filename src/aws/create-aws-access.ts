import type {AwsAccess, AwsOptions} from './aws-access.ts'
import {HostedZones} from './dns/hosted-zones.ts'
import {explainAwsError} from './errors.ts'
import {LoadBalancers} from './load-balancers/load-balancers.ts'

/** Route 53 is one for all regions, and signs for this one. */
const ROUTE_53_REGION = 'us-east-1'

/**
 * How often the SDK tries a call, with growing pauses, unless `AWS_MAX_ATTEMPTS` says so: Route 53
 * allows five a second.
 */
const MAX_ATTEMPTS = 6

/**
 * AWS through its SDK, with the SDK's own chain of credentials. `AWS_ENDPOINT_URL` and its relatives
 * are honoured.
 *
 * The region is that of the option, of the environment, of the profile, of the cluster's nodes, in
 * this order.
 */
export function createAwsAccess(options: AwsOptions): AwsAccess {
  const {patience} = options
  const attempts =
    patience?.attempts ?? (process.env['AWS_MAX_ATTEMPTS'] === undefined ? MAX_ATTEMPTS : undefined)
  const common = {
    ...(attempts !== undefined && {maxAttempts: attempts}),
    ...(patience !== undefined && {
      requestHandler: {
        connectionTimeout: patience.timeoutMs,
        requestTimeout: patience.timeoutMs,
        throwOnRequestTimeout: true,
      },
    }),
    ...(options.profile !== undefined && {profile: options.profile}),
  }
  return {
    loadBalancers: once(async () => {
      const sdk = await import('@aws-sdk/client-elastic-load-balancing-v2')
      const region = await chooseRegion(options, async () => {
        const {config} = new sdk.ElasticLoadBalancingV2Client(common)
        return config.region()
      })
      const client = new sdk.ElasticLoadBalancingV2Client({...common, region})
      return new LoadBalancers(sdk, client, {region, profile: options.profile})
    }),
    hostedZones: once(async () => {
      const sdk = await import('@aws-sdk/client-route-53')
      const client = new sdk.Route53Client({...common, region: ROUTE_53_REGION})
      return new HostedZones(sdk, client, options.profile)
    }),
  }
}

async function chooseRegion(
  {region, nodeRegion, profile}: AwsOptions,
  configured: () => Promise<string>,
): Promise<string> {
  if (region !== undefined) return region
  try {
    return await configured()
  } catch (error) {
    const ofNodes = await nodeRegion?.()
    if (ofNodes !== undefined) return ofNodes
    throw explainAwsError(error, {action: 'elasticloadbalancing:DescribeLoadBalancers', profile})
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
