/** Creates a Service with its revisions from what `service export --mode export` printed. */
import {controllerReference} from '../../api/meta/owner.ts'
import {
  type Configuration,
  CONFIGURATIONS,
  type Revision,
  REVISIONS,
  type Service,
  SERVICES,
} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {isJsonObject, jsonEqual} from '../../util/json.ts'
import {generationOf} from '../revision/list-revisions.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from './service-outcome.ts'

/** A Service and its older revisions, as kn's kind Export has them. */
interface ServiceExport {
  readonly service: Service
  readonly revisions: readonly Revision[]
}

/** What to import. */
export interface ServiceImport {
  readonly namespace: string
  readonly content: ServiceExport
  /** Nothing is written, so that there is no Configuration that revisions could belong to. */
  readonly isPreview?: boolean
}

/** How often, and how long apart, the Configuration is looked for. */
const ATTEMPTS = 50
const INTERVAL_MS = 100

/** Reads an Export. Throws `KN_USAGE` for anything else. */
export function parseExport(document: unknown): ServiceExport {
  const spec = isJsonObject(document) ? document['spec'] : undefined
  const service = isJsonObject(spec) ? spec['service'] : undefined
  const revisions = isJsonObject(spec) ? (spec['revisions'] ?? []) : []
  if (!isNamed(service) || !Array.isArray(revisions) || !revisions.every(isNamed)) {
    throw new KntoolError(
      'KN_USAGE',
      "provided import file doesn't contain service name, please note that only kn's custom export format is supported",
      {hint: 'kntool service export NAME --with-revisions --mode export -o yaml'},
    )
  }
  return {service: service as unknown as Service, revisions: revisions as unknown as Revision[]}
}

function isNamed(object: unknown): boolean {
  if (!isJsonObject(object) || !isJsonObject(object['metadata'])) return false
  const {name} = object['metadata']
  return typeof name === 'string' && name !== '' && isJsonObject(object['spec'])
}

/**
 * Creates an exported Service, then its older revisions, which belong to its Configuration.
 *
 * Throws `KN_CONFLICT` when there is a Service of that name.
 */
export async function importService(
  connection: {client: Client; clock: Clock},
  {namespace, content, isPreview = false}: ServiceImport,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  const {client, clock} = connection
  const {name} = content.service.metadata
  if ((await client.find(SERVICES, {namespace, name})) !== undefined) {
    throw new KntoolError(
      'KN_CONFLICT',
      `cannot import service '${name}' in namespace '${namespace}' because the service already exists`,
      {details: {namespace, name}},
    )
  }
  const {service: wanted, revisions} = avoidCollision(content)
  const service = await client.create(SERVICES, placed(wanted, namespace))
  if (revisions.length > 0) {
    const key = {namespace, name}
    const owners = isPreview
      ? []
      : [controllerReference(await findConfiguration(client, clock, key), CONFIGURATIONS)]
    for (const revision of revisions) {
      const {metadata, ...rest} = placed(revision, namespace)
      await client.create(REVISIONS, {...rest, metadata: {...metadata, ownerReferences: owners}})
    }
  }
  return finish(connection, {verb: 'imported', service, changed: true}, options)
}

/**
 * An export whose revisions can be made beside the one that the Service makes of its template.
 *
 * A template without a name would get that of a first revision. Where an older one has it, the template
 * gets a name: that of the newest revision if it is the template's, which then is not made twice, else
 * the next number. Differs from upstream: kn creates the Service and then fails.
 */
export function avoidCollision({service, revisions}: ServiceExport): ServiceExport {
  const {name} = service.metadata
  const {template} = service.spec
  const first = revisionName(name, 1)
  if (template.metadata?.name || !revisions.some(({metadata}) => metadata.name === first)) {
    return {service, revisions}
  }
  const newest = revisions.reduce((left, right) => (ageRank(right) > ageRank(left) ? right : left))
  const isTemplates = jsonEqual(newest.spec, template.spec)
  const chosen = isTemplates ? newest.metadata.name : revisionName(name, ageRank(newest) + 1)
  const named = {...template, metadata: {...template.metadata, name: chosen}}
  return {
    service: {...service, spec: {...service.spec, template: named}},
    revisions: isTemplates ? revisions.filter((revision) => revision !== newest) : revisions,
  }
}

function ageRank(revision: Revision): number {
  return generationOf(revision) ?? 0
}

function revisionName(service: string, generation: number): string {
  return `${service}-${String(generation).padStart(5, '0')}`
}

function placed<T extends Service | Revision>(object: T, namespace: string): T {
  const {creationTimestamp: _, ...metadata} = object.metadata
  const {status: _status, ...rest} = object
  return {...rest, metadata: {...metadata, namespace}} as T
}

// The controller makes it once it has seen the Service.
async function findConfiguration(
  client: Client,
  clock: Clock,
  key: {namespace: string; name: string},
): Promise<Configuration> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const configuration = await client.find(CONFIGURATIONS, key)
    if (configuration !== undefined) return configuration
    await sleep(clock, INTERVAL_MS)
  }
  return client.get(CONFIGURATIONS, key)
}
