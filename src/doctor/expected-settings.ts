/** How an installation is meant to be, where nobody says it. */
import type {ConfigMap, CoreService} from '../api/core/v1.ts'
import {HOSTNAME_ANNOTATIONS} from '../aws/external-dns/annotations.ts'
import {NLB_ANNOTATIONS} from '../aws/load-balancer-controller/annotations.ts'
import {serviceHandler} from '../aws/load-balancer-controller/service-handler.ts'
import {defaultDomains} from '../install/config/domains.ts'
import {effectiveScheme} from '../install/gateway/gateway-changes.ts'
import {DEFAULT_NLB} from '../install/gateway/nlb-settings.ts'
import {
  type ClusterSigns,
  defaultWishes,
  type DnsMode,
  type InstallSettings,
  settle,
} from '../install/settings.ts'

/** What a cluster shows of what somebody wanted. */
export interface Traces {
  /** What an installation of kntool remembered. */
  readonly remembered: InstallSettings | undefined
  readonly gateway: CoreService | undefined
  readonly configDomain: ConfigMap | undefined
  readonly signs: ClusterSigns
}

/**
 * The settings of an installation: those it remembered; else, for clusters that were set up by hand,
 * what the Service of the gateway and `config-domain` amount to.
 */
export function expectedSettings(traces: Traces): InstallSettings {
  const {remembered, gateway, configDomain, signs} = traces
  if (remembered !== undefined) return remembered
  const [domain = ''] = defaultDomains(configDomain?.data).toSorted()
  const preset = settle(defaultWishes(domain), signs)
  if (gateway === undefined) return preset
  const annotations = gateway.metadata.annotations ?? {}
  const dns: DnsMode = HOSTNAME_ANNOTATIONS.some((key) => annotations[key]) ? preset.dns : 'none'
  if (serviceHandler(gateway) !== 'load-balancer-controller') {
    return {...preset, loadBalancer: {kind: 'service'}, dns}
  }
  const nlb = {
    ...DEFAULT_NLB,
    scheme: effectiveScheme(gateway),
    name: annotations[NLB_ANNOTATIONS.name] ?? DEFAULT_NLB.name,
  }
  return {...preset, loadBalancer: {kind: 'nlb', nlb}, dns}
}
