import {randomInt, randomUUID} from 'node:crypto'
import type {AdmissionRequest} from '../../../api/admission.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {alreadyExists, failure} from '../../../api/meta/status-error.ts'
import {PreconditionError, type Stored} from '../../storage/storage.ts'
import * as admission from '../admission/chain.ts'
import {asKubeObject, decodeObject, settleNamespace} from '../decode-object.ts'
import {checkNotTerminating} from '../registry/terminating.ts'
import {plainError} from '../errors.ts'
import {objectAt, stringAt, type JsonObject} from '../json-value.ts'
import {trackUpdate, type Ownership} from '../managed-fields.ts'
import {readDocument} from '../read-body.ts'
import {storageKey} from '../registry/storage-key.ts'
import type {StrategyContext} from '../registry/strategy.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {invalid} from '../validation/field-error.ts'
import {validateMeta} from '../validation/object-meta.ts'
import {readWriteOptions, type WriteOptions} from '../write-options.ts'
import {served} from './get.ts'

/** Creates an object: decode, default, admit, prepare, validate, store. */
export async function create(context: RequestContext): Promise<HandlerResult> {
  checkNotTerminating(context.resource)
  const options = readWriteOptions(context, 'CreateOptions')
  const document = readDocument(context.body, context.resource.type.kind)
  const object = decodeObject(context, document, options)
  // Upstream cannot follow the fields of an object that says it is of another kind.
  const kind = stringAt(document.value, 'kind')
  const ownership = kind === '' || kind === context.resource.type.kind ? 'update' : 'set'
  const created = await createObject(context, object, options, ownership)
  return {kind: 'object', status: 201, object: created}
}

/** Creates a decoded object, which becomes the server's; answers it as this version shows it. */
export async function createObject(
  context: RequestContext,
  object: JsonObject,
  options: WriteOptions,
  ownership: Ownership = 'update',
): Promise<KubeObject> {
  const {resource, server, info} = context
  const {strategy, schema} = resource
  settleNamespace(resource, object, info.namespace)
  if (stringAt(objectAt(object, 'metadata'), 'resourceVersion') !== '') {
    throw plainError('resourceVersion should not be set on objects to be created')
  }
  const meta = settleServerFields(context, object)
  schema.applyDefaults(object)
  strategy.applyDefaults(object)
  // Before admission: what that adds belongs to nobody.
  if (ownership === 'update') trackUpdate(context, undefined, object, options)

  const request = admissionRequest(context, asKubeObject(object), options)
  if (await admission.mutate(server.admission, request, context.warnings)) {
    schema.applyDefaults(object)
    strategy.applyDefaults(object)
  }

  const strategyContext: StrategyContext = {...server, dryRun: options.dryRun}
  if (strategy.hasStatus && !strategy.createsWithStatus) dropStatus(resource, object)
  if (strategy.hasGeneration) meta['generation'] = 1
  strategy.prepareForCreate(object, strategyContext)
  const errors = [
    ...validateMeta(object, resource),
    ...schema.validate(object),
    ...strategy.validate(object, strategyContext),
    ...strategy.validateCreate(object),
  ]
  if (errors.length > 0) throw invalid(invalidObjectOf(context, object), errors)
  await admission.validate(server.admission, request, context.warnings)
  context.warnings.push(...strategy.warnings(object))
  allocate(context, object, undefined, options)
  return served(resource, storeNew(context, asKubeObject(object), options.dryRun))
}

/** What a client says about the state of what is not there yet does not count. */
function dropStatus({schema, isCustom}: RequestContext['resource'], object: JsonObject): void {
  delete object['status']
  if (isCustom) return
  const {status} = schema.decode({status: {}}, () => undefined)
  if (status !== undefined) object['status'] = status
}

/** Lets the kind give a valid object what only the server can give; throws 422 where it cannot. */
export function allocate(
  {resource, info}: RequestContext,
  object: JsonObject,
  old: KubeObject | undefined,
  {dryRun}: Pick<WriteOptions, 'dryRun'>,
): void {
  const errors = resource.hooks.allocate?.(object, old, {dryRun}) ?? []
  if (errors.length > 0) throw invalid(invalidObjectOf({resource, info}, object), errors)
}

/** What a refused object is called in the error. */
export function invalidObjectOf(
  {resource, info}: Pick<RequestContext, 'resource' | 'info'>,
  object: JsonObject,
): {group: string; kind: string; name: string} {
  const {group, kind} = resource.type
  return {group, kind, name: info.name ?? stringAt(objectAt(object, 'metadata'), 'name')}
}

function settleServerFields(context: RequestContext, object: JsonObject): JsonObject {
  const meta = objectAt(object, 'metadata')
  for (const field of ['selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds']) {
    delete meta[field]
  }
  const generateName = stringAt(meta, 'generateName')
  if (stringAt(meta, 'name') === '') {
    if (generateName !== '') meta['name'] = generateName.slice(0, 58) + randomSuffix()
    else delete meta['name']
  }
  meta['uid'] = randomUUID()
  meta['creationTimestamp'] = context.now
  object['metadata'] = meta
  return meta
}

/** Letters and digits that can be read aloud and make no words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** The five random characters after a generateName. */
export function randomSuffix(length = 5): string {
  let suffix = ''
  for (let index = 0; index < length; index++) suffix += ALPHABET[randomInt(ALPHABET.length)]
  return suffix
}

function admissionRequest(
  {resource, info, user}: RequestContext,
  object: KubeObject,
  {dryRun}: WriteOptions,
): AdmissionRequest {
  return {
    operation: 'CREATE',
    type: resource.type,
    ...(resource.type.namespaced && info.namespace !== undefined && {namespace: info.namespace}),
    name: object.metadata.name ?? '',
    object,
    user,
    dryRun,
  }
}

function storeNew(context: RequestContext, object: KubeObject, dryRun: boolean): KubeObject {
  const {server, resource} = context
  const {namespace, name} = object.metadata
  const key = storageKey(resource, namespace, name)
  const existing = server.storage.get(key)
  if (existing !== undefined) throw exists(context, existing)
  if (dryRun) return object
  try {
    const stored = server.storage.create(
      key,
      resource.conversion === undefined ? object : resource.conversion.toStorage(object),
    )
    resource.hooks.afterWrite?.(stored.object)
    return stored.object
  } catch (error) {
    if (error instanceof PreconditionError && error.current !== undefined) {
      throw exists(context, error.current)
    }
    throw error
  }
}

function exists({resource}: RequestContext, {object}: Stored): Error {
  const plain = alreadyExists(resource.type, object.metadata.name)
  if (object.metadata.deletionTimestamp === undefined) return plain
  const {code = 409, reason = 'AlreadyExists', message = '', details} = plain.status
  return failure(code, reason, `object is being deleted: ${message}`, details)
}
