import type {Condition} from '../../api/conditions.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import type {ServiceEdits} from '../service/edit/service-edits.ts'
import {refusedRevision} from '../service/readiness.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from '../service/service-outcome.ts'
import {updateService} from '../service/update-service.ts'
import {adviseCondition} from '../service/workload/advise.ts'
import {tagRevisions} from '../traffic/tag-traffic.ts'

/** A revision to make of a Service as it is, with changes. */
export interface CreateRevisionRequest {
  readonly namespace: string
  /** The Service, which exists. */
  readonly name: string
  readonly edits: ServiceEdits
  /** A tag, and so a URL, for the new revision. */
  readonly tag?: string | undefined
  /** Takes the tag away from the revision that has it. */
  readonly force?: boolean | undefined
  /** The writes are not kept, so that no revision appears and none can get the tag. */
  readonly preview?: boolean
}

/** The end of {@link createRevision}. */
export interface CreatedRevision extends ServiceOutcome {
  readonly revision: string
  /** Where the revision answers, if it has a tag and that was waited for. */
  readonly url: string | undefined
}

/** How long the server may take to make a revision of a template: long for what takes milliseconds. */
const CREATION_MS = 60_000

/** Makes a new revision of a Service that gets no traffic. */
export async function createRevision(
  connection: {client: Client; clock: Clock},
  {namespace, name, edits, tag, force = false, preview = false}: CreateRevisionRequest,
  options: ServiceWriteOptions = {},
): Promise<CreatedRevision> {
  const plannedTag = preview ? tag : undefined
  const request = {namespace, name, edits, holdTraffic: true, plannedTag}
  const updated = await updateService(connection, request)
  if (preview) return {...updated, revision: '', url: undefined}
  const revision = await awaitRevision(connection, updated.service)
  const tagged =
    tag === undefined
      ? updated
      : await tagRevisions(connection, {namespace, name, tags: [`${revision}=${tag}`], force})
  const {service, previousRevision} = tagged
  const written = {verb: 'updated' as const, service, changed: true, previousRevision}
  const outcome = await finish(connection, written, options)
  const target = outcome.service.status?.traffic?.find((candidate) => candidate.tag === tag)
  return {...outcome, revision, url: tag === undefined ? undefined : target?.url}
}

/** The name of the revision that the server makes of a Service as it was just written. */
async function awaitRevision(
  {client, clock}: {client: Client; clock: Clock},
  written: Service,
): Promise<string> {
  const {name, namespace, generation = 0} = written.metadata
  const stop = new AbortController()
  const timeout = clock.after(CREATION_MS, () => stop.abort())
  try {
    while (!stop.signal.aborted) {
      const service = await client.get(SERVICES, {namespace, name})
      let created = createdOf(service, generation, written)
      let refused = refusalOf(service, generation)
      const {resourceVersion = ''} = service.metadata
      const fieldSelector = `metadata.name=${name}`
      if (created === undefined && refused === undefined) {
        await client.follow(
          SERVICES,
          {namespace, fieldSelector, resourceVersion, signal: stop.signal},
          (event) => {
            if (event.type === 'MODIFIED') {
              created = createdOf(event.object, generation, written)
              refused = refusalOf(event.object, generation)
            }
            return created === undefined && refused === undefined && event.type !== 'ERROR'
          },
        )
      }
      if (created !== undefined) return created
      if (refused !== undefined) throw notCreated(refused, {namespace, name})
    }
  } finally {
    timeout.cancel()
    stop.abort()
  }
  throw new KntoolError('KN_TIMEOUT', `No new revision of service '${name}' has appeared.`, {
    hint: `kntool service describe ${name} -n ${namespace}`,
  })
}

function refusalOf({status}: Service, generation: number): Condition | undefined {
  const {observedGeneration = 0} = status ?? {}
  return observedGeneration >= generation ? refusedRevision(status) : undefined
}

function notCreated(
  condition: Condition,
  {namespace = '', name}: {namespace: string | undefined; name: string},
): KntoolError {
  const {reason, message} = condition
  return new KntoolError('KN_NOT_READY', `${reason}: ${message}`, {
    hint: [
      ...adviseCondition(condition, {namespace, name}),
      `kntool service describe ${name} -n ${namespace}`,
    ],
    details: {namespace, name, condition},
  })
}

function createdOf({status}: Service, generation: number, before: Service): string | undefined {
  const {observedGeneration = 0, latestCreatedRevisionName} = status ?? {}
  const isNew = latestCreatedRevisionName !== before.status?.latestCreatedRevisionName
  return observedGeneration >= generation && isNew ? latestCreatedRevisionName : undefined
}
