/** What a change of a Service does to its revisions and its traffic. Pure. */
import {childName} from '../../api/meta/child-name.ts'
import type {Service, TrafficTarget} from '../../api/serving/v1.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'

/** The share of one revision, before and after, in percent. */
export interface TrafficMove {
  readonly revision: string
  readonly from: number
  readonly to: number
}

/** What changes besides the Service itself. */
export interface ServiceEffects {
  /** The name of the revision that would be made; empty when only the server can tell it. */
  readonly newRevision: string | undefined
  /** Revisions whose share changes; the largest gain first. */
  readonly moves: readonly TrafficMove[]
  readonly tagsAdded: readonly {readonly tag: string; readonly revision: string}[]
  readonly tagsRemoved: readonly string[]
}

/**
 * Foretells what the controllers do with a Service.
 *
 * | template                                       | new revision                        |
 * |------------------------------------------------|-------------------------------------|
 * | as before                                      | none                                |
 * | new or changed, names the revision             | of that name                        |
 * | new                                            | NAME-00001                          |
 * | changed, latest revision is named NAME-00041   | NAME-00042                          |
 * | changed, latest revision has a name of its own | one whose name only the server tells |
 *
 * Traffic that follows the latest revision goes to the new one as soon as that is ready.
 */
export function serviceEffects(before: Service | undefined, after: Service): ServiceEffects {
  const newRevision = nameNewRevision(before, after)
  const latest = newRevision ?? before?.status?.latestReadyRevisionName ?? ''
  const had = before === undefined ? [] : presentTraffic(before)
  const gets = (after.spec.traffic ?? []).length > 0 ? after.spec.traffic : undefined
  const will = (gets ?? [{latestRevision: true, percent: 100}]).map((target) => ({
    revision: target.revisionName || latest,
    percent: target.percent ?? 0,
    tag: target.tag,
  }))
  const tagsBefore = revisionsByTag(had)
  const tagsAfter = revisionsByTag(will)
  return {
    newRevision,
    moves: compareShares(sumShares(had), sumShares(will)),
    tagsAdded: [...tagsAfter]
      .filter(([tag, revision]) => tagsBefore.get(tag) !== revision)
      .map(([tag, revision]) => ({tag, revision})),
    tagsRemoved: [...tagsBefore.keys()].filter((tag) => !tagsAfter.has(tag)),
  }
}

function nameNewRevision(before: Service | undefined, after: Service): string | undefined {
  const {template} = after.spec
  if (before !== undefined && semanticEqual(before.spec.template, template)) return undefined
  if (template.metadata?.name) return template.metadata.name
  const {name} = after.metadata
  if (before === undefined) return childName(name, '-00001')
  const latest = before.status?.latestCreatedRevisionName ?? ''
  const generation = /-(\d{5,})$/.exec(latest)?.[1]
  if (generation === undefined || before.spec.template.metadata?.name) return ''
  return childName(name, `-${String(Number(generation) + 1).padStart(5, '0')}`)
}

interface Share {
  readonly revision: string
  readonly percent: number
  readonly tag: string | undefined
}

function presentTraffic({spec, status}: Service): Share[] {
  const targets: readonly TrafficTarget[] = status?.traffic ?? spec.traffic ?? []
  const shares = targets.map(({revisionName, percent = 0, tag}) => ({
    revision: revisionName || status?.latestReadyRevisionName || '',
    percent,
    tag,
  }))
  // Where no revision has been ready yet, none has the traffic.
  return shares.filter(({revision}) => revision !== '')
}

function revisionsByTag(shares: readonly Share[]): ReadonlyMap<string, string> {
  return new Map(shares.flatMap(({tag, revision}) => (tag ? [[tag, revision] as const] : [])))
}

function sumShares(shares: readonly Share[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const {revision, percent} of shares) {
    sums.set(revision, (sums.get(revision) ?? 0) + percent)
  }
  return sums
}

function compareShares(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): TrafficMove[] {
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((revision) => ({
      revision,
      from: before.get(revision) ?? 0,
      to: after.get(revision) ?? 0,
    }))
    .filter(({from, to}) => from !== to)
    .toSorted((left, right) => right.to - right.from - (left.to - left.from))
}
