import {decodeObject} from '../decode-object.ts'
import {methodNotAllowed} from '../errors.ts'
import type {ReadDocument} from '../body.ts'
import {cloneJson, ensureObject, isJsonObject} from '../json-value.ts'
import {readDocument} from '../read-body.ts'
import {storageKey} from '../registry/storage-key.ts'
import type {HandlerResult, RequestContext, WrittenPart} from '../request-context.ts'
import {readWriteOptions} from '../write-options.ts'
import {createObject} from './create.ts'
import {checkName, updateObject, type Change} from './update-object.ts'

/** Replaces an object, or the part of it that the subresource names. */
export async function update(context: RequestContext): Promise<HandlerResult> {
  const options = readWriteOptions(context, 'UpdateOptions')
  const document = neededPart(context, readDocument(context.body, context.resource.type.kind))
  const wanted = decodeObject(context, document, options)
  // Before looking for the object: the answer says what is wrong with the request first.
  checkName(context, wanted)
  const part = partOf(context)
  if (part === 'main' && context.resource.strategy.createsOnUpdate && !isThere(context)) {
    const meta = ensureObject(wanted, 'metadata')
    meta['name'] = context.info.name
    delete meta['resourceVersion']
    return {kind: 'object', status: 201, object: await createObject(context, wanted, options)}
  }
  const change: Change = {apply: () => cloneJson(wanted), part, isReplacement: true}
  const object = await updateObject(context, change, options)
  return {kind: 'object', status: 200, object}
}

function isThere({server, resource, info}: RequestContext): boolean {
  return server.storage.get(storageKey(resource, info.namespace, info.name ?? '')) !== undefined
}

/** The part of an object that a request writes. Throws 405 for a subresource that is not written. */
export function partOf({info, resource}: Pick<RequestContext, 'info' | 'resource'>): WrittenPart {
  if (info.subresource === undefined) return 'main'
  const part = resource.subresources.get(info.subresource)?.writes
  if (part === undefined) throw methodNotAllowed()
  return part
}

/**
 * What of a document from inside the process a status write looks at: reading the rest, which is
 * thrown away afterwards, would cost more than the write.
 */
function neededPart({body, info, resource}: RequestContext, document: ReadDocument): ReadDocument {
  if (body.kind !== 'document' || info.subresource !== 'status') return document
  const {apiVersion, kind, metadata, status} = document.value
  if (resource.strategy.metadataKeptByStatus !== undefined) {
    return {value: {apiVersion, kind, metadata, status}, duplicates: []}
  }
  const {name, namespace, uid, resourceVersion, managedFields} = isJsonObject(metadata)
    ? metadata
    : {}
  return {
    value: {
      apiVersion,
      kind,
      metadata: {name, namespace, uid, resourceVersion, managedFields},
      status,
    },
    duplicates: [],
  }
}
