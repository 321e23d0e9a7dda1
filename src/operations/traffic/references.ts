/** References to revisions by role instead of by name. */
import type {Revision, Service} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {generationOf} from '../revision/list-revisions.ts'
import {isReady} from '../revision/is-ready.ts'
import {LATEST} from './compute-traffic.ts'

/** What a reference stands for. */
export type ReferencedTarget =
  /** Whatever is the latest ready revision, now and later. */
  {readonly kind: 'latest'} | {readonly kind: 'revision'; readonly name: string}

/**
 * What a reference stands for in a Service:
 *
 * | reference           | stands for                                                        |
 * |---------------------|-------------------------------------------------------------------|
 * | `@latest`           | the latest ready revision, now and later                          |
 * | `@prev`             | the ready revision before the latest ready one: `@latest~1`       |
 * | `@latest~N`         | the Nth ready revision before the latest ready one                |
 * | `gen:N`             | the revision made from generation N                               |
 * | a tag, a name       | the tag's revision; else the revision of that name                |
 *
 * Throws `KN_NOT_FOUND` with the revisions there are.
 */
export function resolveReference(
  reference: string,
  service: Service,
  revisions: readonly Revision[],
): ReferencedTarget {
  if (reference === LATEST) return {kind: 'latest'}
  const name = findRevision(reference, service, revisions)
  if (name !== undefined) return {kind: 'revision', name}
  const known = revisions.map(({metadata}) => metadata.name)
  const tags = (service.spec.traffic ?? []).flatMap(({tag}) => (tag ? [tag] : []))
  throw new KntoolError(
    'KN_NOT_FOUND',
    `Service '${service.metadata.name}' has no revision "${reference}".`,
    {
      hint: [
        `Revisions: ${known.join(', ') || 'none'}`,
        ...(tags.length > 0 ? [`Tags: ${tags.join(', ')}`] : []),
        'Other references: @latest, @prev, @latest~2, gen:3',
      ],
      details: {reference, revisions: known, tags},
    },
  )
}

function findRevision(
  reference: string,
  service: Service,
  revisions: readonly Revision[],
): string | undefined {
  const back = reference === '@prev' ? 1 : Number(/^@latest~(\d+)$/.exec(reference)?.[1] ?? NaN)
  if (!Number.isNaN(back)) return revisionsBack(back, service, revisions)
  const generation = /^gen:(\d+)$/.exec(reference)?.[1]
  if (generation !== undefined) {
    return revisions.find((revision) => generationOf(revision) === Number(generation))?.metadata
      .name
  }
  const tagged = service.status?.traffic?.find(({tag}) => tag === reference)
  if (tagged?.revisionName) return tagged.revisionName
  return revisions.find(({metadata}) => metadata.name === reference)?.metadata.name
}

function revisionsBack(
  count: number,
  {status}: Service,
  revisions: readonly Revision[],
): string | undefined {
  const latest = revisions.find(({metadata}) => metadata.name === status?.latestReadyRevisionName)
  const from = latest === undefined ? undefined : generationOf(latest)
  if (latest === undefined || from === undefined) return undefined
  const older = revisions
    .filter((revision) => isReady(revision) && (generationOf(revision) ?? Infinity) < from)
    .toSorted((left, right) => (generationOf(right) ?? 0) - (generationOf(left) ?? 0))
  return [latest, ...older][count]?.metadata.name
}
