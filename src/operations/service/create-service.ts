import {CREATOR_ANNOTATION, LAST_MODIFIER_ANNOTATION} from '../../api/serving/metadata-keys.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import {isAlreadyExists} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {retryOnConflict} from '../retry-on-conflict.ts'
import {computeTraffic} from '../traffic/compute-traffic.ts'
import {applyEdits} from './edit/apply-edits.ts'
import type {ServiceEdits} from './edit/service-edits.ts'
import {checkFeatures} from './feature-gates.ts'
import {newService, serviceFromDocument} from './new-service.ts'
import {checkServiceName} from './service-name.ts'
import {explainTakenName} from './taken-revision-name.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from './service-outcome.ts'

/** The Service to create. */
export interface CreateRequest {
  readonly namespace: string
  /** May be left to the document. */
  readonly name?: string | undefined
  /** A Service to begin with, as it was read from a file. */
  readonly document?: unknown
  readonly edits: ServiceEdits
  /** `@latest=tag` or `tag`. */
  readonly tags?: readonly string[]
  /** Replaces a Service of that name: what is not given returns to its default. */
  readonly force?: boolean
}

/** Creates a Service. Throws `KN_CONFLICT` when it exists and is not to be replaced. */
export async function createService(
  connection: {client: Client; clock: Clock},
  request: CreateRequest,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  const {client, clock} = connection
  const service = makeService(request, 'create', clock.now())
  await checkFeatures(client, service.spec.template.spec)
  if (request.force) {
    const replaced = await replaceService(connection, service)
    if (replaced !== undefined) return finish(connection, replaced, options)
  }
  try {
    const created = await client.create(SERVICES, service)
    return await finish(connection, {verb: 'created', service: created, changed: true}, options)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const {name, namespace} = service.metadata
    throw new KntoolError(
      'KN_CONFLICT',
      `cannot create service '${name}' in namespace '${namespace}' because the service already ` +
        'exists and no --force option was given',
      {
        hint: [`kntool service update ${name}`, 'Replace it: add --force'],
        details: {namespace, name},
        cause: error,
      },
    )
  }
}

/** The Service that a request describes. Throws `KN_USAGE`. */
export function makeService(
  request: CreateRequest,
  purpose: 'create' | 'apply',
  nowMs: number,
): Service {
  const {namespace, name, document, edits, tags = []} = request
  const base =
    document === undefined
      ? newService({namespace, name: name ?? ''})
      : serviceFromDocument(document, {namespace, name})
  checkServiceName(base.metadata.name)
  const service = applyEdits(base, edits, {nowMs, purpose, newTemplate: document !== undefined})
  if (tags.length === 0) return service
  const traffic = computeTraffic(service, {traffic: ['@latest=100'], tags, untags: []})
  return {...service, spec: {...service.spec, traffic}}
}

async function replaceService(
  {client, clock}: {client: Client; clock: Clock},
  service: Service,
): Promise<{verb: 'replaced'; service: Service; changed: boolean} | undefined> {
  const {name, namespace} = service.metadata
  return retryOnConflict(clock, async () => {
    const existing = await client.find(SERVICES, {namespace, name})
    if (existing === undefined) return undefined
    // These two say who made it; the server refuses to see them change.
    const kept = [CREATOR_ANNOTATION, LAST_MODIFIER_ANNOTATION].flatMap((key) => {
      const value = existing.metadata.annotations?.[key]
      return value === undefined ? [] : [[key, value]]
    })
    const {resourceVersion} = existing.metadata
    const metadata = {
      ...service.metadata,
      annotations: {...service.metadata.annotations, ...Object.fromEntries(kept)},
      ...(resourceVersion !== undefined && {resourceVersion}),
    }
    const replacement = await client
      .update(SERVICES, {...service, metadata})
      .catch((error: unknown) => {
        const revision = service.spec.template.metadata?.name
        throw explainTakenName(error, {namespace, name, revision})
      })
    const changed = replacement.metadata.generation !== existing.metadata.generation
    return {verb: 'replaced', service: replacement, changed}
  })
}
