import {isJsonObject, ownField, setField, type JsonObject} from '../../util/json.ts'
import {goKind} from '../../util/go/print.ts'
import type {FieldType, MapType, MergeType} from './merge-type.ts'
import {badPatch} from './patch-errors.ts'
import {
  cleaned,
  DELETE_FROM_PREFIX,
  DIRECTIVE,
  directiveField,
  RETAIN_KEYS,
  SET_ORDER_PREFIX,
} from './strategic-directives.ts'
import {strategicErrors} from './strategic-errors.ts'
import {deleteItems, mergeItems, orderItems, type ItemRules} from './strategic-lists.ts'

/**
 * The object after a strategic merge patch, the body of an
 * `application/strategic-merge-patch+json` request.
 *
 * | in the patch                       | effect                                          |
 * | ---------------------------------- | ----------------------------------------------- |
 * | null                               | removes the field                               |
 * | a map                              | merges, unless the schema says `replace`        |
 * | a list                             | replaces, unless the schema says `merge`        |
 * | `$patch: replace`                  | the map, or list, becomes what else is in it    |
 * | `$patch: delete`                   | the map becomes empty; the list item goes       |
 * | `$retainKeys: [a]`                 | all other fields of the map go                  |
 * | `$deleteFromPrimitiveList/f: [a]`  | the values go from the list `f`                 |
 * | `$setElementOrder/f: [a, b]`       | the items of the list `f` come in this order    |
 *
 * The inputs stay as they are. Throws a StatusError as {@link strategicErrors} says.
 * Counterpart of k8s.io/apimachinery `strategicpatch.StrategicMergeMapPatch`.
 */
export function patchStrategic(live: JsonObject, body: unknown, type: MergeType): JsonObject {
  if (body === null) return live
  if (!isJsonObject(body)) {
    throw badPatch(
      `json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`,
    )
  }
  return mergeMap(live, body, type)
}

function mergeMap(
  original: JsonObject,
  patch: JsonObject,
  type: MergeType | undefined,
): JsonObject {
  const directive = ownField(patch, DIRECTIVE)
  if (directive !== undefined) return obey(directive, patch)

  const result = retained(original, patch)
  const ordered = mergeOrdered(result, patch, type?.map)
  for (const key of Object.keys(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(SET_ORDER_PREFIX) || ordered.has(key)) continue
    if (key.startsWith(DELETE_FROM_PREFIX)) deleteFromList(result, key, patch[key])
    else mergeField(result, key, patch[key], type?.map)
  }
  return result
}

function obey(directive: unknown, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {}
  if (directive !== 'replace') throw strategicErrors.unknownDirective(directive, patch)
  const {[DIRECTIVE]: _, ...rest} = patch
  return cleaned(rest, {keepNulls: true}) as JsonObject
}

/** A copy of `original`, without the fields that `$retainKeys` does not name. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = ownField(patch, RETAIN_KEYS)
  if (keys === undefined) return {...original}
  if (!Array.isArray(keys)) throw strategicErrors.badRetainKeys()
  const retainedKeys = new Set<unknown>(keys)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith('$')) continue
    if (!retainedKeys.has(key)) throw strategicErrors.badRetainKeys()
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => retainedKeys.has(key)))
}

function mergeField(
  result: JsonObject,
  key: string,
  value: unknown,
  type: MapType | undefined,
): void {
  const old = ownField(result, key)
  const field = fieldOf(type, key)
  if (value === null) delete result[key]
  else if (isJsonObject(value) && isJsonObject(old)) {
    const merged = field?.patchStrategy === 'replace' ? value : mergeMap(old, value, field?.type)
    setField(result, key, merged)
  } else if (Array.isArray(value) && Array.isArray(old)) {
    const rules = rulesOf(field)
    setField(result, key, rules === undefined ? value : mergeItems(old, value, rules))
  } else {
    const kept = cleaned(value)
    if (kept === undefined) delete result[key]
    else setField(result, key, kept)
  }
}

function deleteFromList(result: JsonObject, directive: string, values: unknown): void {
  const key = directiveField(directive, DELETE_FROM_PREFIX)
  if (key === undefined) throw strategicErrors.badPrimitiveList()
  const old = ownField(result, key)
  if (values === null) delete result[key]
  else if (Array.isArray(old) && Array.isArray(values)) {
    setField(result, key, deleteItems(old, values))
  }
}

/**
 * Merges the lists that come with a `$setElementOrder`, in place, and answers which those were.
 */
function mergeOrdered(
  result: JsonObject,
  patch: JsonObject,
  type: MapType | undefined,
): ReadonlySet<string> {
  const done = new Set<string>()
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(SET_ORDER_PREFIX)) continue
    const order = patch[directive]
    if (!Array.isArray(order)) throw strategicErrors.wrongType([], order)
    const key = directiveField(directive, SET_ORDER_PREFIX)
    if (key === undefined) throw strategicErrors.badSetElementOrder()
    const old = listOrUndefined(ownField(result, key))
    const items = listOrUndefined(ownField(patch, key))
    const field = fieldOf(type, key)
    const merged = orderItems({old, items, order, key: field?.patchMergeKey}, rulesOf(field))
    done.add(key)
    if (merged !== undefined) setField(result, key, merged)
  }
  return done
}

function listOrUndefined(value: unknown): unknown[] | undefined {
  if (value === undefined || Array.isArray(value)) return value
  throw strategicErrors.wrongType([], value)
}

/** How the list at `field` merges; undefined when the patch replaces it. */
function rulesOf(field: FieldType | undefined): ItemRules | undefined {
  if (field?.patchStrategy !== 'merge') return undefined
  const itemType = field.type.list?.item
  return {
    mergeKey: field.patchMergeKey,
    mergeMap: (original, patch) => mergeMap(original, patch, itemType),
  }
}

function fieldOf(type: MapType | undefined, key: string): FieldType | undefined {
  const declared = type?.fields.get(key)
  if (declared !== undefined || type?.rest === undefined) return declared
  return {
    type: type.rest,
    default: undefined,
    whenMissing: undefined,
    patchStrategy: undefined,
    patchMergeKey: undefined,
  }
}
