import type {KubeObject} from '../../../api/meta/object.ts'
import {notFound} from '../../../api/meta/status-error.ts'
import type {Stored} from '../../storage/storage.ts'
import {badRequest} from '../errors.ts'
import {storageKey} from '../registry/storage-key.ts'
import type {ServedResource, HandlerResult, RequestContext} from '../request-context.ts'
import {pathSegment} from '../validation/names.ts'
import {readKnownRevision} from './resource-version.ts'

/** Answers one object. */
export function get(context: RequestContext): HandlerResult {
  readKnownRevision(context.query.get('resourceVersion') ?? '', context.server)
  const stored = readStored(context)
  return {kind: 'object', status: 200, object: served(context.resource, stored.object)}
}

/** The stored object a request names; throws 404, or 400 for a name that cannot be one. */
export function readStored({server, resource, info}: RequestContext): Stored {
  const name = info.name ?? ''
  const [problem] = pathSegment(name)
  if (problem !== undefined) {
    throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${problem}`)
  }
  const stored = server.storage.get(storageKey(resource, info.namespace, name))
  if (stored === undefined) throw notFound(resource.type, name)
  return stored
}

/** A stored object as this version of its kind shows it. */
export function served(resource: ServedResource, object: KubeObject): KubeObject {
  return resource.conversion === undefined ? object : resource.conversion.fromStorage(object)
}
