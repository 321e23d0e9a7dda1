import type {AdmissionRequest} from '../../../api/admission.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {conflict} from '../../../api/meta/status-error.ts'
import {PreconditionError, type Stored} from '../../storage/storage.ts'
import * as admission from '../admission/chain.ts'
import {asKubeObject, settleNamespace} from '../decode-object.ts'
import {badRequest} from '../errors.ts'
import {
  asJson,
  cloneJson,
  isJsonObject,
  jsonEqual,
  objectAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {trackUpdate, type Ownership} from '../managed-fields.ts'
import {desiredStateChanged} from '../registry/base-strategy.ts'
import type {ServedResource, RequestContext, WrittenPart} from '../request-context.ts'
import type {Strategy, StrategyContext} from '../registry/strategy.ts'
import {invalid, invalidValue, type FieldError} from '../validation/field-error.ts'
import {validateMetaUpdate} from '../validation/object-meta.ts'
import type {WriteOptions} from '../write-options.ts'
import {allocate, invalidObjectOf} from './create.ts'
import {readStored, served} from './get.ts'

/** How a write changes an object that is there. */
export interface Change {
  /** The wanted object, decoded and private; called again when somebody else was faster. */
  apply(current: KubeObject): JsonObject
  /** Which part may change: everything but the status, or one of the parts with a path of its own. */
  readonly part: WrittenPart
  /** Whether it is no change of the desired state, whatever it changes: where a pod runs. */
  readonly keepsGeneration?: boolean
  /** A full replacement has stricter rules for uid and resourceVersion than a patch. */
  readonly isReplacement: boolean
  /** Whose the changed fields are; with `set`, `apply` has written the managed fields already. */
  readonly ownership?: Ownership
}

const MAX_ATTEMPTS = 6

/** What `Conflict` says when somebody else was faster. */
const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again'

/**
 * Changes a stored object and answers it as this version shows it. A change that names no
 * resourceVersion is tried again when somebody else writes in between; one that changes nothing
 * writes nothing.
 */
export async function updateObject(
  context: RequestContext,
  change: Change,
  options: WriteOptions,
): Promise<KubeObject> {
  for (let attempt = 1; ; attempt++) {
    const stored = readStored(context)
    const current = served(context.resource, stored.object)
    const object = change.apply(current)
    const isConditional = checkIdentity(context, object, current, change)
    try {
      return await writeChange(context, {stored, current, object, change, options})
    } catch (error) {
      if (!(error instanceof PreconditionError)) throw error
      if (isConditional || attempt >= MAX_ATTEMPTS) {
        throw conflict(context.resource.type, current.metadata.name, MODIFIED)
      }
    }
  }
}

interface Attempt {
  readonly stored: Stored
  readonly current: KubeObject
  readonly object: JsonObject
  readonly change: Change
  readonly options: WriteOptions
}

/** Refuses an object of another name than the URL's; a replacement may leave it out. */
export function checkName({info}: Pick<RequestContext, 'info'>, object: JsonObject): void {
  const name = stringAt(objectAt(object, 'metadata'), 'name')
  if (name !== '' && name !== info.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${info.name})`,
    )
  }
}

/** Refuses another identity than the stored one; answers whether the client named a version. */
function checkIdentity(
  {resource, info}: RequestContext,
  object: JsonObject,
  current: KubeObject,
  {isReplacement}: Change,
): boolean {
  settleNamespace(resource, object, info.namespace)
  const meta = objectAt(object, 'metadata')
  if (stringAt(meta, 'name') === '' && isReplacement) meta['name'] = info.name
  checkName({info}, object)
  const uid = stringAt(meta, 'uid')
  if (uid === '') meta['uid'] = current.metadata.uid
  else if (isReplacement && uid !== current.metadata.uid) {
    throw conflict(resource.type, current.metadata.name, otherUid(resource, current, uid))
  }
  const version = stringAt(meta, 'resourceVersion')
  if (version === '' || version === '0') {
    if (isReplacement && !resource.strategy.allowsUnconditionalUpdate) {
      throw mustHaveVersion(resource.type, current.metadata.name)
    }
    return false
  }
  if (version !== current.metadata.resourceVersion) {
    throw conflict(resource.type, current.metadata.name, MODIFIED)
  }
  return isReplacement
}

/** Upstream's words, which show how it stores things. */
function otherUid({type}: ServedResource, {metadata}: KubeObject, uid: string): string {
  const {namespace, name} = metadata
  const path = [type.group, type.plural, namespace, name].filter((part) => part).join('/')
  return `StorageError: invalid object, Code: 4, Key: /registry/${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`
}

function mustHaveVersion(type: RequestContext['resource']['type'], name: string): Error {
  return invalid({group: type.group, kind: type.plural, name}, [
    invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
  ])
}

async function writeChange(context: RequestContext, attempt: Attempt): Promise<KubeObject> {
  const {resource, server} = context
  const {current, object, change, options} = attempt
  const {strategy, schema} = resource
  const strategyContext: StrategyContext = {...server, dryRun: options.dryRun}
  settleMeta(object, current)
  schema.applyDefaults(object)
  strategy.applyDefaults(object)
  // From here on, parts that this path cannot change are the stored, frozen ones.
  confineToPart(context, attempt)
  // Before admission: what that adds belongs to nobody.
  if (change.ownership !== 'set') trackUpdate(context, current, object, options)

  const request = admissionRequest(context, attempt)
  if (change.part === 'status' && admission.isMutated(server.admission, request)) thaw(object)
  if (await admission.mutate(server.admission, request, context.warnings)) {
    schema.applyDefaults(object)
    strategy.applyDefaults(object)
  }
  if (change.part === 'main') strategy.prepareForUpdate(object, current, strategyContext)
  settleGeneration(context, attempt)
  const errors = validate(context, attempt, strategyContext)
  if (errors.length > 0) throw invalid(invalidObjectOf(context, object), errors)
  await admission.validate(server.admission, request, context.warnings)
  allocate(context, object, current, options)
  return store(context, attempt)
}

function validate(
  context: RequestContext,
  {object, current, change}: Attempt,
  strategyContext: StrategyContext,
): FieldError[] {
  const {strategy, schema} = context.resource
  if (change.part === 'status') {
    return [...schema.validate(object, current), ...strategy.validateStatusUpdate(object, current)]
  }
  return [
    ...validateMetaUpdate(object, current),
    ...schema.validate(object, current),
    ...strategy.validate(object, strategyContext),
    // The server's own changes (a binding) are none that a user may not make.
    ...(change.part === 'all' ? [] : strategy.validateUpdate(object, current, strategyContext)),
  ]
}

/** Fields of the metadata that only the server writes come from the stored object. */
function settleMeta(object: JsonObject, current: KubeObject): void {
  const meta = objectAt(object, 'metadata')
  const before = asJson(current.metadata)
  for (const field of [
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'resourceVersion',
  ]) {
    if (before[field] === undefined) delete meta[field]
    else meta[field] = before[field]
  }
  delete meta['selfLink']
}

/**
 * Puts back what this path may not change.
 *
 * | part     | changes                                  |
 * | -------- | ---------------------------------------- |
 * | main     | everything but a status of its own       |
 * | status   | the status, and who manages its fields   |
 * | finalize | the metadata and the spec                |
 * | all      | everything                               |
 */
function confineToPart({resource}: RequestContext, {object, current, change}: Attempt): void {
  const before = asJson(current)
  switch (change.part) {
    case 'all':
      return
    case 'main':
      if (resource.strategy.hasStatus && !resource.strategy.keepsOwnStatus) {
        share(object, before, 'status')
      }
      return
    case 'finalize':
      share(object, before, 'status')
      return
    case 'status':
      for (const name of new Set([...Object.keys(object), ...Object.keys(before)])) {
        if (name === 'metadata') keepMeta(object, current, resource.strategy)
        else if (name !== 'status') share(object, before, name)
      }
  }
}

function share(object: JsonObject, before: JsonObject, name: string): void {
  if (before[name] === undefined) delete object[name]
  else object[name] = before[name]
}

/** Makes a private copy of everything, for plugins that may change what they get. */
function thaw(object: JsonObject): void {
  for (const [name, value] of Object.entries(object)) object[name] = cloneJson(value)
}

/** Puts back what a write of the status may not change of the metadata. */
function keepMeta(object: JsonObject, current: KubeObject, {metadataKeptByStatus}: Strategy): void {
  const meta = objectAt(object, 'metadata')
  if (metadataKeptByStatus === undefined) {
    const managed = meta['managedFields']
    const {managedFields: _, ...kept} = current.metadata
    object['metadata'] = {...kept, ...(managed !== undefined && {managedFields: managed})}
  } else {
    for (const name of metadataKeptByStatus) share(meta, asJson(current.metadata), name)
  }
}

function settleGeneration({resource}: RequestContext, {object, current, change}: Attempt): void {
  const isKept = change.part === 'status' || change.keepsGeneration === true
  if (!resource.strategy.hasGeneration || isKept) return
  if (!desiredStateChanged(object, current)) return
  objectAt(object, 'metadata')['generation'] = (current.metadata.generation ?? 0) + 1
}

function admissionRequest(context: RequestContext, attempt: Attempt): AdmissionRequest {
  const {resource, info, user} = context
  const object = asKubeObject(attempt.object)
  return {
    operation: 'UPDATE',
    type: resource.type,
    ...(info.subresource !== undefined && {subresource: info.subresource}),
    ...(info.namespace !== undefined && {namespace: info.namespace}),
    name: object.metadata.name,
    object,
    oldObject: attempt.current,
    user,
    dryRun: attempt.options.dryRun,
  }
}

function store(context: RequestContext, attempt: Attempt): KubeObject {
  const {server, resource} = context
  const {stored, current, object, options} = attempt
  const wanted = asKubeObject(object)
  if (isSame(object, current)) return current
  if (options.dryRun) return wanted
  const next = resource.conversion === undefined ? wanted : resource.conversion.toStorage(wanted)
  if (isReadyToGo(wanted, resource.strategy)) {
    const updated = server.storage.update(stored.key, next, stored.storeRevision)
    const gone = server.storage.delete(stored.key, updated.storeRevision)
    resource.hooks.afterDelete?.(gone.object)
    return served(resource, updated.object)
  }
  const updated = server.storage.update(stored.key, next, stored.storeRevision)
  resource.hooks.afterWrite?.(updated.object)
  return served(resource, updated.object)
}

/**
 * Whether nothing changed but perhaps the time of managed fields: a value in another form (`1000m`
 * for `1`) seems to change something until it is stored.
 */
function isSame(object: JsonObject, current: KubeObject): boolean {
  // The metadata last: most writes change something else, and that is then all that is looked at.
  const {metadata: _, ...parts} = object
  const {metadata, ...storedParts} = current
  if (!jsonEqual(parts, storedParts)) return false
  const {managedFields: own, ...meta} = objectAt(object, 'metadata')
  const {managedFields: stored, ...storedMeta} = metadata
  return jsonEqual(meta, storedMeta) && jsonEqual(withoutTimes(own), withoutTimes(stored))
}

function withoutTimes(managedFields: unknown): unknown {
  if (!Array.isArray(managedFields)) return managedFields
  return managedFields.filter(isJsonObject).map((entry) => ({...entry, time: undefined}))
}

/** Whether the last finalizer of an object being deleted just went. */
function isReadyToGo(object: KubeObject, {isHeld}: Strategy): boolean {
  const {deletionTimestamp, deletionGracePeriodSeconds, finalizers} = object.metadata
  if (deletionTimestamp === undefined) return false
  if ((deletionGracePeriodSeconds ?? 0) > 0 || (finalizers?.length ?? 0) > 0) return false
  return !isHeld(object)
}
