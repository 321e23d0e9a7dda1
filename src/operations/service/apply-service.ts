/**
 * Makes a Service be as described, whether it exists or not, and leaves alone what others set.
 *
 * A three-way merge of what was applied last, what is to be applied and what is there; compatible
 * with `kn service apply` and `kubectl apply`, which keep the last description in an annotation.
 */
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {retryOnConflict} from '../retry-on-conflict.ts'
import {type CreateRequest, makeService} from './create-service.ts'
import {checkFeatures} from './feature-gates.ts'
import {makeRevisionName} from './edit/revision-name.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from './service-outcome.ts'
import {isSameTemplate, refusedNameField, withoutRevisionName} from './named-template.ts'
import {explainTakenName} from './taken-revision-name.ts'
import {threeWayMergePatch} from './three-way-merge.ts'
import {LAST_APPLIED_ANNOTATION} from '../../api/meta/well-known.ts'

/** Applies a description. The outcome says `created` or `applied`, and whether anything changed. */
export async function applyService(
  connection: {client: Client; clock: Clock},
  request: Omit<CreateRequest, 'force' | 'tags'>,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  const {client, clock} = connection
  const wanted = makeService(request, 'apply', clock.now())
  const [container] = wanted.spec.template.spec.containers
  if (container?.image === undefined || container.image === '') {
    throw new KntoolError(
      'KN_USAGE',
      "'service apply' requires the image name to run provided with the --image option",
    )
  }
  await checkFeatures(client, wanted.spec.template.spec)
  const {revisionName} = request.edits
  const {name, namespace} = wanted.metadata
  const written = await retryOnConflict(clock, async () => {
    const current = await client.find(SERVICES, {namespace, name})
    if (current === undefined) {
      const service = await client.create(SERVICES, annotated(nameRevision(wanted, revisionName)))
      return {verb: 'created' as const, service, changed: true}
    }
    const last = current.metadata.annotations?.[LAST_APPLIED_ANNOTATION]
    if (last === undefined) {
      options.observer?.onWarning?.(
        "Warning: 'kntool service apply' should be used only for services created by 'kntool service apply'",
      )
    }
    const update = (named: Service): Promise<Service> =>
      mergeIn(client, current, threeWayMergePatch(parseLast(last), annotated(named), current))
    const service = await updateNamed(update, wanted, {current, pattern: revisionName}).catch(
      (error: unknown) => {
        const revision = wanted.spec.template.metadata?.name ?? revisionName
        const inFile = revisionName === undefined && request.document !== undefined
        throw explainTakenName(error, {namespace, name, revision, inFile})
      },
    )
    const changed = service.metadata.generation !== current.metadata.generation
    return {verb: 'applied' as const, service, changed}
  })
  return finish(connection, written, options)
}

/**
 * The description as it is kept in the annotation: without what the server fills in, fields in
 * alphabetical order, and of the first container an empty name, exactly as kn writes it.
 */
export function appliedForm(service: Service): JsonObject {
  const {apiVersion, kind, metadata, spec} = service
  const [first, ...others] = spec.template.spec.containers
  const {name, resources, ...container} = first ?? {}
  const {creationTimestamp: _1, ...ownMetadata} = metadata
  const {creationTimestamp: _2, ...templateMetadata} = spec.template.metadata ?? {}
  const hasResources = resources !== undefined && Object.keys(resources).length > 0
  return sorted({
    apiVersion,
    kind,
    metadata: ownMetadata,
    spec: {
      ...spec,
      template: {
        metadata: templateMetadata,
        spec: {
          ...spec.template.spec,
          containers: [
            {...container, ...(!name && {name: ''}), ...(hasResources && {resources})},
            ...others.map((other) => ({name: '', resources: {}, ...other})),
          ],
        },
      },
    },
  }) as JsonObject
}

/** Merges a patch into a Service, and leaves its template alone where only defaults would differ. */
async function mergeIn(client: Client, current: Service, body: JsonObject): Promise<Service> {
  const merge = (patch: JsonObject, options = {}): Promise<Service> =>
    client.patch(SERVICES, current.metadata, {type: 'merge', body: patch}, options)
  try {
    return await merge(body)
  } catch (error) {
    if (refusedNameField(error) === undefined) throw error
    const {template, ...spec} = body['spec'] as JsonObject & {template: JsonObject}
    const metadata = {...(template['metadata'] as JsonObject | undefined), name: null}
    const nameless = {...body, spec: {...spec, template: {...template, metadata}}}
    const defaulted = await merge(nameless, {dryRun: true})
    if (!isSameTemplate(defaulted.spec.template, current.spec.template)) throw error
    return merge({...body, spec})
  }
}

/**
 * Updates with the name that a pattern (see `makeRevisionName`) gives. What changes no revision keeps the
 * name there is, so that a pattern with a number makes one of a change only.
 */
async function updateNamed(
  update: (named: Service) => Promise<Service>,
  wanted: Service,
  {current, pattern}: {current: Service; pattern: string | undefined},
): Promise<Service> {
  const present = current.spec.template.metadata?.name
  if (present && pattern?.includes('{{')) {
    try {
      return await update(nameRevision(wanted, present))
    } catch (error) {
      if (refusedNameField(error) === undefined) throw error
    }
  }
  return update(nameRevision(wanted, pattern, current.metadata.generation))
}

/** The description with the name that a pattern gives to its revision; without one as it is. */
function nameRevision(wanted: Service, pattern: string | undefined, generation = 0): Service {
  if (pattern === undefined) return wanted
  const revision = makeRevisionName(pattern, {name: wanted.metadata.name, generation})
  const {spec} = withoutRevisionName(wanted)
  const metadata = {...spec.template.metadata, ...(revision !== '' && {name: revision})}
  return {...wanted, spec: {...spec, template: {...spec.template, metadata}}}
}

function annotated(service: Service): Service {
  const text = JSON.stringify(appliedForm(service))
  const annotations = {...service.metadata.annotations, [LAST_APPLIED_ANNOTATION]: text}
  return {...service, metadata: {...service.metadata, annotations}}
}

function parseLast(text: string | undefined): JsonObject {
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]))
}
