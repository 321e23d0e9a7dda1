import type {KubeObject} from '../../api/meta/object.ts'
import {badRequest} from './errors.ts'
import {isJsonObject, objectAt, stringAt, type JsonObject} from './json-value.ts'
import type {ServedResource, RequestContext} from './request-context.ts'
import type {WriteOptions} from './write-options.ts'
import type {ReadDocument} from './body.ts'

/** As many as Go's decoder tells of. */
const MAX_PROBLEMS = 100

/**
 * The object a client sent for a resource: a private, cleaned copy with the right apiVersion and
 * kind. Unknown and doubled fields are warned about, refused or ignored as the options say.
 */
export function decodeObject(
  context: Pick<RequestContext, 'resource' | 'warnings' | 'server'>,
  document: ReadDocument,
  options: Pick<WriteOptions, 'fieldValidation'>,
): JsonObject {
  const {resource, warnings} = context
  checkKind(context, document.value)
  checkExtent(document.value)
  const problems = document.duplicates.map((path) => `duplicate field "${path}"`)
  const object = resource.schema.decode(document.value, (path) => {
    if (problems.length < MAX_PROBLEMS) problems.push(`unknown field "${path}"`)
  })
  object['apiVersion'] = resource.apiVersion
  object['kind'] = resource.type.kind
  if (object['metadata'] === undefined) object['metadata'] = {}
  if (problems.length > 0 && options.fieldValidation === 'Strict') {
    const {kind, version} = resource.type
    throw badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: strict decoding error: ${problems.join(', ')}`,
    )
  }
  if (options.fieldValidation === 'Warn') warnings.push(...problems)
  return object
}

/** As in the text of a body; patches may add up, and come to more than any of them. */
const MAX_DEPTH = 1000
const MAX_VALUES = 25_000

/**
 * Refuses what is deeper or larger than the steps to come can take. Who manages its fields does not
 * count: the server wrote that, and it has as many entries again for each manager.
 */
function checkExtent(object: JsonObject): void {
  const {metadata, ...rest} = object
  const {managedFields: _, ...meta} = isJsonObject(metadata) ? metadata : {}
  let level: unknown[] = [{...rest, metadata: meta}]
  let values = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badRequest('the object exceeds the max depth of 1000')
    const next: unknown[] = []
    for (const value of level) {
      const items: unknown[] = Array.isArray(value) ? value : Object.values(value as object)
      values += items.length
      for (const item of items) if (typeof item === 'object' && item !== null) next.push(item)
    }
    if (values > MAX_VALUES) {
      throw badRequest(`the object exceeds the max number of values: ${MAX_VALUES}`)
    }
    level = next
  }
}

function checkKind(
  {resource, server}: Pick<RequestContext, 'resource' | 'server'>,
  value: JsonObject,
): void {
  const apiVersion = stringAt(value, 'apiVersion')
  const kind = stringAt(value, 'kind')
  if (resource.isCustom) {
    // Upstream takes any kind here and stores the right one.
    if (apiVersion !== '' && apiVersion !== resource.apiVersion) {
      throw badRequest(
        `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`,
      )
    }
    return
  }
  const isSameVersion = apiVersion === '' || apiVersion === resource.apiVersion
  const isSameKind = kind === '' || kind === resource.type.kind
  if (isSameVersion && isSameKind) return
  throw badRequest(wrongKind(resource, apiVersion || resource.apiVersion, kind, server))
}

function wrongKind(
  resource: ServedResource,
  apiVersion: string,
  kind: string,
  server: RequestContext['server'],
): string {
  const sent = kind === '' ? resource.type.kind : kind
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  const start = `${sent} in version ${JSON.stringify(version)} cannot be handled as a ${resource.type.kind}`
  if (server.registry.findKind(group, version, sent) === undefined) {
    return `${start}: no kind ${JSON.stringify(sent)} is registered for version ${JSON.stringify(apiVersion)}`
  }
  const internal = resource.type.group === '' ? 'core' : (resource.type.group.split('.')[0] ?? '')
  return `${start}: converting (${version}.${sent}) to (${internal}.${resource.type.kind}): unknown conversion`
}

/** The decoded object as the rest of the program knows it. */
export function asKubeObject(object: JsonObject): KubeObject {
  return object as unknown as KubeObject
}

/** Refuses an object whose namespace is not that of the URL, and fills it in where it is missing. */
export function settleNamespace(
  resource: ServedResource,
  object: JsonObject,
  namespace: string | undefined,
): void {
  const meta = objectAt(object, 'metadata')
  if (!resource.type.namespaced) {
    delete meta['namespace']
    return
  }
  const own = stringAt(meta, 'namespace')
  if (own !== '' && namespace !== undefined && own !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  }
  if (own === '' && namespace !== undefined) meta['namespace'] = namespace
}
