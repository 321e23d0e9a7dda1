import type {UnknownObject} from '../../api/meta/object.ts'
import {isJsonObject} from '../../util/json.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'

/** Fields the server keeps for itself. */
const BOOKKEEPING = new Set([
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.creationTimestamp',
  'metadata.uid',
  'status',
])
const MAX_TEXT = 120

/**
 * The differences of two states of an object, one line per field, removals first.
 *
 * @example
 *   - spec.replicas: 1
 *   + spec.replicas: 3
 */
export function objectDiff(before: UnknownObject, after: UnknownObject): string[] {
  return differences('', before, after)
}

/**
 * The differences of an object that is there from the fields that are wanted of it. Fields that are
 * not wanted otherwise are whatever they are: the server's defaults, or somebody else's.
 */
export function wantedDiff(live: UnknownObject, wanted: UnknownObject): string[] {
  return differences('', live, onTopOf(live, wanted) as UnknownObject)
}

/** `wanted` with what it does not name taken from `live`. */
function onTopOf(live: unknown, wanted: unknown): unknown {
  if (wanted === null || wanted === undefined) return live
  if (isJsonObject(live) && isJsonObject(wanted)) {
    const named = Object.keys(wanted).map((key) => [key, onTopOf(live[key], wanted[key])])
    return {...live, ...Object.fromEntries(named)}
  }
  if (Array.isArray(live) && Array.isArray(wanted) && live.length === wanted.length) {
    return wanted.map((item, index) => onTopOf(live[index], item))
  }
  return wanted
}

function differences(path: string, before: unknown, after: unknown): string[] {
  if (BOOKKEEPING.has(path) || semanticEqual(before, after)) return []
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => differences(join(path, key), before[key], after[key]))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(`${path}[${index}]`, item, after[index]))
  }
  return [
    ...(before === undefined ? [] : [`- ${path}: ${shorten(before)}`]),
    ...(after === undefined ? [] : [`+ ${path}: ${shorten(after)}`]),
  ]
}

function join(path: string, key: string): string {
  const quoted = /^[\w-]+$/.test(key) ? key : `"${key}"`
  return path === '' ? quoted : `${path}.${quoted}`
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length} characters)`
}
