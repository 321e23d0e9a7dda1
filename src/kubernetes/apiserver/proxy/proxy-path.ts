/** Where a request through the API server wants to go. */
export interface ProxyPath {
  readonly resource: string
  /** Empty for kinds in no namespace. */
  readonly namespace: string
  /** `web`, `web:8080`, `https:web:443`: still escaped by nobody. */
  readonly id: string
  /** Everything up to `proxy`, as it was sent. */
  readonly prefix: string
  /** What the program behind is asked for, as it was sent: with its slash, or empty. */
  readonly path: string
}

const PROXY_PATH = /^(\/api\/v1\/(?:namespaces\/([^/]+)\/)?([^/]+)\/([^/]+)\/proxy)(\/.*)?$/

/** Reads the path of a request; undefined for any that has no part named `proxy` in its place. */
export function readProxyPath(escapedPath: string): ProxyPath | undefined {
  const match = PROXY_PATH.exec(escapedPath)
  if (match === null) return undefined
  const [, prefix = '', namespace = '', resource = '', id = '', path = ''] = match
  return {
    resource,
    namespace: unescape(namespace),
    id: unescape(id),
    prefix,
    path,
  }
}

/** How a request names an object and a port of it. */
export interface SchemeNamePort {
  readonly scheme: 'http' | 'https'
  readonly name: string
  /** A name or a number; empty where it names none. */
  readonly port: string
}

/** The parts of `scheme:name:port`; undefined where there are too many or a wrong scheme. */
export function splitSchemeNamePort(id: string): SchemeNamePort | undefined {
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
