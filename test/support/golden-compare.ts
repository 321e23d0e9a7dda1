/** Compares what a cluster holds with what a genuine Knative held at the same point. */
import type {KubeObject} from '../../src/api/meta/object.ts'
import {isJsonObject, type JsonObject} from '../../src/util/json.ts'
import {GOLDEN_KINDS} from './golden-kinds.ts'
import {normaliseObject} from './golden-normalise.ts'
import {goldenObjects} from './golden-objects.ts'

/** The lists of a namespace by the name of their file. */
export type Recording = ReadonlyMap<string, readonly KubeObject[]>

/** A difference that is meant, or that the recording's own circumstances brought about. */
export interface Tolerance {
  /** As in {@link Difference}. */
  readonly kinds: readonly string[]
  readonly name?: RegExp
  /** Matches paths as they are printed: list items by their index, conditions by their type. */
  readonly path: RegExp
  readonly reason: string
}

/** Where a recording and we differ. */
export interface Difference {
  /** The name of the file the object's list is in; `table` for what kubectl printed. */
  readonly kind: string
  readonly name: string
  readonly path: string
  readonly recorded: string
  readonly here: string
}

/** Compares every object but events, whose number is a matter of timing. */
export function compareObjects(folder: string, ours: Recording): Difference[] {
  return Object.keys(GOLDEN_KINDS)
    .filter((kind) => kind !== 'event')
    .flatMap((kind) => compareKind(kind, goldenObjects(folder, kind), ours.get(kind) ?? []))
}

/** The differences that no rule tolerates: object, path, what was recorded, what is here. */
export function formatDifferences(
  differences: readonly Difference[],
  tolerances: readonly Tolerance[],
): string[] {
  return differences
    .filter((found) => !tolerances.some((rule) => tolerates(rule, found)))
    .map(({kind, name, path, recorded, here}) => `${kind}/${name} ${path}: ${recorded} ≠ ${here}`)
}

function tolerates(rule: Tolerance, {kind, name, path}: Difference): boolean {
  return rule.kinds.includes(kind) && (rule.name?.test(name) ?? true) && rule.path.test(path)
}

function compareKind(
  kind: string,
  recorded: readonly KubeObject[],
  ours: readonly KubeObject[],
): Difference[] {
  const left = byName(kind, recorded)
  const right = byName(kind, ours)
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
    [...differ(left.get(name), right.get(name), '')].map((found) => ({kind, name, ...found})),
  )
}

/** Normalised objects by name; of objects that only differ in a random name, the n-th oldest. */
function byName(kind: string, objects: readonly KubeObject[]): Map<string, JsonObject> {
  const created = ({metadata}: KubeObject): string => metadata.creationTimestamp ?? ''
  const oldestFirst = objects.toSorted((left, right) => (created(left) < created(right) ? -1 : 1))
  const result = new Map<string, JsonObject>()
  for (const object of oldestFirst) {
    const normal = normaliseObject(object, kind)
    const {name} = normal['metadata'] as {name: string}
    let key = name
    for (let count = 2; result.has(key); count++) key = `${name}#${count}`
    result.set(key, normal)
  }
  return result
}

function* differ(
  left: unknown,
  right: unknown,
  path: string,
): Generator<Pick<Difference, 'path' | 'recorded' | 'here'>> {
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) {
      yield {path: `${path}.length`, recorded: `${left.length}`, here: `${right.length}`}
    }
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      yield* differ(left[index], right[index], `${path}[${labelOf(left[index]) ?? index}]`)
    }
  } else if (isJsonObject(left) && isJsonObject(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      yield* differ(left[name], right[name], `${path}.${name}`)
    }
  } else if (left !== right) {
    yield {path, recorded: shorten(left), here: shorten(right)}
  }
}

/** Conditions are told apart by their type. */
function labelOf(item: unknown): string | undefined {
  const isCondition = isJsonObject(item) && 'status' in item && 'type' in item
  return isCondition ? String(item['type']) : undefined
}

function shorten(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 297)}...` : text
}
