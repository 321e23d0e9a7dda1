/**
 * Where traffic goes after `--traffic`, `--tag` and `--untag`, by kn's rules: untag first, then tag,
 * then percents, which together are the whole split.
 *
 * Counterpart of knative/client `pkg/traffic`.
 */
import type {Revision, Service, TrafficTarget} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {UsageErrors} from '../../errors/usage-errors.ts'
import {atoi} from '../../util/strconv.ts'

/** The reference that follows the latest ready revision. */
export const LATEST = '@latest'

/** Changes to the traffic, in kn's notation: `reference=value`; a value alone is for `@latest`. */
export interface TrafficEdits {
  /** `reference=percent`: a revision, a tag or `@latest`. */
  readonly traffic: readonly string[]
  /** `reference=tag`: a revision or `@latest`. */
  readonly tags: readonly string[]
  readonly untags: readonly string[]
}

/** What decides where the rest goes when the percents do not add up to 100. */
export interface TrafficContext {
  /** The revisions of the Service. */
  readonly revisions: readonly Revision[]
  /** Whether the same update makes a new revision. */
  readonly makesRevision: boolean
}

interface Target {
  tag: string
  revisionName: string
  percent: number
  readonly latestRevision: boolean
  readonly configurationName?: string
}

/** Whether {@link computeTraffic} has to know the revisions of the Service. */
export function needsRevisions({traffic}: TrafficEdits): boolean {
  if (traffic.length === 0) return false
  return parsePercents(traffic).reduce((sum, {percent}) => sum + percent, 0) < 100
}

/** The new `spec.traffic`. Throws `KN_USAGE` with kn's texts. */
export function computeTraffic(
  service: Service,
  edits: TrafficEdits,
  context: TrafficContext = {revisions: [], makesRevision: false},
): TrafficTarget[] {
  const tags = edits.tags.map(splitReference)
  if (tags.filter(({reference}) => reference === LATEST).length > 1) {
    throw repeated('--tag', LATEST)
  }
  const percents = completePercents(service, parsePercents(edits.traffic), context)
  const targets = (service.spec.traffic ?? []).map(toTarget)
  untag(targets, edits.untags, service.metadata.name)
  for (const {reference, value} of tags) tagTarget(targets, reference, value)
  if (edits.traffic.length > 0) {
    for (const target of targets) target.percent = 0
    for (const {reference, percent} of percents) setPercent(targets, reference, percent)
  }
  return targets.filter(({tag, percent}) => tag !== '' || percent !== 0).map(toTrafficTarget)
}

/** Throws `KN_USAGE` with everything that is wrong with the texts alone, whatever the Service. */
export function checkTrafficTexts({traffic, tags}: TrafficEdits): void {
  const errors = new UsageErrors()
  for (const text of traffic) errors.try(() => parsePercents([text]))
  for (const text of tags) errors.try(() => splitReference(text))
  const percents = errors.try(() => parsePercents(traffic)) ?? []
  const sum = percents.reduce((total, {percent}) => total + percent, 0)
  if (sum > 100) errors.add(tooMuch(sum))
  errors.throwAny()
}

function splitReference(text: string): {reference: string; value: string} {
  const parts = text.split('=')
  const [first = '', second = ''] = parts
  if (parts.length === 1) return {reference: LATEST, value: first}
  if (parts.length !== 2 || first === '' || second === '') {
    throw invalid(`expecting the value format in value1=value2, given ${text}`)
  }
  return {reference: first, value: second.replace(/%$/, '')}
}

interface Share {
  readonly reference: string
  readonly percent: number
}

function parsePercents(texts: readonly string[]): Share[] {
  const seen = new Set<string>()
  return texts.map((text) => {
    const {reference, value} = splitReference(text)
    if (seen.has(reference)) throw repeated('--traffic', reference)
    seen.add(reference)
    const percent = parsePercent(value)
    return {reference, percent}
  })
}

function parsePercent(text: string): number {
  let percent: number
  try {
    percent = atoi(text)
  } catch {
    throw invalid(`error converting given ${text} to integer value for traffic distribution`)
  }
  if (percent < 0 || percent > 100) {
    throw invalid(`invalid value for traffic percent ${percent}, expected 0 <= percent <= 100`)
  }
  return percent
}

/**
 * Gives what is missing to 100 to the one target nobody mentioned.
 *
 * With a new revision in the same update that is `@latest`; else all present targets but one have
 * to be mentioned.
 */
function completePercents(
  service: Service,
  shares: readonly Share[],
  context: TrafficContext,
): readonly Share[] {
  const sum = shares.reduce((total, {percent}) => total + percent, 0)
  if (sum > 100) throw tooMuch(sum)
  if (sum === 100 || shares.length === 0) return shares
  const rest = 100 - sum
  const present = service.status?.traffic ?? []
  const wanted = context.makesRevision ? present.length : present.length - 1
  if (shares.length !== wanted) {
    throw unallocated(
      rest,
      'incorrect number of revisions specified. Only 1 revision should be missing',
    )
  }
  const mentioned = new Set(shares.map(({reference}) => reference))
  if (context.makesRevision && !mentioned.has(LATEST)) {
    return [...shares, {reference: LATEST, percent: rest}]
  }
  const {latestReadyRevisionName = ''} = service.status ?? {}
  if (!context.makesRevision && mentioned.has(LATEST)) mentioned.add(latestReadyRevisionName)
  const missing = present.find(({revisionName = '', tag = ''}) => {
    const exists = context.revisions.some(({metadata}) => metadata.name === revisionName)
    // Differs from upstream: a tag counts as a mention of its revision; kn gives the rest to it too.
    return exists && !mentioned.has(revisionName) && !mentioned.has(tag)
  })
  if (missing === undefined) throw unallocated(rest, 'cannot determine the missing revision')
  return [...shares, {reference: missing.revisionName ?? '', percent: rest}]
}

function untag(targets: readonly Target[], untags: readonly string[], service: string): void {
  const unknown = untags.filter((tag) => {
    const target = targets.find((candidate) => candidate.tag === tag)
    if (target !== undefined) target.tag = ''
    return target === undefined
  })
  if (unknown.length > 0) {
    throw invalid(
      `tag(s) ${unknown.join(', ')} not present for any revisions of service ${service}`,
    )
  }
}

function tagTarget(targets: Target[], reference: string, tag: string): void {
  const isLatest = reference === LATEST
  const owner = targets.find((target) => target.tag === tag)
  const isOwner = isLatest ? owner?.latestRevision : owner?.revisionName === reference
  if (owner !== undefined && isOwner) return
  if (owner !== undefined) {
    throw invalid(
      `refusing to overwrite existing tag in service, add flag '--untag ${tag}' in command to untag it`,
    )
  }
  const target = targets.find(({latestRevision, revisionName}) =>
    isLatest ? latestRevision : revisionName === reference,
  )
  if (isLatest && target !== undefined && target.tag !== '') {
    throw invalid(
      `tag '${target.tag}' exists on latest ready revision of service, refusing to overwrite ` +
        `existing tag with '${tag}', add flag '--untag ${target.tag}' in command to untag it`,
    )
  }
  // A revision that needs a second tag gets a second target.
  if (target !== undefined && target.tag === '') target.tag = tag
  else targets.push(newTarget(reference, {tag}))
}

// A tag wins over a revision of the same name, because tags are unique.
function setPercent(targets: Target[], reference: string, percent: number): void {
  const target =
    reference === LATEST
      ? targets.find(({latestRevision}) => latestRevision)
      : (targets.find(({tag}) => tag === reference) ??
        targets.find(({revisionName}) => revisionName === reference))
  if (target !== undefined) target.percent = percent
  else targets.push(newTarget(reference, {percent}))
}

function newTarget(reference: string, {tag = '', percent = 0}): Target {
  const latestRevision = reference === LATEST
  return {tag, percent, latestRevision, revisionName: latestRevision ? '' : reference}
}

function toTarget(target: TrafficTarget): Target {
  const {tag = '', revisionName = '', percent = 0, latestRevision = false} = target
  return {
    tag,
    revisionName,
    percent,
    latestRevision,
    ...(target.configurationName !== undefined && {configurationName: target.configurationName}),
  }
}

function toTrafficTarget({
  tag,
  revisionName,
  percent,
  latestRevision,
  ...rest
}: Target): TrafficTarget {
  return {
    ...(tag !== '' && {tag}),
    ...(revisionName !== '' && {revisionName}),
    ...rest,
    latestRevision,
    percent,
  }
}

function repeated(flag: string, reference: string): KntoolError {
  const name = reference === LATEST ? `identifier ${LATEST}` : `revision reference ${reference}`
  return invalid(`repetition of ${name} is not allowed, use only once with ${flag} flag`)
}

function tooMuch(sum: number): KntoolError {
  return invalid(`given traffic percents sum to ${sum}, want <=100`)
}

function unallocated(rest: number, reason: string): KntoolError {
  return invalid(`unable to allocate the remaining traffic: ${rest}%. Reason: ${reason}`)
}

function invalid(message: string): KntoolError {
  return new KntoolError('KN_USAGE', message)
}
