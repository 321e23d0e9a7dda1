/** Which hosts the servers of Gateway objects take. */

/** A host a server takes, and whose VirtualServices may claim it. */
export interface ServerHost {
  /** Undefined for VirtualServices of every namespace. */
  readonly namespace: string | undefined
  /** `*`, `*.example.com`, or a name, in lower case. */
  readonly host: string
}

/** Reads `host`, or `namespace/host` where `.` is the Gateway's own namespace and `*` is any. */
export function parseServerHost(text: string, ownNamespace: string | undefined): ServerHost {
  const slash = text.indexOf('/')
  const host = text.slice(slash + 1).toLowerCase()
  const namespace = slash < 0 ? '*' : text.slice(0, slash)
  if (namespace === '*') return {namespace: undefined, host}
  return {namespace: namespace === '.' ? ownNamespace : namespace, host}
}

/** Whether one of the hosts covers `host` for a VirtualService of `namespace`. */
export function someCovers(hosts: readonly ServerHost[], host: string, namespace: string): boolean {
  return hosts.some(
    (own) =>
      (own.namespace === undefined || own.namespace === namespace) && hostCovers(own.host, host),
  )
}

/** Whether a host of a server covers another one: it is the same, `*`, or `*.` and its end. */
export function hostCovers(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1))
}
