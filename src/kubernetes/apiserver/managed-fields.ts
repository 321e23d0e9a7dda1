import type {KubeObject, ManagedFieldsEntry} from '../../api/meta/object.ts'
import {fieldSet, type FieldsV1} from '../patch/fields-v1.ts'
import {customResourceSchema} from '../patch/merge-schema.ts'
import {builtInMergeTypeOf, mergeTypeOf, type MergeType} from '../patch/merge-type.ts'
import {recordUpdate} from '../patch/record-update.ts'
import {asKubeObject} from './decode-object.ts'
import {objectAt, type JsonObject} from './json-value.ts'
import type {ServedResource, RequestContext} from './request-context.ts'
import {builtinJsonSchema} from './schema/builtin-json-schema.ts'
import type {WriteOptions} from './write-options.ts'

/** Who writes the managed fields of an object: the update that changes it, or somebody before. */
export type Ownership = 'update' | 'set'

const mergeTypes = new WeakMap<ServedResource, MergeType>()

/** How the fields of a kind merge. */
export function mergeTypeFor(resource: ServedResource): MergeType {
  let type = mergeTypes.get(resource)
  if (type === undefined) {
    const {source} = resource.schema
    type =
      source.kind === 'struct'
        ? builtInMergeTypeOf(builtinJsonSchema(source.struct))
        : mergeTypeOf(customResourceSchema(source.schema))
    mergeTypes.set(resource, type)
  }
  return type
}

const STATUS = fieldSet(['status'])
const ALL_BUT_STATUS = fieldSet(['spec'], ['metadata'])
/** By the fields of the metadata that a status write of the kind leaves alone. */
const untouchedByStatus = new WeakMap<readonly string[], FieldsV1>()

/** The fields that a write of this path never changes, whatever the client sends. */
export function untouchedFields({resource, info}: RequestContext): FieldsV1 | undefined {
  if (!resource.strategy.hasStatus) return undefined
  if (info.subresource === undefined) return STATUS
  if (info.subresource !== 'status') return undefined
  const {metadataKeptByStatus: kept} = resource.strategy
  if (kept === undefined) return ALL_BUT_STATUS
  let fields = untouchedByStatus.get(kept)
  if (fields === undefined) {
    fields = fieldSet(['spec'], ...kept.map((name) => ['metadata', name]))
    untouchedByStatus.set(kept, fields)
  }
  return fields
}

/** Notes in the managed fields of `object` what the manager of an update changed, in place. */
export function trackUpdate(
  context: RequestContext,
  before: KubeObject | undefined,
  object: JsonObject,
  {fieldManager}: WriteOptions,
): void {
  const managedFields = recordUpdate({
    before,
    after: asKubeObject(object),
    manager: fieldManager,
    time: context.now,
    apiVersion: context.resource.apiVersion,
    type: mergeTypeFor(context.resource),
    subresource: context.info.subresource,
    ignored: untouchedFields(context),
  })
  setManagedFields(object, managedFields)
}

/** Writes the managed fields of a private object. */
function setManagedFields(
  object: JsonObject,
  managedFields: readonly ManagedFieldsEntry[] | undefined,
): void {
  const meta = objectAt(object, 'metadata')
  if (managedFields === undefined) delete meta['managedFields']
  else meta['managedFields'] = managedFields
}
