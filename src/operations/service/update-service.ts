import {
  type Revision,
  REVISIONS,
  type Service,
  SERVICES,
  type TrafficTarget,
} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {UsageErrors} from '../../errors/usage-errors.ts'
import type {Clock} from '../../util/clock.ts'
import {serviceEffects} from '../preview/service-effects.ts'
import {listRevisions} from '../revision/list-revisions.ts'
import {retryOnConflict} from '../retry-on-conflict.ts'
import {
  checkTrafficTexts,
  computeTraffic,
  needsRevisions,
  type TrafficEdits,
} from '../traffic/compute-traffic.ts'
import {holdTraffic} from '../traffic/hold-traffic.ts'
import {checkReferences, mentionsRevisions, nameReferences} from '../traffic/references.ts'
import {applyEdits} from './edit/apply-edits.ts'
import {hasSameImage} from './edit/image-lock.ts'
import {makesRevision, type ServiceEdits} from './edit/service-edits.ts'
import {checkFeatures} from './feature-gates.ts'
import {checkServiceName} from './service-name.ts'
import {explainTakenName} from './taken-revision-name.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from './service-outcome.ts'

/** What to change in a Service. */
export interface UpdateRequest {
  readonly namespace: string
  readonly name: string
  readonly edits?: ServiceEdits
  readonly traffic?: TrafficEdits
  /** Keeps the traffic where it is when a new revision is made; instead of `traffic`. */
  readonly holdTraffic?: boolean
  /** With `holdTraffic`, for a preview: the tag that the new revision would get once it is there. */
  readonly plannedTag?: string | undefined
}

/** Changes a Service; what is not mentioned stays. Throws NotFound when there is none. */
export async function updateService(
  connection: {client: Client; clock: Clock},
  {namespace, name, edits = {}, traffic, holdTraffic: hold = false, plannedTag}: UpdateRequest,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  const {client, clock} = connection
  checkServiceName(name)
  const written = await retryOnConflict(clock, async () => {
    const service = await client.get(SERVICES, {namespace, name})
    if (service.metadata.deletionTimestamp !== undefined) {
      throw new KntoolError(
        'KN_CONFLICT',
        `can't update service ${name} because it has been marked for deletion`,
      )
    }
    const locked = edits.image === undefined && edits.lockToDigest !== false
    const baseRevision = locked ? await findBaseRevision(client, service) : undefined
    const context = {nowMs: clock.now(), purpose: 'update' as const, baseRevision}
    const errors = new UsageErrors()
    const edited = errors.try(() => applyEdits(service, edits, context)) ?? service
    if (traffic !== undefined) errors.try(() => checkTrafficTexts(traffic))
    errors.throwAny()
    await checkFeatures(client, edited.spec.template.spec)
    const changedTraffic = hold
      ? [...holdTraffic(edited), ...planTag(service, edited, plannedTag)]
      : traffic && (await moveTraffic(client, edited, edits, traffic))
    const spec = {...edited.spec, ...(changedTraffic && {traffic: changedTraffic})}
    const updated = await client.update(SERVICES, {...edited, spec}).catch((error: unknown) => {
      const revision = edited.spec.template.metadata?.name
      throw explainTakenName(error, {namespace, name, revision})
    })
    return {
      verb: 'updated' as const,
      service: updated,
      changed: updated.metadata.generation !== service.metadata.generation,
      previousRevision: service.status?.latestReadyRevisionName,
    }
  })
  return finish(connection, written, options)
}

/** The target of a revision that is not there yet, by the name it will have if that can be told. */
function planTag(before: Service, after: Service, tag: string | undefined): TrafficTarget[] {
  const revisionName = serviceEffects(before, after).newRevision
  return tag === undefined || !revisionName
    ? []
    : [{revisionName, latestRevision: false, percent: 0, tag}]
}

async function moveTraffic(
  client: Client,
  service: Service,
  edits: ServiceEdits,
  traffic: TrafficEdits,
): Promise<ReturnType<typeof computeTraffic>> {
  const {namespace, name} = service.metadata
  const revisions =
    mentionsRevisions(traffic) || needsRevisions(traffic)
      ? await listRevisions(client, {namespace, service: name})
      : []
  const madeTags = traffic.tags.map((text) => text.slice(text.indexOf('=') + 1))
  checkReferences(traffic, service, revisions, madeTags)
  const context = {revisions, makesRevision: makesRevision(edits)}
  return computeTraffic(service, nameReferences(traffic, service, revisions, context), context)
}

/** The revision made from the present template, as far as its image tells. */
async function findBaseRevision(
  client: Client,
  {metadata: {namespace}, spec: {template}, status}: Service,
): Promise<Revision | undefined> {
  const given = template.metadata?.name
  const name = given || status?.latestCreatedRevisionName
  const revision = name ? await client.find(REVISIONS, {namespace, name}) : undefined
  // The controller may be behind: then the latest revision there is belongs to an earlier template.
  const isOlder = revision !== undefined && !given && !hasSameImage(template, revision)
  return isOlder ? undefined : revision
}
