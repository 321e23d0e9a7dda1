const PROXY_NAMES = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
] as const
/** What a program asks of its own machine is nothing for a proxy. */
const NO_PROXY = 'localhost,127.0.0.1,::1'

/**
 * The variables that lead a program to the proxy at `url`, in addition to the ones it has. Nothing
 * for a program that was given a proxy of its own; its own `NO_PROXY` counts, in both spellings.
 *
 * | reads                         | who                                             |
 * | ----------------------------- | ----------------------------------------------- |
 * | `http_proxy`, `https_proxy`   | curl, Python, Ruby, gRPC                        |
 * | `HTTP_PROXY`, `HTTPS_PROXY`   | Go, Python, most others                         |
 * | `NODE_USE_ENV_PROXY`          | Node from 22.21 and 24, which else ignores them |
 * | `JAVA_TOOL_OPTIONS`           | Java, which reads none of them                  |
 */
export function proxyEnvironment(
  env: Readonly<Record<string, string>>,
  url: string,
): Record<string, string> {
  if (PROXY_NAMES.some((name) => env[name] !== undefined)) return {}
  const none = env['NO_PROXY'] ?? env['no_proxy'] ?? NO_PROXY
  return {
    HTTP_PROXY: url,
    http_proxy: url,
    HTTPS_PROXY: url,
    https_proxy: url,
    NO_PROXY: none,
    no_proxy: none,
    NODE_USE_ENV_PROXY: env['NODE_USE_ENV_PROXY'] ?? '1',
    JAVA_TOOL_OPTIONS: javaOptions(env['JAVA_TOOL_OPTIONS'] ?? '', url, none),
  }
}

function javaOptions(own: string, url: string, none: string): string {
  if (/-Dhttps?\.proxyHost|-Djava\.net\.useSystemProxies|-DsocksProxyHost/.test(own)) return own
  const {hostname, port} = new URL(url)
  const hosts = none
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '' && !host.includes(':'))
    .map((host) => (host.startsWith('.') ? `*${host}` : host))
  const options = [
    ...(own === '' ? [] : [own]),
    `-Dhttp.proxyHost=${hostname}`,
    `-Dhttp.proxyPort=${port}`,
    `-Dhttps.proxyHost=${hostname}`,
    `-Dhttps.proxyPort=${port}`,
    `-Dhttp.nonProxyHosts=${hosts.join('|')}`,
  ]
  return options.join(' ')
}
