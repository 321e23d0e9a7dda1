import type {HTTPMatchRequest, StringMatch} from '../../api/istio/v1beta1.ts'
import type {HeaderFields} from '../../http/header-fields.ts'
import {compileRegExp} from '../../util/regexp/linear-regexp.ts'

/** What a request is matched by. */
export interface MatchableRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** The authority, with the port the client wrote. */
  readonly host: string
  readonly headers: HeaderFields
}

/** Conditions of one `match` entry; all must hold. */
export interface CompiledMatch {
  /** `namespace/name` of the gateways it is for; undefined for all of its VirtualService. */
  readonly gateways: readonly string[] | undefined
  /** The gateway port it is for. */
  readonly port: number | undefined
  /** The prefix of the path, when that is how the path is matched: a rewrite replaces it. */
  readonly pathPrefix: string | undefined
  /** Whether nothing but gateway and port is asked for. */
  readonly isCatchAll: boolean
  holds(request: MatchableRequest): boolean
}

type Predicate = (request: MatchableRequest) => boolean

/**
 * Prepares a `match` entry, so that a request costs a few comparisons.
 *
 * @throws RegExpSyntaxError for a pattern that is none: it was stored before such were refused.
 */
export function compileMatch(match: HTTPMatchRequest, namespace: string): CompiledMatch {
  const predicates = [
    predicate(match.authority, matchesAuthority),
    predicate(match.uri, (test) => (request) => test(pathOf(request.path))),
    predicate(match.method, (test) => (request) => test(request.method)),
    predicate(match.scheme, (test) => () => test('http')),
    ...Object.entries(match.headers ?? {}).map(([name, value]) => headerPredicate(name, value)),
  ].filter((item) => item !== undefined)
  return {
    gateways: match.gateways?.map((name) => qualifyGateway(name, namespace)),
    port: match.port,
    pathPrefix: match.uri?.prefix,
    isCatchAll: predicates.length === 0,
    holds: (request) => predicates.every((holds) => holds(request)),
  }
}

/** `namespace/name` of a gateway a VirtualService refers to. `mesh` stays what it is. */
export function qualifyGateway(reference: string, namespace: string): string {
  return reference.includes('/') || reference === 'mesh' ? reference : `${namespace}/${reference}`
}

/** The host without port, in lower case. Brackets of an IPv6 address stay. */
export function stripPort(authority: string): string {
  const colon = authority.lastIndexOf(':')
  const hasPort = colon > authority.lastIndexOf(']')
  return (hasPort && colon >= 0 ? authority.slice(0, colon) : authority).toLowerCase()
}

/** A test of a string. Undefined when nothing is asked for. */
function compileStringMatch(
  match: StringMatch | undefined,
): ((value: string) => boolean) | undefined {
  if (match?.exact !== undefined) {
    const {exact} = match
    return (value) => value === exact
  }
  if (match?.prefix !== undefined) {
    const {prefix} = match
    return (value) => value.startsWith(prefix)
  }
  if (match?.regex !== undefined) {
    // RE2 as Istio uses it matches the whole value.
    const pattern = compileRegExp(match.regex)
    return (value) => pattern.testWhole(value)
  }
  return undefined
}

function predicate(
  match: StringMatch | undefined,
  make: (test: (value: string) => boolean) => Predicate,
): Predicate | undefined {
  const test = compileStringMatch(match)
  return test === undefined ? undefined : make(test)
}

/** Hosts are compared without regard to the port, which depends on how the gateway is reached. */
function matchesAuthority(test: (value: string) => boolean): Predicate {
  return ({host}) => test(host) || test(stripPort(host))
}

function headerPredicate(name: string, match: StringMatch): Predicate {
  const lower = name.toLowerCase()
  const test = compileStringMatch(match)
  // An empty condition asks for the field to be there.
  if (test === undefined) return ({headers}) => headers.has(lower)
  return ({headers}) => {
    const value = headers.get(lower)
    return value !== undefined && test(value)
  }
}

function pathOf(path: string): string {
  const query = path.indexOf('?')
  return query < 0 ? path : path.slice(0, query)
}
