import {
  judgeVersions,
  type KnativeRelease,
  knativeRelease,
  minorOf,
  parseVersion,
  type Version,
} from './versions.ts'

/** What can be said of the hops of an upgrade before the first one. */
export interface HopsVerdict {
  /** Why one of them cannot be. */
  readonly problem?: string
  readonly warnings: readonly string[]
}

/**
 * Whether this Kubernetes carries every hop, and what about them nobody has tested.
 *
 * | hop                                      | verdict |
 * |------------------------------------------|---------|
 * | needs a newer Kubernetes                 | problem |
 * | Istio is not tested on this Kubernetes   | warning |
 * | Istio goes more than one minor at once   | warning |
 *
 * @param kubernetes undefined where the server does not say.
 */
export function judgeHops(
  from: string,
  hops: readonly string[],
  kubernetes: Version | undefined,
): HopsVerdict {
  const warnings = new Set<string>()
  let before = releaseOf(from)
  for (const hop of hops) {
    const release = releaseOf(hop)
    if (release === undefined) return {problem: `nothing is known here about ${hop}`, warnings: []}
    const istio = parseVersion(release.istio)
    if (kubernetes !== undefined && istio !== undefined) {
      const {result, message} = judgeVersions(kubernetes, release, istio)
      if (result === 'impossible') return {problem: message, warnings: []}
      if (result === 'untested') warnings.add(message)
    }
    const jump = istioJump(before, release)
    if (jump !== undefined) warnings.add(jump)
    before = release
  }
  return {warnings: [...warnings]}
}

function releaseOf(text: string): KnativeRelease | undefined {
  const version = parseVersion(text)
  return version === undefined ? undefined : knativeRelease(version)
}

function istioJump(before: KnativeRelease | undefined, after: KnativeRelease): string | undefined {
  const from = parseVersion(before?.istio ?? '')
  const to = parseVersion(after.istio)
  if (from === undefined || to === undefined || to.minor - from.minor <= 1) return undefined
  return `With Knative ${after.minor}, Istio goes from ${minorOf(from)} to ${minorOf(to)} at once: Istio itself tests single minor versions.`
}
