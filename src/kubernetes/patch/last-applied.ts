import type {KubeObject} from '../../api/meta/object.ts'
import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {difference, type FieldsV1} from './fields-v1.ts'
import {goJson, sortedJson} from '../../util/go/json.ts'
import type {MergeType} from './merge-type.ts'
import {ListItemError} from './path-element.ts'
import {compareTyped} from './typed-compare.ts'
import {fieldsOf} from './typed-fields.ts'
import {typeProblems} from './typed-validate.ts'
import {LAST_APPLIED_ANNOTATION} from '../../api/meta/well-known.ts'

/** What all annotations of an object may take together. */
const ANNOTATIONS_LIMIT_BYTES = 256 * 1024

/** Whether client-side apply left its annotation. */
export function hasLastApplied(object: KubeObject): boolean {
  return (object.metadata.annotations?.[LAST_APPLIED_ANNOTATION] ?? '') !== ''
}

/**
 * The fields that client-side apply set and that still have those values: whoever applied them
 * may change them from now on with server-side apply. Undefined when there are none to be known.
 *
 * Counterpart of k8s.io/apimachinery `lastAppliedManager`.
 */
export function fieldsFromLastApplied(
  live: KubeObject,
  apiVersion: string,
  type: MergeType,
): FieldsV1 | undefined {
  const lastApplied = parse(live.metadata.annotations?.[LAST_APPLIED_ANNOTATION] ?? '')
  if (lastApplied?.['apiVersion'] !== apiVersion) return undefined
  if (typeProblems(lastApplied, type).length > 0) return undefined
  try {
    const {added, modified, removed} = compareTyped(lastApplied, asJson(live), type)
    const fields = fieldsOf(lastApplied, type)
    return difference(difference(difference(fields, modified), added), removed)
  } catch (error) {
    if (error instanceof ListItemError) return undefined
    throw error
  }
}

/** The object with the annotation set to `applied`, or without it when it would be too large. */
export function setLastApplied(object: KubeObject, applied: KubeObject): KubeObject {
  const {[LAST_APPLIED_ANNOTATION]: _, ...own} = applied.metadata.annotations ?? {}
  const metadata = {
    ...applied.metadata,
    ...(applied.metadata.annotations !== undefined && {annotations: own}),
  }
  // With its fields in order and a line end, as Go's encoder writes it.
  const text = `${goJson(sortedJson({...applied, metadata}))}\n`
  const {[LAST_APPLIED_ANNOTATION]: __, ...annotations} = object.metadata.annotations ?? {}
  const all = {...annotations, [LAST_APPLIED_ANNOTATION]: text}
  const sizeBytes = Object.entries(all).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  const kept = sizeBytes > ANNOTATIONS_LIMIT_BYTES ? annotations : all
  return {...object, metadata: {...object.metadata, annotations: kept}}
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject
}
