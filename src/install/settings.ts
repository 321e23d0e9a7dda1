import type {LoadBalancerSettings} from './gateway/gateway-service.ts'
import {DEFAULT_NLB, type NlbSettings} from './gateway/nlb-settings.ts'

/** A domain of Services. */
export interface DomainSetting {
  readonly name: string
  /** Labels that Routes need to get it; empty for the domain of all others. */
  readonly selector: Readonly<Record<string, string>>
}

/** One key of a ConfigMap of Knative. */
export interface ConfigSetting {
  readonly configMap: string
  readonly key: string
  readonly value: string
}

/** Who makes the wildcard record: ExternalDNS, kntool in Route 53, or the user. */
export type DnsMode = 'external-dns' | 'route53' | 'none'

/** What the user asked for. */
export interface InstallSettings {
  /** The domains of Services; exactly one has no selector. */
  readonly domains: readonly DomainSetting[]
  readonly loadBalancer: LoadBalancerSettings
  readonly dns: DnsMode
  /** Id or name of the hosted zone; without it, the one whose name is the longest end of the domain. */
  readonly hostedZone?: string
  readonly config: readonly ConfigSetting[]
  /** Also the autoscaler of class HPA. */
  readonly withHpa: boolean
  /** Waits for everything and proves it; else returns when everything is written. */
  readonly wait: boolean
  /** Takes fields over that somebody else set to other values. */
  readonly forceConflicts: boolean
  readonly timeouts: InstallTimeouts
}

/** How long to wait at most. */
export interface InstallTimeouts {
  /** For the pods of a step. */
  readonly stepMs: number
  /** For the load balancer to be made and to answer. */
  readonly loadBalancerMs: number
  /** For the record to be there and to be seen. */
  readonly dnsMs: number
}

/** The times that upstream's own tests allow. */
export const DEFAULT_TIMEOUTS: InstallTimeouts = {
  stepMs: 5 * 60_000,
  loadBalancerMs: 15 * 60_000,
  dnsMs: 5 * 60_000,
}

/** The domain of all Services that no selector claims. */
export function defaultDomain({domains}: Pick<InstallSettings, 'domains'>): string {
  return domains.find(({selector}) => Object.keys(selector).length === 0)?.name ?? ''
}

/** The names that DNS has to answer: one wildcard per domain. */
export function wildcards({domains}: Pick<InstallSettings, 'domains'>): string[] {
  return domains.map(({name}) => `*.${name}`)
}

/** What somebody asked for, with what the cluster decides left open. */
export interface InstallWishes extends Omit<InstallSettings, 'loadBalancer' | 'dns'> {
  readonly loadBalancer?: LoadBalancerSettings['kind']
  readonly nlb: NlbSettings
  readonly dns?: DnsMode
}

/** The wishes of somebody who only gave a domain. */
export function defaultWishes(domain: string): InstallWishes {
  return {
    domains: [{name: domain, selector: {}}],
    nlb: DEFAULT_NLB,
    config: [],
    withHpa: false,
    wait: true,
    forceConflicts: false,
    timeouts: DEFAULT_TIMEOUTS,
  }
}

/** What decides about wishes that were left open. */
export interface ClusterSigns {
  readonly embedded: boolean
  /** Where the nodes are; undefined where there are none to tell. */
  readonly nodesOnAws: boolean | undefined
  readonly hasExternalDns: boolean
}

/**
 * The settings that wishes amount to on a cluster.
 *
 * | wish          | embedded | nodes on AWS | ExternalDNS | setting                      |
 * |---------------|----------|--------------|-------------|------------------------------|
 * | load balancer | yes      | –            | –           | what the cluster gives       |
 * | open          | no       | yes, unknown | –           | NLB                          |
 * | open          | no       | no           | –           | what the cluster gives       |
 * | DNS open      | yes      | –            | –           | none                         |
 * | DNS open      | no       | –            | yes         | ExternalDNS                  |
 * | DNS open      | no       | –            | no          | none                         |
 */
export function settle(wishes: InstallWishes, signs: ClusterSigns): InstallSettings {
  const {loadBalancer, nlb, dns, ...rest} = wishes
  const preset = signs.nodesOnAws === false ? 'service' : 'nlb'
  const kind = signs.embedded ? 'service' : (loadBalancer ?? preset)
  return {
    ...rest,
    loadBalancer: kind === 'nlb' ? {kind, nlb} : {kind},
    dns: signs.embedded ? 'none' : (dns ?? (signs.hasExternalDns ? 'external-dns' : 'none')),
  }
}
