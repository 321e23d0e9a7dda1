/** Where a request through the API server wants to go. */
export interface ProxyPath {
  readonly resource: 'pods' | 'services' | 'nodes'
  readonly namespace: string
  /** `web`, `web:8080`, `https:web:443`: still escaped by nobody. */
  readonly id: string
  /** Everything up to `proxy`, as it was sent. */
  readonly prefix: string
  /** What the program behind is asked for, as it was sent: with its slash, or empty. */
  readonly path: string
}

const PROXY_PATH =
  /^(\/api\/v1\/(?:namespaces\/([^/]+)\/(pods|services)|(nodes))\/([^/]+)\/proxy)(\/.*)?$/

/** Reads the path of a request; undefined where it leads to the API itself. */
export function readProxyPath(escapedPath: string): ProxyPath | undefined {
  const match = PROXY_PATH.exec(escapedPath)
  if (match === null) return undefined
  const [, prefix = '', namespace = '', resource = 'nodes', , id = '', path = ''] = match
  return {
    resource: resource as ProxyPath['resource'],
    namespace: unescape(namespace),
    id: unescape(id),
    prefix,
    path,
  }
}

/** The parts of `scheme:name:port`; undefined where there are too many or a wrong scheme. */
export function splitSchemeNamePort(
  id: string,
): {readonly scheme: 'http' | 'https'; readonly name: string; readonly port: string} | undefined {
  const parts = id.split(':')
  const [first = '', second = '', third = ''] = parts
  if (parts.length === 1) return {scheme: 'http', name: first, port: ''}
  if (parts.length === 2) return {scheme: 'http', name: first, port: second}
  if (parts.length > 3 || !['', 'http', 'https'].includes(first)) return undefined
  return {scheme: first === 'https' ? 'https' : 'http', name: second, port: third}
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
