import {isInCluster} from '../../kubernetes/kube-proxy/service-host.ts'

/** Where a request of a pod is to go. */
export type ProxyTarget =
  | {
      readonly kind: 'service'
      readonly name: string
      readonly namespace: string
      readonly port: number
    }
  | {readonly kind: 'other'; readonly host: string; readonly port: number}

/**
 * Reads an authority (`host` or `host:port`) as the resolver of a pod in `namespace` would; undefined
 * for one that is none.
 *
 * | host                                | means                                      |
 * | ----------------------------------- | ------------------------------------------ |
 * | `name.ns.svc.cluster.local`, `name.ns.svc` | that Service, also if there is none |
 * | `name.ns`, `name`                   | that Service, if there is one              |
 * | any other                           | whatever the machine makes of it           |
 */
export function readProxyTarget(
  authority: string,
  defaultPort: number,
  namespace: string,
  exists: (name: string, namespace: string) => boolean,
): ProxyTarget | undefined {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority)
  const [, written = '', portText] = match ?? []
  const port = portText === undefined ? defaultPort : Number(portText)
  if (written === '' || port < 1 || port > 65_535) return undefined
  // A dot at the end says that the name is complete.
  const host = written
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[|\]$/g, '')
  const [name = '', ns, kind, ...domain] = host.split('.')
  if (ns !== undefined && kind !== undefined && isInCluster(kind, domain)) {
    return {kind: 'service', name, namespace: ns, port}
  }
  if (kind === undefined && exists(name, ns ?? namespace)) {
    return {kind: 'service', name, namespace: ns ?? namespace, port}
  }
  return {kind: 'other', host, port}
}
