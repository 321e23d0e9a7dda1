/** From a Route's traffic to revisions. Counterpart of `pkg/reconciler/route/traffic`. */
import {isFalse} from '../../../api/condition-set.ts'
import {isReady} from '../../../api/reconcile-status.ts'
import {CONFIGURATION_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Configuration, Revision, Route, TrafficTarget} from '../../../api/serving/v1.ts'
import type {Lister} from '../../../controller/informer.ts'
import {protocolOf} from '../serving-container.ts'
import {DEFAULT_TARGET} from './domains.ts'

/** A share of the traffic, down to the revision that takes it. */
export interface RevisionTarget {
  readonly tag: string
  readonly revisionName: string
  /** Empty when the revision belongs to no Configuration. */
  readonly configurationName: string
  readonly latestRevision: boolean
  readonly percent: number
  readonly protocol: 'http1' | 'h2c'
}

/** Why a share of the traffic has no revision that could take it. */
export type TargetProblem =
  | {readonly why: 'missing'; readonly kind: 'Configuration' | 'Revision'; readonly name: string}
  /** `failed`: it will not become ready by itself. */
  | {
      readonly why: 'not ready'
      readonly kind: 'Configuration' | 'Revision'
      readonly name: string
      readonly failed: boolean
    }

/** The traffic of a Route. */
export interface Traffic {
  /** By tag; the shares of all tags are together under ''. Percents sum to 100 per tag. */
  readonly targets: ReadonlyMap<string, readonly RevisionTarget[]>
  /** In the order of the spec, equal ones merged: what the status tells. */
  readonly revisionTargets: readonly RevisionTarget[]
  /** Names of everything the traffic refers to, also of what is missing. */
  readonly configurations: ReadonlySet<string>
  readonly revisions: ReadonlySet<string>
  /** When set, `targets` is empty: traffic stays where it is. */
  readonly problem: TargetProblem | undefined
}

/** Finds the revisions for the traffic of a Route. */
export function resolveTraffic(
  route: Route,
  configurations: Lister<Configuration>,
  revisions: Lister<Revision>,
): Traffic {
  const {namespace} = route.metadata
  const mentioned = {configurations: new Set<string>(), revisions: new Set<string>()}
  const flat: RevisionTarget[] = []
  let problem: TargetProblem | undefined

  const findConfiguration = (name: string): Configuration | TargetProblem => {
    mentioned.configurations.add(name)
    return configurations.get(namespace, name) ?? {why: 'missing', kind: 'Configuration', name}
  }
  const findRevision = (name: string): Revision | TargetProblem => {
    mentioned.revisions.add(name)
    const revision = revisions.get(namespace, name)
    if (revision === undefined) return {why: 'missing', kind: 'Revision', name}
    if (isReady(revision)) return revision
    return {why: 'not ready', kind: 'Revision', name, failed: isFalse(revision.status, 'Ready')}
  }
  const resolve = (target: TrafficTarget): RevisionTarget | TargetProblem | undefined => {
    const {revisionName = '', configurationName = ''} = target
    if (revisionName !== '') {
      const revision = findRevision(revisionName)
      if ('why' in revision) return revision
      const owner = revision.metadata.labels?.[CONFIGURATION_LABEL]
      const configuration = owner === undefined ? undefined : findConfiguration(owner)
      if (configuration !== undefined && 'why' in configuration) return configuration
      return flatten(target, revision, owner ?? configurationName)
    }
    if (configurationName === '') return undefined
    const configuration = findConfiguration(configurationName)
    if ('why' in configuration) return configuration
    const latest = configuration.status?.latestReadyRevisionName ?? ''
    if (latest === '') {
      const failed = isFalse(configuration.status, 'Ready')
      return {why: 'not ready', kind: 'Configuration', name: configurationName, failed}
    }
    const revision = findRevision(latest)
    return 'why' in revision ? revision : flatten(target, revision, configurationName)
  }

  for (const target of route.spec.traffic ?? []) {
    const resolved = resolve(target)
    if (resolved === undefined) continue
    if (!('why' in resolved)) flat.push(resolved)
    // All are looked at, so that each is tracked; a failure is told before what only takes time.
    else if (problem === undefined || isFailure(resolved)) problem = resolved
  }
  return {
    ...mentioned,
    problem,
    targets: problem === undefined ? groupByTag(flat) : new Map(),
    revisionTargets: problem === undefined ? mergeEqual(flat) : [],
  }
}

function isFailure(problem: TargetProblem): boolean {
  return problem.why === 'missing' || problem.failed
}

function flatten(
  {tag = DEFAULT_TARGET, percent = 0, latestRevision = false}: TrafficTarget,
  revision: Revision,
  configurationName: string,
): RevisionTarget {
  return {
    tag,
    revisionName: revision.metadata.name,
    configurationName,
    latestRevision,
    percent,
    protocol: protocolOf(revision),
  }
}

function groupByTag(targets: readonly RevisionTarget[]): Map<string, RevisionTarget[]> {
  const groups = new Map<string, RevisionTarget[]>()
  for (const target of targets) {
    for (const tag of new Set([DEFAULT_TARGET, target.tag])) {
      groups.set(tag, [...(groups.get(tag) ?? []), target])
    }
  }
  for (const [tag, group] of groups) groups.set(tag, consolidate(group))
  return groups
}

/** One entry per revision; the only one takes everything, whatever its share of the Route is. */
function consolidate(targets: readonly RevisionTarget[]): RevisionTarget[] {
  const merged = merge(targets, (left, right) => left.revisionName === right.revisionName)
  const [only] = merged
  return merged.length === 1 && only !== undefined ? [{...only, percent: 100}] : merged
}

function mergeEqual(targets: readonly RevisionTarget[]): RevisionTarget[] {
  return merge(
    targets,
    (left, right) =>
      left.tag === right.tag &&
      left.revisionName === right.revisionName &&
      left.latestRevision === right.latestRevision,
  )
}

function merge(
  targets: readonly RevisionTarget[],
  same: (left: RevisionTarget, right: RevisionTarget) => boolean,
): RevisionTarget[] {
  const merged: RevisionTarget[] = []
  for (const target of targets) {
    const index = merged.findIndex((other) => same(other, target))
    const before = merged[index]
    if (before === undefined) merged.push(target)
    else merged[index] = {...before, percent: before.percent + target.percent}
  }
  return merged
}
