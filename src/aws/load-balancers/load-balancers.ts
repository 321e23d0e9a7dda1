/** What is asked of Elastic Load Balancing. */
import type * as Sdk from '@aws-sdk/client-elastic-load-balancing-v2'
import {explainAwsError} from '../errors.ts'
import {nlbNameOf} from './hostnames.ts'

/** A load balancer. */
export interface LoadBalancer {
  readonly arn: string
  readonly name: string
  readonly hostname: string
  /** The zone that aliases to it name; every region has another. */
  readonly hostedZoneId: string
  /** `network`, `application` or `gateway`. */
  readonly type: string
  readonly scheme: string
  readonly ipAddressType: string
  /** `provisioning`, `active`, `active_impaired` or `failed`. */
  readonly state: string
  readonly stateReason?: string
  readonly zones: readonly {readonly name: string; readonly subnet: string}[]
}

/** A port on which a load balancer listens. */
export interface Listener {
  readonly port: number
  readonly protocol: string
  readonly targetGroups: readonly string[]
}

/** A target and whether it answers. */
export interface TargetHealth {
  readonly id: string
  readonly port?: number
  /** `healthy`, `unhealthy`, `initial`, `unused`, `draining` or `unavailable`. */
  readonly state: string
  /** `Target.FailedHealthChecks`. */
  readonly reason?: string
  readonly description?: string
}

const TAGS_PER_CALL = 20

/** Reads load balancers. All of its methods throw `KntoolError`. */
export class LoadBalancers {
  /** Where it asks. */
  readonly region: string
  readonly #sdk: typeof Sdk
  readonly #client: Sdk.ElasticLoadBalancingV2Client
  readonly #call: {region: string; profile?: string | undefined}

  constructor(
    sdk: typeof Sdk,
    client: Sdk.ElasticLoadBalancingV2Client,
    call: {region: string; profile?: string | undefined},
  ) {
    this.region = call.region
    this.#sdk = sdk
    this.#client = client
    this.#call = call
  }

  /** The load balancer with this address in DNS. */
  async findByHostname(hostname: string): Promise<LoadBalancer | undefined> {
    const isIt = (candidate: LoadBalancer): boolean =>
      candidate.hostname.toLowerCase() === hostname.toLowerCase()
    const name = nlbNameOf(hostname)
    const byName = name === undefined ? undefined : await this.findByName(name)
    if (byName !== undefined && isIt(byName)) return byName
    return (await this.#describe({})).find(isIt)
  }

  /** The load balancer of this name: names are unique in an account and region. */
  async findByName(name: string): Promise<LoadBalancer | undefined> {
    try {
      const [found] = await this.#describe({Names: [name]})
      return found
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** The tags of load balancers, by ARN. */
  async tags(arns: readonly string[]): Promise<Map<string, Record<string, string>>> {
    const tags = new Map<string, Record<string, string>>()
    for (let start = 0; start < arns.length; start += TAGS_PER_CALL) {
      const page = arns.slice(start, start + TAGS_PER_CALL)
      const {TagDescriptions = []} = await this.#send('DescribeTags', () =>
        this.#client.send(new this.#sdk.DescribeTagsCommand({ResourceArns: page})),
      )
      for (const {ResourceArn = '', Tags = []} of TagDescriptions) {
        const pairs = Tags.map(({Key = '', Value = ''}) => [Key, Value])
        tags.set(ResourceArn, Object.fromEntries(pairs))
      }
    }
    return tags
  }

  /** The ports on which a load balancer listens. */
  async listeners(arn: string): Promise<Listener[]> {
    const {Listeners = []} = await this.#send('DescribeListeners', () =>
      this.#client.send(new this.#sdk.DescribeListenersCommand({LoadBalancerArn: arn})),
    )
    return Listeners.map(({Port = 0, Protocol = '', DefaultActions = []}) => ({
      port: Port,
      protocol: Protocol,
      targetGroups: DefaultActions.flatMap(({TargetGroupArn, ForwardConfig}) => [
        ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
        ...(ForwardConfig?.TargetGroups ?? []).flatMap(({TargetGroupArn: group}) => group ?? []),
      ]).filter((group, index, all) => all.indexOf(group) === index),
    }))
  }

  /** The health of the targets of a target group. */
  async targetHealth(targetGroup: string): Promise<TargetHealth[]> {
    const {TargetHealthDescriptions = []} = await this.#send('DescribeTargetHealth', () =>
      this.#client.send(new this.#sdk.DescribeTargetHealthCommand({TargetGroupArn: targetGroup})),
    )
    return TargetHealthDescriptions.map(({Target, TargetHealth: health}) => ({
      id: Target?.Id ?? '',
      ...(Target?.Port !== undefined && {port: Target.Port}),
      state: health?.State ?? 'unavailable',
      ...(health?.Reason !== undefined && {reason: health.Reason}),
      ...(health?.Description !== undefined && {description: health.Description}),
    }))
  }

  async #describe(input: {Names?: string[]}): Promise<LoadBalancer[]> {
    const found: LoadBalancer[] = []
    let marker: string | undefined
    do {
      const page = await this.#send('DescribeLoadBalancers', () =>
        this.#client.send(
          new this.#sdk.DescribeLoadBalancersCommand({
            ...input,
            ...(marker !== undefined && {Marker: marker}),
          }),
        ),
      )
      for (const balancer of page.LoadBalancers ?? []) {
        found.push({
          arn: balancer.LoadBalancerArn ?? '',
          name: balancer.LoadBalancerName ?? '',
          hostname: balancer.DNSName ?? '',
          hostedZoneId: balancer.CanonicalHostedZoneId ?? '',
          type: balancer.Type ?? '',
          scheme: balancer.Scheme ?? 'internet-facing',
          ipAddressType: balancer.IpAddressType ?? 'ipv4',
          state: balancer.State?.Code ?? '',
          ...(balancer.State?.Reason !== undefined && {stateReason: balancer.State.Reason}),
          zones: (balancer.AvailabilityZones ?? []).map(({ZoneName = '', SubnetId = ''}) => ({
            name: ZoneName,
            subnet: SubnetId,
          })),
        })
      }
      marker = page.NextMarker
    } while (marker !== undefined && marker !== '')
    return found
  }

  async #send<T>(operation: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (isNotFound(error)) throw error
      throw explainAwsError(error, {
        action: `elasticloadbalancing:${operation}`,
        ...this.#call,
      })
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'LoadBalancerNotFoundException'
}
