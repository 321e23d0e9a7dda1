import type {AdmissionRequest} from '../../../api/admission.ts'
import type {KubeObject, Status} from '../../../api/meta/object.ts'
import {failure, qualifiedResource} from '../../../api/meta/status-error.ts'
import {PreconditionError, type Stored} from '../../storage/storage.ts'
import * as admission from '../admission/chain.ts'
import {asJson, cloneJson} from '../json-value.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readDeleteOptions, type DeleteOptions} from './delete-options.ts'
import {readStored, served} from './get.ts'
import {timestamp} from '../timestamp.ts'

/** Deletes an object, or marks it so that others can finish before it goes. */
export async function deleteOne(context: RequestContext): Promise<HandlerResult> {
  const options = readDeleteOptions(context)
  const {object, isGone} = await deleteObject(context, options)
  if (!isGone || context.resource.strategy.returnsDeletedObject) {
    return {kind: 'object', status: 200, object}
  }
  return {kind: 'document', status: 200, value: deletedStatus(context, object)}
}

/** What a delete answers when nothing of the object is left. */
function deletedStatus({resource}: RequestContext, object: KubeObject): Status {
  const {group, plural} = resource.type
  const {name, uid} = object.metadata
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(group !== '' && {group}),
      kind: plural,
      ...(uid !== undefined && {uid}),
    },
  }
}

const MAX_ATTEMPTS = 6

/** Deletes the object the request names; answers its last state and whether it is gone. */
export async function deleteObject(
  context: RequestContext,
  options: DeleteOptions,
): Promise<{object: KubeObject; isGone: boolean}> {
  for (let attempt = 1; ; attempt++) {
    const stored = readStored(context)
    checkPreconditions(context, stored.object, options)
    const request = admissionRequest(context, stored.object, options)
    await admission.mutate(context.server.admission, request, context.warnings)
    await admission.validate(context.server.admission, request, context.warnings)
    try {
      return decide(context, stored, options)
    } catch (error) {
      if (!(error instanceof PreconditionError) || attempt >= MAX_ATTEMPTS) throw error
    }
  }
}

function checkPreconditions(
  {resource}: RequestContext,
  object: KubeObject,
  {preconditions}: DeleteOptions,
): void {
  const {uid, resourceVersion} = object.metadata
  const refuse = (why: string): Error => {
    const {group, kind} = resource.type
    const name = object.metadata.name
    const qualified = qualifiedResource({group, plural: kind})
    return failure(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualified} "${name}": ${why}`,
      {name, ...(group !== '' && {group}), kind},
    )
  }
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    throw refuse(
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    )
  }
  if (
    preconditions.resourceVersion !== undefined &&
    preconditions.resourceVersion !== resourceVersion
  ) {
    throw refuse(
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    )
  }
}

/**
 * Removes or marks an object.
 *
 * | grace seconds | finalizers left | deleted before | what happens                       |
 * | ------------- | --------------- | -------------- | ---------------------------------- |
 * | 0             | none            | any            | it goes                            |
 * | 0             | some            | any            | marked; goes with the last of them |
 * | n             | any             | no             | marked with n; its node ends it    |
 * | n             | any             | with m > n     | the grace gets shorter             |
 * | n             | any             | with m ≤ n     | nothing                            |
 */
function decide(
  context: RequestContext,
  stored: Stored,
  options: DeleteOptions,
): {object: KubeObject; isGone: boolean} {
  const {server, resource} = context
  const {object} = stored
  const grace = graceOf(context, object, options)
  const finalizers = finalizersFor(context, object, options)
  const isDeleted = object.metadata.deletionTimestamp !== undefined
  if (grace === 0 && finalizers.length === 0 && !resource.strategy.isHeld(object)) {
    if (options.dryRun) return {object: served(resource, object), isGone: true}
    const gone = server.storage.delete(stored.key, stored.storeRevision)
    resource.hooks.afterDelete?.(gone.object)
    return {object: served(resource, gone.object), isGone: true}
  }
  const before = object.metadata.deletionGracePeriodSeconds ?? 0
  const sameFinalizers =
    finalizers.length === (object.metadata.finalizers?.length ?? 0) &&
    finalizers.every((name) => object.metadata.finalizers?.includes(name))
  if (isDeleted && sameFinalizers && grace >= before) {
    return {object: served(resource, object), isGone: false}
  }
  const marked = mark(context, object, {grace, finalizers})
  if (options.dryRun) return {object: served(resource, marked), isGone: false}
  const updated = server.storage.update(stored.key, marked, stored.storeRevision)
  resource.hooks.afterWrite?.(updated.object)
  return {object: served(resource, updated.object), isGone: false}
}

function graceOf(
  {resource}: RequestContext,
  object: KubeObject,
  {gracePeriodSeconds}: DeleteOptions,
): number {
  const {gracePeriodSeconds: decideGrace} = resource.strategy
  if (decideGrace === undefined) return 0
  const wanted = decideGrace(object, gracePeriodSeconds)
  const {deletionTimestamp, deletionGracePeriodSeconds} = object.metadata
  // A second delete that asks for nothing keeps the grace of the first.
  return deletionTimestamp !== undefined && gracePeriodSeconds === undefined
    ? (deletionGracePeriodSeconds ?? wanted)
    : wanted
}

/** The finalizers the object keeps by how its dependents are to be treated. */
function finalizersFor(
  {resource}: RequestContext,
  object: KubeObject,
  {propagation}: DeleteOptions,
): string[] {
  const current = [...(object.metadata.finalizers ?? [])]
  if (object.metadata.deletionTimestamp === undefined) {
    const own = resource.strategy.deletionFinalizers ?? []
    current.push(...own.filter((name) => !current.includes(name)))
  }
  const others = current.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion')
  const wanted = propagation ?? wantedBefore(current) ?? resource.strategy.defaultPropagation
  if (wanted === 'Orphan') return [...others, 'orphan']
  if (wanted === 'Foreground') return [...others, 'foregroundDeletion']
  return others
}

function wantedBefore(finalizers: readonly string[]): 'Orphan' | 'Foreground' | undefined {
  if (finalizers.includes('orphan')) return 'Orphan'
  return finalizers.includes('foregroundDeletion') ? 'Foreground' : undefined
}

function mark(
  {server, resource}: RequestContext,
  object: KubeObject,
  {grace, finalizers}: {grace: number; finalizers: string[]},
): KubeObject {
  const wasDeleted = object.metadata.deletionTimestamp !== undefined
  const {finalizers: _, ...meta} = object.metadata
  const marked: KubeObject = {
    ...object,
    metadata: {
      ...meta,
      deletionTimestamp: timestamp(server.clock.now() + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...(meta.generation !== undefined && !wasDeleted && {generation: meta.generation + 1}),
      ...(finalizers.length > 0 && {finalizers}),
    },
  }
  const {markDeleted} = resource.strategy
  if (markDeleted === undefined) return marked
  const own = cloneJson(asJson(marked))
  markDeleted(own, object, server.clock.now())
  return own as unknown as KubeObject
}

function admissionRequest(
  {resource, info, user}: RequestContext,
  oldObject: KubeObject,
  {dryRun}: DeleteOptions,
): AdmissionRequest {
  return {
    operation: 'DELETE',
    type: resource.type,
    ...(info.namespace !== undefined && {namespace: info.namespace}),
    name: oldObject.metadata.name,
    oldObject,
    user,
    dryRun,
  }
}
