import type {Revision, Service, TrafficTarget} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import type {ServiceOutcome, ServiceWriteOptions} from '../service/service-outcome.ts'
import {changeTraffic} from './change-traffic.ts'
import {checkReady} from './check-ready.ts'
import {LATEST} from './compute-traffic.ts'
import {type ReferencedTarget, resolveReference} from './references.ts'
import {sumOf, type TrafficShare, wrongSum} from './share.ts'

/** The traffic of a Service: each reference with its percent. */
export interface SplitRequest {
  readonly namespace: string
  readonly name: string
  readonly shares: readonly TrafficShare[]
  /** Also to revisions that are not Ready. */
  readonly force?: boolean
}

/** Splits the traffic of a Service. Tags stay where they are. */
export function splitTraffic(
  connection: {client: Client; clock: Clock},
  {namespace, name, shares, force = false}: SplitRequest,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  return changeTraffic(
    connection,
    {namespace, name},
    (service, revisions) => {
      const complete = completeShares(service, resolveShares(service, revisions, shares))
      if (!force) {
        const wanted = complete.filter(({percent}) => percent > 0)
        for (const {target} of wanted) checkReady(target, service, revisions)
      }
      return makeSplit(service, complete)
    },
    options,
  )
}

/** A share and what its reference stands for. */
export interface ResolvedShare<Percent = number> {
  readonly reference: string
  readonly target: ReferencedTarget
  readonly percent: Percent
}

/** Looks the references up. Throws `KN_NOT_FOUND`, and `KN_USAGE` for two of one revision. */
export function resolveShares(
  service: Service,
  revisions: readonly Revision[],
  shares: readonly TrafficShare[],
): ResolvedShare<number | undefined>[] {
  const seen = new Map<string, string>()
  return shares.map(({reference, percent}) => {
    const target = resolveReference(reference, service, revisions)
    const id = idOf(target)
    const earlier = seen.get(id)
    if (earlier !== undefined) {
      throw new KntoolError('KN_USAGE', `"${earlier}" and "${reference}" are both ${id}.`)
    }
    seen.set(id, reference)
    return {reference, target, percent}
  })
}

/**
 * Gives what is missing to 100 to the share without a percent, else to the only target of the
 * Service that is not mentioned: one that has traffic, or else one that has a tag. kn does the same,
 * but only where all targets but one are mentioned.
 *
 * Throws `KN_USAGE` with the arithmetic when it cannot tell.
 */
export function completeShares(
  service: Service,
  shares: readonly ResolvedShare<number | undefined>[],
): ResolvedShare[] {
  const rest = 100 - sumOf(shares.map(toShare))
  if (shares.some(({percent}) => percent === undefined)) {
    return shares.map((share) => ({...share, percent: share.percent ?? rest}))
  }
  const given = shares.map((share) => ({...share, percent: share.percent ?? 0}))
  if (rest === 0) return given
  const candidates = unmentioned(service, given)
  const [only] = candidates
  if (rest < 0 || only === undefined || candidates.length > 1) {
    throw cannotComplete(given, candidates)
  }
  return [...given, {reference: idOf(only), target: only, percent: rest}]
}

function unmentioned(
  {status}: Service,
  shares: readonly ResolvedShare[],
): readonly ReferencedTarget[] {
  const mentioned = new Set(shares.map(({target}) => idOf(target)))
  if (mentioned.has(LATEST)) mentioned.add(status?.latestReadyRevisionName ?? LATEST)
  const others = (status?.traffic ?? []).filter(
    ({revisionName = '', latestRevision}) =>
      !mentioned.has(revisionName) && !(latestRevision && mentioned.has(LATEST)),
  )
  const serving = others.filter(({percent = 0}) => percent > 0)
  const targets = (serving.length > 0 ? serving : others).map(toReferenced)
  return [...new Map(targets.map((target) => [idOf(target), target])).values()]
}

function cannotComplete(
  shares: readonly ResolvedShare[],
  candidates: readonly ReferencedTarget[],
): KntoolError {
  const names = candidates.map(idOf).join(', ')
  return wrongSum(shares.map(toShare), {
    reason: candidates.length > 1 ? `, and each of ${names} could get the rest` : '',
    hint: ['The revision that gets the rest may stand without a percent: @latest=10 @prev'],
  })
}

/** The `spec.traffic` of a complete split: targets with a tag stay, even without a share. Pure. */
export function makeSplit(service: Service, shares: readonly ResolvedShare[]): TrafficTarget[] {
  const targets = (service.spec.traffic ?? [])
    .filter(({tag}) => tag !== undefined && tag !== '')
    .map((target) => ({...target, percent: 0}))
  for (const {reference, target, percent} of shares) {
    const fits = targets.filter(({latestRevision, revisionName}) =>
      target.kind === 'latest'
        ? latestRevision === true
        : revisionName === target.name && latestRevision !== true,
    )
    // A revision may have several tags: its share goes to the one that was named.
    const tagged = fits.find(({tag}) => tag === reference) ?? fits[0]
    if (tagged !== undefined) tagged.percent = percent
    else if (percent > 0) targets.push(newTarget(target, percent))
  }
  return targets
}

function newTarget(target: ReferencedTarget, percent: number): TrafficTarget & {percent: number} {
  return target.kind === 'latest'
    ? {latestRevision: true, percent}
    : {revisionName: target.name, latestRevision: false, percent}
}

function toShare({reference, percent}: ResolvedShare<number | undefined>): TrafficShare {
  return {reference, ...(percent !== undefined && {percent})}
}

function toReferenced({revisionName = '', latestRevision}: TrafficTarget): ReferencedTarget {
  return latestRevision ? {kind: 'latest'} : {kind: 'revision', name: revisionName}
}

function idOf(target: ReferencedTarget): string {
  return target.kind === 'latest' ? LATEST : target.name
}
