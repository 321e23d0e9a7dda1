import type {Service, TrafficTarget} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import type {ServiceOutcome, ServiceWriteOptions} from '../service/service-outcome.ts'
import {changeTraffic} from './change-traffic.ts'
import {computeTraffic, LATEST, type TrafficEdits} from './compute-traffic.ts'
import {nameReferences} from './references.ts'

/** Which tags to give and to take. */
export interface TagRequest {
  readonly namespace: string
  readonly name: string
  /** `REFERENCE=TAG`, or `TAG` for `@latest`. */
  readonly tags?: readonly string[]
  readonly untags?: readonly string[]
  /** Takes a tag away from the revision that has it. */
  readonly force?: boolean
}

/**
 * Checks `REFERENCE=TAG` or `TAG`. A tag becomes a part of a host name.
 *
 * Throws `KN_USAGE`.
 */
export function checkTag(text: string): void {
  const [tag = '', ...reference] = text.split('=').toReversed()
  const isLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(tag)
  if (isLabel && reference.length <= 1 && reference[0] !== '') return
  throw new KntoolError(
    'KN_USAGE',
    `"${text}" is not REVISION=TAG with a tag of lower-case letters, digits and dashes.`,
    {hint: 'kntool traffic tag hello @latest=candidate'},
  )
}

/** Gives tags to revisions, each of which is a URL of its own, and takes tags away. */
export function tagRevisions(
  connection: {client: Client; clock: Clock},
  {namespace, name, tags = [], untags = [], force = false}: TagRequest,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  return changeTraffic(
    connection,
    {namespace, name},
    (service, revisions) => {
      const edits = {traffic: [], tags, untags}
      const named = nameReferences(edits, service, revisions, {every: true})
      const taken = takenElsewhere(service, named)
      if (!force) refuseTaken(taken, service)
      const moved = taken.flatMap(({tag}) => (tag === undefined ? [] : [tag]))
      return computeTraffic(service, {...named, untags: [...named.untags, ...moved]})
    },
    options,
  )
}

/** The targets that have a tag which is wanted for another. */
function takenElsewhere({spec}: Service, {tags, untags}: TrafficEdits): TrafficTarget[] {
  return tags.flatMap((text) => {
    const equals = text.indexOf('=')
    const [reference, tag] = [equals < 0 ? LATEST : text.slice(0, equals), text.slice(equals + 1)]
    const owner = (spec.traffic ?? []).find((target) => target.tag === tag)
    if (owner === undefined || untags.includes(tag)) return []
    const keeps = reference === LATEST ? owner.latestRevision : owner.revisionName === reference
    return keeps ? [] : [owner]
  })
}

function refuseTaken([first]: readonly TrafficTarget[], service: Service): void {
  if (first === undefined) return
  const {tag = '', latestRevision, revisionName = ''} = first
  throw new KntoolError(
    'KN_CONFLICT',
    `The tag '${tag}' of service '${service.metadata.name}' belongs to ${latestRevision ? LATEST : revisionName}.`,
    {hint: 'Take it away from there: add --force', details: {tag, target: first}},
  )
}
