import {asText, CelError, CelUrl, type CelValue, noOverload, type CelFunction} from './values.ts'

/** An absolute URL or an absolute path, as Go's `url.ParseRequestURI` takes it. */
function parse(text: string): CelUrl | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return undefined
  if (text.startsWith('/')) return relative(text)
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) || !URL.canParse(text)) return undefined
  return new CelUrl(new URL(text))
}

/** A path has neither scheme nor host. */
function relative(text: string): CelUrl | undefined {
  return URL.canParse(`none://${text}`) ? new CelUrl(new URL(`none://${text}`)) : undefined
}

function urlOf(value: CelValue | undefined): URL {
  if (!(value instanceof CelUrl)) throw noOverload()
  return value.url
}

/** Functions of URLs. */
export const URL_FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  isURL: (text) => parse(asText(text)) !== undefined,
  url: (text) => {
    const url = parse(asText(text))
    if (url === undefined) throw new CelError(`URL parse error during conversion from string`)
    return url
  },
  getScheme: (url) => {
    const {protocol} = urlOf(url)
    return protocol === 'none:' ? '' : protocol.slice(0, -1)
  },
  getHost: (url) => urlOf(url).host,
  getHostname: (url) => urlOf(url).hostname.replaceAll(/^\[|\]$/g, ''),
  getPort: (url) => urlOf(url).port,
  getEscapedPath: (url) => urlOf(url).pathname,
  getQuery: (url) => {
    const {searchParams} = urlOf(url)
    return new Map([...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)]))
  },
}
