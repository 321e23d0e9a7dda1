const SLASH = 47
/** A path without a character that could change; almost all are. */
const PLAIN = /^[\w!$&'()*+,./:;=@[\]~-]*$/
/** Escapes and the bytes that need one. An escape in the reach of a stray `%` stays as it is. */
const ESCAPES = /(?<!%.?)%([\da-f]{2})|["<>^`{|}\\\u007f-\u00ff]/gi
const UNRESERVED = /[\w.~-]/

/**
 * Path and query of a request as Envoy goes by them and passes them on where Istio normalises paths
 * in its default way (BASE). Undefined for what it rejects with 400.
 *
 * | what                                | becomes                         |
 * | ----------------------------------- | ------------------------------- |
 * | `/a/./b`, `/a/../b`                 | `/a/b`, `/b`                    |
 * | `\`                                 | `/`                             |
 * | `%41`, `%7e`, `%2e` (unreserved)    | `A`, `~`, `.`                   |
 * | `%2f`, `%5C`, `%20`, `//`           | what it was                     |
 * | `{`, `"`, bytes beyond ASCII, …     | escapes                         |
 * | `#fragment`, also behind the query  | nothing                         |
 * | `%00`                               | rejected                        |
 */
export function normalizePath(target: string): string | undefined {
  const hash = target.indexOf('#')
  const request = hash < 0 ? target : target.slice(0, hash)
  const query = request.indexOf('?')
  const path = query < 0 ? request : request.slice(0, query)
  if (PLAIN.test(path) && !path.includes('/.')) return request
  if (path.includes('%00')) return undefined
  const normal = withoutDots(path.replaceAll(ESCAPES, normalizeByte))
  return query < 0 ? normal : `${normal}${request.slice(query)}`
}

function normalizeByte(text: string, hex: string | undefined): string {
  if (text === '\\') return '/'
  if (hex === undefined) {
    return `%${text.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  }
  const character = String.fromCharCode(Number.parseInt(hex, 16))
  return UNRESERVED.test(character) ? character : text
}

/** RFC 3986 §5.2.4. Empty segments are segments. */
function withoutDots(path: string): string {
  if (path.charCodeAt(0) !== SLASH) return path
  const kept: string[] = []
  const segments = path.slice(1).split('/')
  segments.forEach((segment, at) => {
    const isDots = segment === '.' || segment === '..'
    if (segment === '..') kept.pop()
    if (!isDots) kept.push(segment)
    // What is left of a path that ends in dots is a folder.
    else if (at === segments.length - 1) kept.push('')
  })
  return `/${kept.join('/')}`
}
