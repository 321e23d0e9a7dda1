import {isJsonObject, jsonEqual, type JsonObject} from '../../util/json.ts'

/**
 * The JSON merge patch that makes `current` what `wanted` says, and takes away what `last` had said
 * and `wanted` says no longer. Fields that neither mentions are left alone; lists are replaced.
 *
 * Counterpart of k8s.io/apimachinery `jsonmergepatch.CreateThreeWayJSONMergePatch`.
 */
export function threeWayMergePatch(last: object, wanted: object, current: object): JsonObject {
  return combine(additions(current as JsonObject, wanted as JsonObject), removals(last, wanted))
}

function additions(current: JsonObject, wanted: JsonObject): JsonObject {
  const patch: JsonObject = {}
  for (const [name, value] of Object.entries(wanted)) {
    const present = current[name]
    if (value === undefined || value === null || jsonEqual(present, value)) continue
    if (isJsonObject(present) && isJsonObject(value)) {
      const inner = additions(present, value)
      if (Object.keys(inner).length > 0) patch[name] = inner
    } else {
      patch[name] = value
    }
  }
  return patch
}

function removals(last: object, wanted: object): JsonObject {
  const patch: JsonObject = {}
  for (const [name, value] of Object.entries(last)) {
    const kept = (wanted as JsonObject)[name]
    if (kept === undefined) {
      patch[name] = null
    } else if (isJsonObject(value) && isJsonObject(kept)) {
      const inner = removals(value, kept)
      if (Object.keys(inner).length > 0) patch[name] = inner
    }
  }
  return patch
}

function combine(left: JsonObject, right: JsonObject): JsonObject {
  const patch: JsonObject = {...left}
  for (const [name, value] of Object.entries(right)) {
    const present = patch[name]
    patch[name] = isJsonObject(present) && isJsonObject(value) ? combine(present, value) : value
  }
  return patch
}
