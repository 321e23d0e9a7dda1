import type {ManagedFieldsEntry} from '../../api/meta/object.ts'
import {difference, fieldSet, hasPath, isEmptySet} from './fields-v1.ts'
import {
  decodeManagedFields,
  encodeManagedFields,
  managerId,
  withFields,
  type Manager,
} from './managed-fields.ts'

const SCALE_VERSION = 'autoscaling/v1'
const REPLICAS = ['f:spec', 'f:replicas']
const REPLICAS_SET = fieldSet(['spec', 'replicas'])

/**
 * The managed fields of a Scale: whoever owns `.spec.replicas` of its parent.
 *
 * Counterpart of k8s.io/apimachinery `managedfields.ScaleHandler.ToSubresource`. Differs from
 * upstream: replicas are at `.spec.replicas` of every parent.
 */
export function scaleManagedFields(
  parent: readonly ManagedFieldsEntry[] | undefined,
): ManagedFieldsEntry[] | undefined {
  const managers = new Map<string, Manager>()
  for (const {stored: _, ...manager} of decodeManagedFields(parent).values()) {
    if (!hasPath(manager.fields, REPLICAS)) continue
    const scaled: Manager = {...manager, apiVersion: SCALE_VERSION, fields: REPLICAS_SET}
    managers.set(managerId(scaled), scaled)
  }
  return encodeManagedFields(managers)
}

/**
 * The managed fields of the parent after its Scale, with the managed fields `scale`, was written:
 * who lost the replicas there loses them here, who got them there gets an entry here.
 *
 * `apiVersion` is the parent's. Counterpart of `managedfields.ScaleHandler.ToParent`.
 */
export function parentManagedFields(
  parent: readonly ManagedFieldsEntry[] | undefined,
  scale: readonly ManagedFieldsEntry[] | undefined,
  apiVersion: string,
): ManagedFieldsEntry[] | undefined {
  const owners = new Map<string, Manager>()
  for (const {stored: _, ...manager} of decodeManagedFields(scale).values()) {
    if (!hasPath(manager.fields, REPLICAS)) continue
    const owner: Manager = {...manager, apiVersion, fields: REPLICAS_SET}
    owners.set(managerId(owner), owner)
  }
  const managers = decodeManagedFields(parent)
  for (const [id, manager] of managers) {
    if (owners.delete(id) || !hasPath(manager.fields, REPLICAS)) continue
    const kept = difference(manager.fields, REPLICAS_SET)
    if (isEmptySet(kept)) managers.delete(id)
    else managers.set(id, withFields(manager, kept))
  }
  for (const [id, owner] of owners) managers.set(id, owner)
  return encodeManagedFields(managers)
}
