/** What a path of the API asks for. Counterpart of k8s.io/apiserver `request.RequestInfo`. */
export interface RequestInfo {
  readonly group: string
  readonly version: string
  /** The plural of the path: `pods`. */
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
  /** Everything after the name: `status`. */
  readonly subresource?: string
  /** The legacy form `/api/v1/watch/…`. */
  readonly watch?: boolean
}

/** Where a path leads: to a resource, or elsewhere (discovery, health, nowhere). */
export type PathInfo =
  | {readonly kind: 'resource'; readonly info: RequestInfo}
  | {readonly kind: 'other'; readonly segments: readonly string[]}
  | {readonly kind: 'malformed'}

/** Subresources of a namespace; anything else after its name is a collection inside of it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])

/**
 * Reads an escaped path.
 *
 * | path after the group version         | resource   | namespace | name | subresource |
 * | ------------------------------------ | ---------- | --------- | ---- | ----------- |
 * | `/nodes`                             | nodes      |           |      |             |
 * | `/namespaces/a`                      | namespaces |           | a    |             |
 * | `/namespaces/a/status`               | namespaces |           | a    | status      |
 * | `/namespaces/a/pods`                 | pods       | a         |      |             |
 * | `/namespaces/a/pods/b/log`           | pods       | a         | b    | log         |
 *
 * A path with an empty segment inside is malformed; one slash at the end is allowed.
 */
export function parsePath(path: string): PathInfo {
  const raw = path.split('/')
  raw.shift()
  if (raw.at(-1) === '') raw.pop()
  const segments: string[] = []
  for (const part of raw) {
    const segment = part.includes('%') ? decode(part) : part
    if (segment === undefined || segment === '' || segment.includes('/')) return {kind: 'malformed'}
    segments.push(segment)
  }
  const root = segments[0]
  const isCore = root === 'api'
  if (!isCore && root !== 'apis') return {kind: 'other', segments}
  const prefix = isCore ? 2 : 3
  if (segments.length <= prefix) return {kind: 'other', segments}
  const group = isCore ? '' : (segments[1] ?? '')
  const version = segments[prefix - 1] ?? ''
  return {kind: 'resource', info: locate(group, version, segments.slice(prefix))}
}

function locate(group: string, version: string, segments: string[]): RequestInfo {
  const isWatch = segments[0] === 'watch' && segments.length > 1
  const rest = isWatch ? segments.slice(1) : segments
  const base = {group, version, ...(isWatch && {watch: true})}
  const [first = '', second, third, fourth, ...more] = rest
  const isInNamespace =
    first === 'namespaces' && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third)
  if (isInNamespace && second !== undefined) {
    return {
      ...base,
      namespace: second,
      resource: third,
      ...(fourth !== undefined && {name: fourth}),
      ...(more.length > 0 && {subresource: more.join('/')}),
    }
  }
  const tail = rest.slice(2)
  return {
    ...base,
    resource: first,
    ...(second !== undefined && {name: second}),
    ...(tail.length > 0 && {subresource: tail.join('/')}),
  }
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
