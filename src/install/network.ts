/** The network beyond the API, as far as an installation looks at it. */

/** What a request to a URL brought back. */
export interface ProbeAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Where a probe connects to. */
export type ProbeRoute =
  /** The gateway, by its address. */
  | {readonly kind: 'gateway'}
  /** A host of the load balancer, whatever the URL's host resolves to. */
  | {readonly kind: 'host'; readonly host: string}
  /** Whatever the URL's host resolves to, as for everybody else. */
  | {readonly kind: 'name'}

/** Sends a GET. Throws `KN_UNREACHABLE`, with the reason, when there is no answer in time. */
export type Probe = (
  url: string,
  options: {readonly route: ProbeRoute; readonly timeoutMs: number},
) => Promise<ProbeAnswer>

/** Looks names up in DNS. Both answer an empty list when there is none. */
export interface DnsResolver {
  /** IPv4 and IPv6 addresses. */
  addresses(host: string): Promise<string[]>
  nameServers(zone: string): Promise<string[]>
}
