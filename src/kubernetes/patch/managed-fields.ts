import type {ManagedFieldsEntry} from '../../api/meta/object.ts'
import {isEmptySet, NO_FIELDS, parseFields, union, type FieldsV1} from './fields-v1.ts'
import {sharedFields} from './shared-fields.ts'
import {compareText} from '../../util/go/compare.ts'

/** One manager of an object and the fields it owns. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  /** RFC 3339, when the manager last changed something; undefined when it never did. */
  readonly time: string | undefined
  readonly fields: FieldsV1
  /** The stored entry that this was read from, as long as it still says the same. */
  readonly stored?: ManagedFieldsEntry
}

/** Who is writing: what tells one manager of an object from another. */
export type ManagerIdentity = Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>

/** The managers of one object by their {@link managerId}. */
export type Managers = ReadonlyMap<string, Manager>

/** More managers that update are merged into one called `ancient-changes`. */
const MAX_UPDATE_MANAGERS = 10

/**
 * The identity of a manager as upstream writes it. For those who apply, the version does not
 * count: they keep what they own when they move to another version.
 */
export function managerId(identity: ManagerIdentity): string {
  const {manager, operation, apiVersion, subresource} = identity
  const parts = [
    manager === '' ? '' : `"manager":${JSON.stringify(manager)},`,
    `"operation":"${operation}"`,
    operation === 'Apply' || apiVersion === '' ? '' : `,"apiVersion":${JSON.stringify(apiVersion)}`,
    subresource === '' ? '' : `,"subresource":${JSON.stringify(subresource)}`,
  ]
  return `{${parts.join('')}}`
}

/** Why managed fields cannot be read. */
export class ManagedFieldsError extends Error {
  override readonly name = 'ManagedFieldsError'
}

/** Reads `metadata.managedFields`. Throws a {@link ManagedFieldsError} when they make no sense. */
export function decodeManagedFields(
  entries: readonly ManagedFieldsEntry[] | undefined,
): Map<string, Manager> {
  const managers = new Map<string, Manager>()
  for (const [index, entry] of (entries ?? []).entries()) {
    const manager = decodeEntry(entry, index)
    managers.set(managerId(manager), manager)
  }
  return managers
}

function decodeEntry(entry: ManagedFieldsEntry, index: number): Manager {
  const {operation, apiVersion = '', fieldsType} = entry
  if (operation !== 'Apply' && operation !== 'Update') {
    throw new ManagedFieldsError('operation must be `Apply` or `Update`')
  }
  if (apiVersion === '') throw new ManagedFieldsError('apiVersion must not be empty')
  if (fieldsType !== 'FieldsV1') {
    throw new ManagedFieldsError(
      fieldsType === undefined
        ? `missing fieldsType in managed fields entry ${index}`
        : `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`,
    )
  }
  // What is stored was written by encodeEntry; what a client sent may be written in another way.
  const isStored = Object.isFrozen(entry)
  const fields = isStored ? (entry.fieldsV1 as FieldsV1) : parseFields(entry.fieldsV1 ?? {})
  if (fields === undefined) {
    throw new ManagedFieldsError(`error decoding the fields of managed fields entry ${index}`)
  }
  return {
    manager: entry.manager ?? '',
    operation,
    apiVersion,
    subresource: entry.subresource ?? '',
    time: entry.time,
    fields,
    ...(isStored && {stored: entry}),
  }
}

/** Writes `metadata.managedFields`, in upstream's order; undefined when there is nobody. */
export function encodeManagedFields(managers: Managers): ManagedFieldsEntry[] | undefined {
  const present = [...managers.values()].filter(({fields}) => !isEmptySet(fields))
  if (present.length === 0) return undefined
  return present.toSorted(compareManagers).map(encodeEntry)
}

/** The manager with other fields and, where given, another time. */
export function withFields(manager: Manager, fields: FieldsV1, time = manager.time): Manager {
  if (fields === manager.fields && time === manager.time) return manager
  const {stored: _, ...rest} = manager
  return {...rest, fields, time}
}

/** Merges the oldest managers that update, one per version, until few enough remain. */
export function capManagers(managers: Map<string, Manager>): void {
  if (managers.size <= MAX_UPDATE_MANAGERS) return
  const updating = [...managers].filter(([, manager]) => manager.operation === 'Update')
  let surplus = updating.length - MAX_UPDATE_MANAGERS
  if (surplus <= 0) return
  updating.sort(
    ([leftId, left], [rightId, right]) =>
      secondsOf(left.time) - secondsOf(right.time) || (leftId < rightId ? -1 : 1),
  )
  const firstOfVersion = new Map<string, string>()
  for (const [id, manager] of updating) {
    if (surplus <= 0) return
    const first = firstOfVersion.get(manager.apiVersion)
    if (first === undefined) {
      // Alone it saves nothing; the next of its version joins it.
      firstOfVersion.set(manager.apiVersion, id)
      continue
    }
    const bucket: ManagerIdentity = {
      manager: 'ancient-changes',
      operation: 'Update',
      apiVersion: manager.apiVersion,
      subresource: '',
    }
    const bucketId = managerId(bucket)
    const collected = managers.get(bucketId) ?? managers.get(first)
    if (!managers.has(bucketId)) managers.delete(first)
    managers.delete(id)
    const fields = union(manager.fields, collected?.fields ?? NO_FIELDS)
    managers.set(bucketId, {...bucket, time: manager.time, fields})
    surplus--
  }
}

function encodeEntry(manager: Manager): ManagedFieldsEntry {
  if (manager.stored !== undefined) return manager.stored
  return Object.freeze({
    ...(manager.manager !== '' && {manager: manager.manager}),
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time !== undefined && {time: manager.time}),
    fieldsType: 'FieldsV1',
    fieldsV1: sharedFields(manager.fields),
    ...(manager.subresource !== '' && {subresource: manager.subresource}),
  })
}

function compareManagers(left: Manager, right: Manager): number {
  return (
    compareText(left.operation, right.operation) ||
    compareTimes(left.time, right.time) ||
    compareText(left.manager, right.manager) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource, right.subresource)
  )
}

function compareTimes(left: string | undefined, right: string | undefined): number {
  return left === right ? 0 : secondsOf(left) - secondsOf(right)
}

function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1_000)
}
