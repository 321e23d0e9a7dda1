import type {KubeObject, ManagedFieldsEntry} from '../../api/meta/object.ts'
import {jsonEqual, type JsonObject} from '../../util/json.ts'
import {
  difference,
  differenceBelow,
  fieldSet,
  isEmptySet,
  union,
  type FieldsV1,
} from './fields-v1.ts'
import {
  capManagers,
  decodeManagedFields,
  encodeManagedFields,
  ManagedFieldsError,
  managerId,
  withFields,
  type Manager,
  type ManagerIdentity,
} from './managed-fields.ts'
import type {MergeType} from './merge-type.ts'
import {ListItemError} from './path-element.ts'
import {compareTyped, type Comparison} from './typed-compare.ts'

/** A write that was made in any other way than by server-side apply. */
export interface RecordedUpdate {
  /** What is stored now; undefined for a create. */
  readonly before: KubeObject | undefined
  /** What is to be stored, with the managed fields that the client sent, if any. */
  readonly after: KubeObject
  /** The `fieldManager` of the request, or the user agent up to its first slash. */
  readonly manager: string
  /** RFC 3339 with whole seconds. */
  readonly time: string
  readonly apiVersion: string
  readonly type: MergeType
  readonly subresource?: string | undefined
  /** Fields that a write of this (sub)resource does not touch: status, or all but status. */
  readonly ignored?: FieldsV1 | undefined
}

/** What the server itself sets and nobody ever owns. */
export const NEVER_MANAGED: FieldsV1 = fieldSet(
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'selfLink'],
  ['metadata', 'uid'],
  ['metadata', 'clusterName'],
  ['metadata', 'generation'],
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
)

/**
 * The managed fields of `after`: what the write added or changed belongs to its manager, what it
 * removed belongs to nobody, all else stays with whom it was.
 *
 * - Entries that nothing happens to are the ones of `before`, and so is the whole list.
 * - The time of an entry moves when its manager changed a field in this write.
 * - An object without managed fields stays without: they begin with its creation or with the first
 *   apply. An empty list, or one with an empty entry, removes them.
 * - Managed fields which the client sent are taken over, unless they make no sense or the write
 *   goes to a subresource.
 * - Never throws for what is in the objects; then the entries of `before` stay as they are.
 *
 * Call it before admission: what mutating admission adds belongs to nobody.
 * Counterpart of k8s.io/apimachinery `managedfields.FieldManager.UpdateNoErrors`.
 */
export function recordUpdate(update: RecordedUpdate): ManagedFieldsEntry[] | undefined {
  const stored = update.before?.metadata.managedFields
  try {
    const {entries, managers} = managersToStartFrom(update)
    if (managers.size === 0 && update.before !== undefined) return undefined
    const hasChanged = recordInto(managers, update)
    if (!hasChanged && entries === stored) return stored
    return encodeManagedFields(managers)
  } catch (error) {
    if (error instanceof ManagedFieldsError || error instanceof ListItemError) return stored
    throw error
  }
}

/**
 * Moves ownership among `managers` for a write from `before` to `after`. Answers whether anything
 * moved. Throws a {@link ListItemError}.
 */
export function recordInto(managers: Map<string, Manager>, update: RecordedUpdate): boolean {
  const before = (update.before ?? {}) as unknown as JsonObject
  const after = update.after as unknown as JsonObject
  const {added, modified, removed} = relevantChanges(
    compareTyped(before, after, update.type),
    update.ignored,
  )
  const changed = union(modified, added)
  let hasChanged = false
  for (const [id, manager] of managers) {
    const kept = difference(difference(manager.fields, changed), removed)
    if (kept === manager.fields) continue
    hasChanged = true
    if (isEmptySet(kept)) managers.delete(id)
    else managers.set(id, withFields(manager, kept))
  }
  const own = difference(changed, NEVER_MANAGED)
  if (isEmptySet(own)) return hasChanged

  const identity = identityOf(update)
  const id = managerId(identity)
  const known = managers.get(id)
  const fields = known === undefined ? own : union(known.fields, own)
  if (fields === known?.fields && known.time === update.time) return hasChanged
  managers.set(id, {...identity, time: update.time, fields})
  capManagers(managers)
  return true
}

function identityOf(update: RecordedUpdate): ManagerIdentity {
  return {
    manager: update.manager === '' ? 'unknown' : update.manager,
    operation: 'Update',
    apiVersion: update.apiVersion,
    subresource: update.subresource ?? '',
  }
}

/** The comparison without what the write does not touch. */
export function relevantChanges(comparison: Comparison, ignored?: FieldsV1): Comparison {
  if (ignored === undefined) return comparison
  return {
    added: differenceBelow(comparison.added, ignored),
    modified: differenceBelow(comparison.modified, ignored),
    removed: differenceBelow(comparison.removed, ignored),
  }
}

interface StartingPoint {
  readonly entries: readonly ManagedFieldsEntry[]
  readonly managers: Map<string, Manager>
}

/** Who the write starts from: those the client sent where it may send any, or the stored ones. */
function managersToStartFrom(update: RecordedUpdate): StartingPoint {
  const stored = update.before?.metadata.managedFields ?? NO_ENTRIES
  const sent = update.after.metadata.managedFields
  const isSubresource = update.subresource !== undefined && update.subresource !== ''
  if (!isSubresource && sent !== undefined && sent !== null) {
    if (isReset(sent)) return {entries: NO_ENTRIES, managers: new Map()}
    const managers = sent === stored || jsonEqual(sent, stored) ? undefined : readable(sent)
    if (managers !== undefined) return {entries: sent, managers}
  }
  const managers = readable(stored)
  return managers === undefined
    ? {entries: NO_ENTRIES, managers: new Map()}
    : {entries: stored, managers}
}

const NO_ENTRIES: readonly ManagedFieldsEntry[] = []

function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  const [only] = entries
  return only === undefined || (entries.length === 1 && Object.keys(only).length === 0)
}

/** What the entries say; undefined when they make no sense. */
function readable(entries: readonly ManagedFieldsEntry[]): Map<string, Manager> | undefined {
  try {
    return decodeManagedFields(entries)
  } catch (error) {
    if (error instanceof ManagedFieldsError) return undefined
    throw error
  }
}
