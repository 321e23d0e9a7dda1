/** References to revisions by role instead of by name. */
import type {Revision, Service} from '../../api/serving/v1.ts'
import {dns1123SubdomainProblems} from '../../api/name-rules.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {didYouMean} from '../../util/did-you-mean.ts'
import {generationOf} from '../revision/list-revisions.ts'
import {isReady} from '../revision/is-ready.ts'
import {LATEST, type TrafficEdits} from './compute-traffic.ts'

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
 * Where the update at hand makes a revision, the latest is that one, which is not there yet.
 *
 * Throws `KN_NOT_FOUND` with the revisions there are.
 */
export function resolveReference(
  reference: string,
  service: Service,
  revisions: readonly Revision[],
  {makesRevision = false}: {makesRevision?: boolean} = {},
): ReferencedTarget {
  const back = stepsBack(reference)
  if (reference === LATEST || (makesRevision && back === 0)) return {kind: 'latest'}
  const name =
    back === undefined
      ? findRevision(reference, service, revisions)
      : revisionsBack(makesRevision ? back - 1 : back, service, revisions)
  if (name !== undefined) return {kind: 'revision', name}
  throw unknownReference(reference, service, revisions)
}

function unknownReference(
  reference: string,
  service: Service,
  revisions: readonly Revision[],
): KntoolError {
  const known = revisions.map(({metadata}) => metadata.name)
  const tags = (service.spec.traffic ?? []).flatMap(({tag}) => (tag ? [tag] : []))
  return new KntoolError(
    'KN_NOT_FOUND',
    `Service '${service.metadata.name}' has no revision "${reference}".`,
    {
      hint: [
        ...rolesLike(reference).map((role) => `Did you mean ${role}?`),
        `Revisions: ${known.join(', ') || 'none'}`,
        ...(tags.length > 0 ? [`Tags: ${tags.join(', ')}`] : []),
        'Other references: @latest, @prev, @latest~2, gen:3',
      ],
      details: {reference, revisions: known, tags},
    },
  )
}

/** Whether a reference names a revision by its role, which only a Service can tell. */
export function isRole(reference: string): boolean {
  return /^@(latest|prev)\b|^gen:\d+$/.test(reference)
}

/** Whether {@link nameReferences} and {@link checkReferences} have anything to look up. */
export function mentionsRevisions({traffic, tags}: TrafficEdits): boolean {
  return [...traffic, ...tags].map(referenceOf).some((text) => text !== '' && text !== LATEST)
}

/**
 * Throws `KN_NOT_FOUND` for a reference that is no tag and no revision of the Service, and that was most likely
 * meant as a role (`latest`, `LATEST` or `@lastest` for `@latest`) or can never be a name; `made` are the tags
 * that the same update gives. Any other name may be of a revision that is still to come, as in kn.
 */
export function checkReferences(
  {traffic, tags}: TrafficEdits,
  service: Service,
  revisions: readonly Revision[],
  made: readonly string[],
): void {
  const present = [...(service.spec.traffic ?? []), ...(service.status?.traffic ?? [])]
  const known = new Set([
    ...present.flatMap(({tag}) => (tag ? [tag] : [])),
    ...revisions.map(({metadata}) => metadata.name),
    ...made,
  ])
  for (const reference of [...traffic, ...tags].map(referenceOf)) {
    if (reference === '' || isRole(reference) || known.has(reference)) continue
    const isSlip = rolesLike(reference).length > 0
    if (isSlip || dns1123SubdomainProblems(reference).length > 0) {
      throw unknownReference(reference, service, revisions)
    }
  }
}

/** The role that a reference was most likely meant as: none, or one. */
function rolesLike(reference: string): string[] {
  const [, word = '', rest = ''] = /^@?([a-z]+)(~\d+|:\d+)?$/.exec(reference.toLowerCase()) ?? []
  if (rest.startsWith(':')) return didYouMean(word, ['gen']).map((role) => role + rest)
  const [role] = didYouMean(word, ['latest', ...(rest === '' ? ['prev', 'previous'] : [])])
  return role === undefined ? [] : [`@${role.replace('previous', 'prev')}${rest}`]
}

/**
 * Edits in which references that only kntool knows (`@prev`, `@latest~2`, `gen:3`) have become the
 * names of revisions. kn's own (`@latest`, tags, names) stay, and names need not exist, unless
 * `every` reference is to be looked up. Where the same update makes a revision, `@prev` is the one
 * that is the latest until then.
 */
export function nameReferences(
  edits: TrafficEdits,
  service: Service,
  revisions: readonly Revision[],
  {every = false, makesRevision = false}: {every?: boolean; makesRevision?: boolean} = {},
): TrafficEdits {
  const name = (text: string): string => {
    const reference = referenceOf(text)
    if (!isNameable(reference) && !(every && reference !== '')) return text
    const target = resolveReference(reference, service, revisions, {makesRevision})
    return `${target.kind === 'latest' ? LATEST : target.name}${text.slice(reference.length)}`
  }
  return {...edits, traffic: edits.traffic.map(name), tags: edits.tags.map(name)}
}

// A value alone is for `@latest`, and has no reference.
function referenceOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf('=')))
}

function isNameable(reference: string): boolean {
  return reference !== LATEST && isRole(reference)
}

function findRevision(
  reference: string,
  service: Service,
  revisions: readonly Revision[],
): string | undefined {
  const generation = /^gen:(\d+)$/.exec(reference)?.[1]
  if (generation !== undefined) {
    return revisions.find((revision) => generationOf(revision) === Number(generation))?.metadata
      .name
  }
  const tagged = service.status?.traffic?.find(({tag}) => tag === reference)
  if (tagged?.revisionName) return tagged.revisionName
  return revisions.find(({metadata}) => metadata.name === reference)?.metadata.name
}

function stepsBack(reference: string): number | undefined {
  if (reference === '@prev') return 1
  const steps = /^@latest~(\d+)$/.exec(reference)?.[1]
  return steps === undefined ? undefined : Number(steps)
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
