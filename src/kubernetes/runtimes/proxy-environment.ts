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
 * `http-only` leaves what is encrypted alone.
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
  scope?: 'http-only',
): Record<string, string> {
  if (PROXY_NAMES.some((name) => env[name] !== undefined)) return {}
  const proxied = {url: new URL(url), schemes: scope === 'http-only' ? ['http'] : ['http', 'https']}
  const none = env['NO_PROXY'] ?? env['no_proxy'] ?? NO_PROXY
  return {
    HTTP_PROXY: url,
    http_proxy: url,
    ...(scope !== 'http-only' && {HTTPS_PROXY: url, https_proxy: url}),
    NO_PROXY: none,
    no_proxy: none,
    NODE_USE_ENV_PROXY: env['NODE_USE_ENV_PROXY'] ?? '1',
    JAVA_TOOL_OPTIONS: javaOptions(env['JAVA_TOOL_OPTIONS'] ?? '', proxied, none),
  }
}

function javaOptions(
  own: string,
  {url, schemes}: {readonly url: URL; readonly schemes: readonly string[]},
  none: string,
): string {
  if (/-Dhttps?\.proxyHost|-Djava\.net\.useSystemProxies|-DsocksProxyHost/.test(own)) return own
  const hosts = none
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '' && !host.includes(':'))
    .map((host) => (host.startsWith('.') ? `*${host}` : host))
  const options = [
    ...(own === '' ? [] : [own]),
    ...schemes.flatMap((scheme) => [
      `-D${scheme}.proxyHost=${url.hostname}`,
      `-D${scheme}.proxyPort=${url.port}`,
    ]),
    `-Dhttp.nonProxyHosts=${hosts.join('|')}`,
  ]
  return options.join(' ')
}
