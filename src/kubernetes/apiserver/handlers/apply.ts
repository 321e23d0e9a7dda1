import type {KubeObject} from '../../../api/meta/object.ts'
import {conflict} from '../../../api/meta/status-error.ts'
import {applyConfiguration, checkConfigurationType} from '../../patch/server-side-apply.ts'
import type {Body, ReadDocument} from '../body.ts'
import {asKubeObject, decodeObject, settleNamespace} from '../decode-object.ts'
import {badRequest} from '../errors.ts'
import {
  asJson,
  cloneJson,
  ensureObject,
  objectAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {mergeTypeFor, untouchedFields} from '../managed-fields.ts'
import {readDocument} from '../read-body.ts'
import {storageKey} from '../registry/storage-key.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readWriteOptions, type WriteOptions} from '../write-options.ts'
import {createObject} from './create.ts'
import {updateObject} from './update-object.ts'
import {partOf} from './update.ts'

/** Server-side apply: creates the object, or changes the fields that the configuration names. */
export async function apply(context: RequestContext): Promise<HandlerResult> {
  const {server, resource, info} = context
  const options = readWriteOptions(context, 'PatchOptions', true)
  const document = readDocument(asYaml(context.body), resource.type.kind)
  const applied = readConfiguration(context, document, options)
  const exists = server.storage.get(storageKey(resource, info.namespace, info.name ?? ''))
  if (exists === undefined && info.subresource === undefined) {
    refuseIdentity(context, applied)
    const object = merged(context, undefined, applied, options)
    settleNamespace(resource, object, info.namespace)
    const created = await createObject(context, object, options, 'set')
    return {kind: 'object', status: 201, object: created}
  }
  const object = await updateObject(
    context,
    {
      apply: (current) => merged(context, current, applied, options),
      part: partOf(context),
      isReplacement: false,
      ownership: 'set',
    },
    options,
  )
  return {kind: 'object', status: 200, object}
}

/** What does not exist has no uid that a client could know. */
function refuseIdentity({resource, info}: RequestContext, applied: JsonObject): void {
  const uid = stringAt(objectAt(applied, 'metadata'), 'uid')
  if (uid === '') return
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
  throw conflict(resource.type, info.name ?? '', why)
}

/** The configuration in the document of the request. */
function readConfiguration(
  context: RequestContext,
  document: ReadDocument,
  options: WriteOptions,
): JsonObject {
  const {resource, info} = context
  checkConfigurationType(document.value, {
    apiVersion: resource.apiVersion,
    kind: resource.type.kind,
  })
  // Only to complain about unknown fields: the configuration must stay as sparse as it was sent.
  decodeObject(context, document, options)
  const applied = cloneJson(document.value)
  const meta = ensureObject(applied, 'metadata')
  const name = stringAt(meta, 'name')
  if (name === '') meta['name'] = info.name
  else if (name !== info.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${info.name})`,
    )
  }
  settleNamespace(resource, applied, info.namespace)
  return applied
}

/** A configuration is YAML, of which JSON is a part. */
function asYaml(body: Body): Body {
  return body.kind === 'bytes' ? {...body, type: 'application/yaml'} : body
}

function merged(
  context: RequestContext,
  live: KubeObject | undefined,
  applied: JsonObject,
  options: WriteOptions,
): JsonObject {
  const {resource, info} = context
  const object = applyConfiguration({
    live,
    applied: asKubeObject(applied),
    manager: options.fieldManager,
    force: options.force,
    time: context.now,
    apiVersion: resource.apiVersion,
    kind: resource.type.kind,
    type: mergeTypeFor(resource),
    subresource: info.subresource,
    ignored: untouchedFields(context),
  })
  const decoded = decodeObject({...context, warnings: []}, silent(asJson(object)), {
    fieldValidation: 'Ignore',
  })
  if (live === undefined) {
    const meta = objectAt(decoded, 'metadata')
    if (stringAt(meta, 'resourceVersion') === '') delete meta['resourceVersion']
  }
  return decoded
}

function silent(value: JsonObject): ReadDocument {
  return {value, duplicates: []}
}
