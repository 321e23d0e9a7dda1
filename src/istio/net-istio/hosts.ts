/** Host names of KIngresses. Counterpart of knative.dev/networking `pkg/ingress`. */
import {CLUSTER_DOMAIN} from '../../api/networking/names.ts'

const LOCAL_SUFFIX = `.svc.${CLUSTER_DOMAIN}`

/** Adds the short names under which the cluster's DNS knows its own hosts. Sorted. */
export function expandHosts(hosts: Iterable<string>): string[] {
  const expanded = new Set<string>()
  for (const host of hosts) {
    for (const suffix of ['', `.${CLUSTER_DOMAIN}`, LOCAL_SUFFIX]) {
      if (!host.endsWith(suffix)) continue
      const short = host.slice(0, host.length - suffix.length)
      if (isValidTopLevelDomain(short)) expanded.add(short)
    }
  }
  return [...expanded].toSorted()
}

/** The hosts that only the cluster's DNS knows. */
export function localHosts(hosts: Iterable<string>): string[] {
  return [...hosts].filter((host) => host.endsWith(LOCAL_SUFFIX))
}

/**
 * The fewest prefixes that match all `hosts`, with any port: a host that begins with another one is
 * matched by that already. Sorted.
 */
export function distinctHostPrefixes(hosts: Iterable<string>): string[] {
  const prefixes: string[] = []
  for (const host of [...hosts].toSorted()) {
    const prefix = host.endsWith(LOCAL_SUFFIX) ? host.slice(0, -LOCAL_SUFFIX.length) : host
    if (!prefixes.some((shorter) => prefix.startsWith(shorter))) prefixes.push(prefix)
  }
  return prefixes.toSorted()
}

/** Nothing but digits, or too long: no host name. */
function isValidTopLevelDomain(host: string): boolean {
  const topLevel = host.slice(host.lastIndexOf('.') + 1)
  return topLevel.length <= 63 && /[^0-9]/.test(topLevel)
}
