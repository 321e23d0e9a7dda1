import type {KubeObject, ManagedFieldsEntry} from '../../api/meta/object.ts'
import {jsonEqual, type JsonObject} from '../../util/json.ts'
import {applyConflictError, type ApplyConflict} from './apply-conflict.ts'
import {
  difference,
  differenceBelow,
  equalSets,
  hasPath,
  intersection,
  isEmptySet,
  NO_FIELDS,
  pathsOf,
  union,
  withNamedFields,
  FieldSetBuilder,
  type FieldsV1,
} from './fields-v1.ts'
import {fieldsFromLastApplied, hasLastApplied, setLastApplied} from './last-applied.ts'
import {
  decodeManagedFields,
  encodeManagedFields,
  ManagedFieldsError,
  managerId,
  withFields,
  type Manager,
  type ManagerIdentity,
  type Managers,
} from './managed-fields.ts'
import type {MergeType} from './merge-type.ts'
import {badPatch, plainFailure} from './patch-errors.ts'
import {NEVER_MANAGED, recordInto, relevantChanges} from './record-update.ts'
import {compareTyped} from './typed-compare.ts'
import {fieldsOf} from './typed-fields.ts'
import {mergeTyped} from './typed-merge.ts'
import {removeFields} from './typed-remove.ts'
import {printProblems, typeProblems} from './typed-validate.ts'

/** A server-side apply request. */
export interface ApplyRequest {
  /** What is stored now; undefined when the apply creates the object. */
  readonly live: KubeObject | undefined
  /** The configuration, the body of the request. */
  readonly applied: KubeObject
  readonly manager: string
  /** Takes fields away from other managers instead of failing. */
  readonly force: boolean
  /** RFC 3339 with whole seconds. */
  readonly time: string
  /** Of the request's URL. */
  readonly apiVersion: string
  readonly kind: string
  readonly type: MergeType
  readonly subresource?: string | undefined
  /** Fields that a write of this (sub)resource does not touch: status, or all but status. */
  readonly ignored?: FieldsV1 | undefined
}

/**
 * The object after a configuration was applied to it, with its managed fields.
 *
 * - What the configuration sets is set and belongs to the manager.
 * - What the manager applied before and does not any more is removed, unless somebody else owns it.
 * - What others own and the configuration sets to another value is a conflict, or with `force` taken
 *   over; set to the same value it belongs to both.
 * - Applied twice, the second time changes nothing, not even a time.
 *
 * Neither input is changed. Throws a StatusError: 400 for a configuration of another kind or with
 * managed fields, 409 for conflicts, 500 where kube-apiserver answers that for fields that are not in
 * the schema. Defaulting and admission come afterwards; what they add belongs to nobody.
 *
 * Counterpart of k8s.io/apimachinery `managedfields.FieldManager.Apply`. Differs from upstream:
 * managers of other versions are taken to mean the same schema, because the versions of a kind differ
 * by nothing but their name here.
 */
export function applyConfiguration(request: ApplyRequest): KubeObject {
  checkConfiguration(request)
  const managers = managersOf(request)
  try {
    return apply(request, new Map(managers), request.force)
  } catch (error) {
    if (!(error instanceof ConflictsError)) throw error
    if (request.manager !== 'kubectl') throw applyConflictError(error.conflicts)
    const remaining = withoutLastApplied(error.conflicts, request)
    if (remaining.length > 0) throw applyConflictError(remaining)
    return apply(request, new Map(managers), true)
  }
}

class ConflictsError extends Error {
  readonly conflicts: readonly ApplyConflict[]

  constructor(conflicts: readonly ApplyConflict[]) {
    super('the configuration conflicts with other managers')
    this.conflicts = conflicts
  }
}

/** Refuses a configuration of another type than the object's. */
export function checkConfigurationType(
  applied: {readonly apiVersion?: unknown; readonly kind?: unknown},
  {apiVersion, kind}: {readonly apiVersion: string; readonly kind: string},
): void {
  if (applied.apiVersion === apiVersion && applied.kind === kind) return
  throw badPatch(`invalid object type: ${goType(applied.apiVersion, applied.kind)}`)
}

/** A type as Go prints it: the core group is empty, and what is missing too. */
function goType(apiVersion: unknown, kind: unknown): string {
  const version = typeof apiVersion === 'string' ? apiVersion : ''
  const name = typeof kind === 'string' ? kind : ''
  return `${version.includes('/') ? version : `/${version}`}, Kind=${name}`
}

function checkConfiguration({applied, apiVersion, kind, type}: ApplyRequest): void {
  checkConfigurationType(applied, {apiVersion, kind})
  if (applied.metadata.managedFields !== undefined && applied.metadata.managedFields !== null) {
    throw badPatch('metadata.managedFields must be nil')
  }
  const problems = typeProblems(applied, type)
  if (problems.length > 0) {
    const {namespace = '', name} = applied.metadata
    throw plainFailure(
      `failed to create typed patch object (${namespace}/${name}; ${goType(apiVersion, kind)}): ${printProblems(problems)}`,
    )
  }
}

/** Who owns what before the apply; an object that nobody managed gets a manager for what it has. */
function managersOf(request: ApplyRequest): Managers {
  const {live} = request
  if (live === undefined) return new Map()
  const managers = decode(live.metadata.managedFields)
  if (managers.size === 0) {
    recordInto(managers, {
      ...request,
      before: undefined,
      after: live,
      manager: 'before-first-apply',
    })
  }
  return managers
}

function decode(entries: readonly ManagedFieldsEntry[] | undefined): Map<string, Manager> {
  try {
    return decodeManagedFields(entries)
  } catch (error) {
    if (!(error instanceof ManagedFieldsError)) throw error
    throw plainFailure(`failed to decode managed fields: ${error.message}`)
  }
}

/** Merges, removes, resolves conflicts. Changes `managers`. */
function apply(request: ApplyRequest, managers: Map<string, Manager>, force: boolean): KubeObject {
  const {applied, type, ignored} = request
  const identity: ManagerIdentity = {
    manager: request.manager === '' ? 'unknown' : request.manager,
    operation: 'Apply',
    apiVersion: request.apiVersion,
    subresource: request.subresource ?? '',
  }
  const id = managerId(identity)
  const previous = managers.get(id)
  const live = withoutManagedFields(request.live ?? applied, request.live === undefined)
  const configured = fieldsOf(applied, type)
  const fields = ignored === undefined ? configured : differenceBelow(configured, ignored)
  managers.set(id, {...identity, time: previous?.time, fields})

  const merged = mergeTyped(live, applied, type) as JsonObject
  const last = previous?.fields ?? NO_FIELDS
  // An empty list has no fields to own and goes with what it held: the second merge brings it back.
  const givesUp = !isEmptySet(difference(last, fields))
  const pruned = givesUp
    ? (mergeTyped(prune(merged, {managers, last, type}), applied, type) as JsonObject)
    : merged
  yieldFields(managers, {id, live, result: pruned, force, request})

  const managed = difference(fields, NEVER_MANAGED)
  const isSame = request.live !== undefined && jsonEqual(live, pruned)
  const time = isSame ? previous?.time : request.time
  if (isEmptySet(managed)) managers.delete(id)
  else managers.set(id, sameOr(previous, {...identity, time, fields: managed}))
  return withManagers(pruned, managers, request)
}

/**
 * `merged` without what the manager applied last time and does not apply any more.
 *
 * What others own stays, with what it needs around it; so does what was never applied by anybody.
 * Counterpart of structured-merge-diff `Updater.prune`.
 */
function prune(
  merged: JsonObject,
  {managers, last, type}: {managers: Managers; last: FieldsV1; type: MergeType},
): JsonObject {
  const named = (set: FieldsV1): FieldsV1 => withNamedFields(set, type)
  const mergedFields = named(fieldsOf(merged, type))

  // First everything of last time goes, then what anybody owns now comes back …
  const bare = removeFields(merged, named(last), type)
  let owned: FieldsV1 = NO_FIELDS
  for (const manager of managers.values()) owned = union(owned, manager.fields)
  const wanted = union(named(fieldsOf(bare, type)), named(owned))
  const pruned = removeFields(merged, difference(mergedFields, wanted), type)

  // … and then what went along with it though the manager never applied it.
  const gone = difference(mergedFields, named(fieldsOf(pruned, type)))
  return removeFields(merged, intersection(gone, named(last)), type) as JsonObject
}

/** Takes what changes away from the other managers. Throws a ConflictsError unless `force`. */
function yieldFields(
  managers: Map<string, Manager>,
  change: {id: string; live: JsonObject; result: JsonObject; force: boolean; request: ApplyRequest},
): void {
  const {request} = change
  const before = request.live === undefined ? {} : change.live
  const comparison = compareTyped(before, change.result, request.type)
  const {added, modified, removed} = relevantChanges(comparison, request.ignored)
  const changed = union(modified, added)
  const conflicts: ApplyConflict[] = []
  for (const [id, manager] of [...managers].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )) {
    if (id === change.id) continue
    const lost = intersection(manager.fields, changed)
    if (!isEmptySet(lost)) conflicts.push({manager, fields: lost})
    const kept = difference(difference(manager.fields, lost), removed)
    if (isEmptySet(kept)) managers.delete(id)
    else managers.set(id, withFields(manager, kept))
  }
  if (conflicts.length > 0 && !change.force) throw new ConflictsError(conflicts)
}

/** The conflicts that do not come from what the same user applied with client-side apply before. */
function withoutLastApplied(
  conflicts: readonly ApplyConflict[],
  request: ApplyRequest,
): ApplyConflict[] {
  const allowed =
    request.live && fieldsFromLastApplied(request.live, request.apiVersion, request.type)
  if (allowed === undefined) return [...conflicts]
  return conflicts.flatMap(({manager, fields}) => {
    const remaining = new FieldSetBuilder()
    for (const path of pathsOf(fields)) if (!hasPath(allowed, path)) remaining.add(path)
    return isEmptySet(remaining.set) ? [] : [{manager, fields: remaining.set}]
  })
}

/** The stored manager if it says the same, so that its entry stays what it is. */
function sameOr(previous: Manager | undefined, next: Manager): Manager {
  const isSame =
    previous?.apiVersion === next.apiVersion &&
    previous.time === next.time &&
    equalSets(previous.fields, next.fields)
  return isSame ? previous : next
}

function withManagers(result: JsonObject, managers: Managers, request: ApplyRequest): KubeObject {
  const object = result as unknown as KubeObject
  const managedFields = encodeManagedFields(managers)
  const metadata = {...object.metadata, ...(managedFields !== undefined && {managedFields})}
  const stored = {...object, metadata}
  // kubectl keeps its client-side annotation true, so that a user may go back to client-side apply.
  return request.manager === 'kubectl' && hasLastApplied(stored)
    ? setLastApplied(stored, request.applied)
    : stored
}

/** What the configuration merges into; for a create only what says which object it is. */
function withoutManagedFields(object: KubeObject, isNew: boolean): JsonObject {
  if (isNew) return {apiVersion: object.apiVersion, kind: object.kind}
  const {managedFields: _, ...metadata} = object.metadata
  return {...object, metadata} as unknown as JsonObject
}
