import {quote} from '../../util/strconv.ts'

/**
 * Judges a host that a domain template gave for made-up values.
 *
 * @throws Error with the text of upstream, which parses `https://HOST` as a URL.
 */
export function checkHost(host: string): void {
  const url = `https://${host}`
  const end = host.search(/[/?#]/)
  const authority = end < 0 ? host : host.slice(0, end)
  const bad = /[^!$&'()*+,;=:[\]<>"\-._~a-zA-Z0-9%@\u{80}-\u{10ffff}]/u.exec(authority)
  if (bad !== null) {
    throw new Error(`parse ${quote(url)}: invalid character ${quote(bad[0])} in host name`)
  }
  const port = /:([^\]:]*)$/.exec(authority)?.[1]
  if (port !== undefined && !/^[0-9]*$/.test(port)) {
    throw new Error(`parse ${quote(url)}: invalid port ${quote(`:${port}`)} after host`)
  }
  if (authority.replace(/^.*@/, '').replace(/:[0-9]*$/, '') === '')
    throw new Error('empty hostname')
  const path = end < 0 ? '' : host.slice(end).replace(/#.*$/, '')
  const uri = path.startsWith('?') ? `/${path}` : path
  if (uri !== '' && uri !== '/') throw new Error(`domain template has url path: ${uri}`)
}
