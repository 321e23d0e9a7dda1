import {isJsonObject, ownField, setField, type JsonObject} from '../../util/json.ts'
import {goKind} from '../../util/go/print.ts'
import {badPatch} from './patch-errors.ts'

/**
 * The object after a JSON merge patch, the body of an `application/merge-patch+json` request.
 *
 * Throws a 400 StatusError when the body is no object.
 */
export function patchMerge(live: JsonObject, body: unknown): JsonObject {
  if (body === null) throw badPatch('Invalid JSON Patch')
  if (!isJsonObject(body)) {
    throw badPatch(
      `error decoding patch: json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`,
    )
  }
  return mergeObjects(live, body)
}

/**
 * `target` with `patch` merged into it (RFC 7386). Neither is changed; the result shares what is
 * the same.
 *
 * Differs from RFC 7386 as evanphx/json-patch does: inside a list, which replaces the old one as a
 * whole, fields of objects that are null are left out.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return withoutNulls(patch)
  return mergeObjects(isJsonObject(target) ? target : {}, patch)
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const result = {...target}
  for (const name of Object.keys(patch)) {
    const value = patch[name]
    if (value === null || value === undefined) delete result[name]
    else setField(result, name, mergePatch(ownField(target, name), value))
  }
  return result
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isJsonObject(value)) return value
  return mergeObjects({}, value)
}
