import {
  hostCovers,
  parseServerHost,
  type ServerHost,
  someCovers,
} from '../../api/istio/gateway-hosts.ts'
import type {Gateway} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'

/** A server of a Gateway object, on its port. */
export interface ListenerServer {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string
  readonly hosts: readonly ServerHost[]
  /** Whether plain requests are sent to https. */
  readonly httpsRedirect: boolean
  /** How connections are encrypted; undefined where they are not. */
  readonly tls: ServerTls | undefined
}

/** The `tls` of a server that ends TLS. */
export interface ServerTls {
  readonly mode: string
  /** The Secret with certificate and key, in the gateway's namespace. */
  readonly credentialName?: string
  /** `TLSV1_2` and the like. */
  readonly minProtocolVersion?: string
}

/** Everything that Gateway objects open on one port of the gateway. */
export interface Listener {
  readonly port: number
  readonly servers: readonly ListenerServer[]
}

/**
 * Makes the listeners of a gateway whose pods carry `labels`: one per port, with the servers of all
 * Gateway objects that select it.
 */
export function makeListeners(
  gateways: Iterable<Gateway>,
  labels: Readonly<Record<string, string>>,
): Map<number, Listener> {
  const servers = new Map<number, ListenerServer[]>()
  const selected = [...gateways].filter((gateway) => selects(gateway, labels))
  selected.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  for (const gateway of selected) {
    for (const server of gateway.spec.servers ?? []) {
      const onPort = servers.get(server.port.number) ?? []
      onPort.push({
        gateway: keyOf(gateway),
        hosts: server.hosts.map((host) => parseServerHost(host, gateway.metadata.namespace)),
        httpsRedirect: server.tls?.httpsRedirect === true,
        tls: server.tls?.mode === undefined ? undefined : {...server.tls, mode: server.tls.mode},
      })
      servers.set(server.port.number, onPort)
    }
  }
  return new Map([...servers].map(([port, list]) => [port, {port, servers: list}]))
}

/** Whether the server takes `host` for a VirtualService of `namespace`. */
export function coversHost(server: ListenerServer, host: string, namespace: string): boolean {
  return someCovers(server.hosts, host, namespace)
}

/**
 * The server that ends TLS for a name the client asks for: that of the most specific host, as Envoy
 * chooses among its filter chains.
 */
export function tlsServerFor(
  servers: readonly ListenerServer[],
  serverName: string,
): ListenerServer | undefined {
  const name = serverName.toLowerCase()
  let best: ListenerServer | undefined
  let longest = -1
  for (const server of servers) {
    if (server.tls === undefined) continue
    for (const {host} of server.hosts) {
      const rank = host === name ? Infinity : host.length
      if (rank > longest && hostCovers(host, name)) {
        best = server
        longest = rank
      }
    }
  }
  return best
}

function selects(gateway: Gateway, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(gateway.spec.selector ?? {}).every(
    ([name, value]) => labels[name] === value,
  )
}
