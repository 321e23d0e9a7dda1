import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {fieldTypeOf, type MergeType} from './merge-type.ts'
import {compareElements, fieldElement, parseElement, type PathElement} from './path-element.ts'

/**
 * A set of field paths in the form that `managedFields` stores: a tree of path elements. A node
 * without children is a member; a node with children is one if it has the child `.`.
 *
 * `{'f:spec': {'f:replicas': {}, 'f:template': {'.': {}, 'f:name': {}}}}` holds `.spec.replicas`,
 * `.spec.template` and `.spec.template.name`, but not `.spec`.
 *
 * The functions here never change a set; where nothing changes they answer the one they were given.
 * Counterpart of structured-merge-diff `fieldpath.Set`.
 */
export interface FieldsV1 {
  readonly [element: PathElement]: FieldsV1
}

/** The set without members. */
export const NO_FIELDS: FieldsV1 = Object.freeze({})

/** The child by which a node with children says that it is a member itself. */
export const SELF = '.'

/** Whether a set has no members. */
export function isEmptySet(set: FieldsV1): boolean {
  for (const _ in set) return false
  return true
}

/** Whether `path` is a member. */
export function hasPath(set: FieldsV1, path: readonly PathElement[]): boolean {
  let node: FieldsV1 | undefined = set
  for (const element of path) {
    node = node[element]
    if (node === undefined) return false
  }
  return path.length > 0 && isMember(node)
}

/** What is in either set. */
export function union(left: FieldsV1, right: FieldsV1): FieldsV1 {
  if (left === right || isEmptySet(right)) return left
  if (isEmptySet(left)) return right
  let result: Record<PathElement, FieldsV1> | undefined
  for (const element in right) {
    if (element === SELF) continue
    const ours = left[element]
    const theirs = right[element] ?? NO_FIELDS
    const both = ours === undefined ? theirs : unionOfNodes(ours, theirs)
    if (both !== ours) (result ??= {...left})[element] = both
  }
  return result ?? left
}

function unionOfNodes(left: FieldsV1, right: FieldsV1): FieldsV1 {
  const member = isMember(left) || isMember(right)
  const old = children(left)
  const below = union(old, children(right))
  return member === isMember(left) && below === old ? left : node(member, below)
}

/** What is in both sets. */
export function intersection(left: FieldsV1, right: FieldsV1): FieldsV1 {
  const result: Record<PathElement, FieldsV1> = {}
  for (const element in left) {
    const theirs = right[element]
    if (element === SELF || theirs === undefined) continue
    const ours = left[element] ?? NO_FIELDS
    const member = isMember(ours) && isMember(theirs)
    const below = intersection(children(ours), children(theirs))
    if (member || !isEmptySet(below)) result[element] = node(member, below)
  }
  return result
}

/** What is in `left` and not in `right`. A member of `right` does not take along what is below it. */
export function difference(left: FieldsV1, right: FieldsV1): FieldsV1 {
  return subtract(left, right, false)
}

/** What is in `left` and neither in `right` nor below a member of it. */
export function differenceBelow(left: FieldsV1, right: FieldsV1): FieldsV1 {
  return subtract(left, right, true)
}

function subtract(left: FieldsV1, right: FieldsV1, below: boolean): FieldsV1 {
  // What both share is common: the sets of one manager grow out of each other.
  if (left === right) return NO_FIELDS
  let result: Record<PathElement, FieldsV1> | undefined
  for (const element in right) {
    const ours = left[element]
    if (element === SELF || ours === undefined) continue
    const theirs = right[element] ?? NO_FIELDS
    const taken = isMember(theirs)
    const member = isMember(ours) && !taken
    const old = children(ours)
    const rest = taken && below ? NO_FIELDS : subtract(old, children(theirs), below)
    if (member === isMember(ours) && rest === old) continue
    result ??= {...left}
    if (member || !isEmptySet(rest)) result[element] = node(member, rest)
    else delete result[element]
  }
  return result ?? left
}

/** The members that have no member below them. */
export function leaves(set: FieldsV1): FieldsV1 {
  const result: Record<PathElement, FieldsV1> = {}
  for (const element in set) {
    if (element === SELF) continue
    result[element] = leaves(children(set[element] ?? NO_FIELDS))
  }
  return result
}

/** Whether both sets have the same members. */
export function equalSets(left: FieldsV1, right: FieldsV1): boolean {
  if (left === right) return true
  let count = 0
  for (const element in left) {
    const theirs = right[element]
    if (theirs === undefined || !equalSets(left[element] ?? NO_FIELDS, theirs)) return false
    count++
  }
  return count === Object.keys(right).length
}

/** The members, those of a node before those below it; each level in the order of its elements. */
export function* pathsOf(
  set: FieldsV1,
  prefix: readonly PathElement[] = [],
): Generator<readonly PathElement[], void, undefined> {
  const elements = Object.keys(set)
    .filter((element) => element !== SELF)
    .toSorted(compareElements)
  for (const element of elements) {
    if (isMember(set[element] ?? NO_FIELDS)) yield [...prefix, element]
  }
  for (const element of elements) {
    const below = children(set[element] ?? NO_FIELDS)
    if (!isEmptySet(below)) yield* pathsOf(below, [...prefix, element])
  }
}

/**
 * The set in which each declared field that has members below it is a member too.
 *
 * Counterpart of `Set.EnsureNamedFieldsAreMembers`.
 */
export function withNamedFields(set: FieldsV1, type: MergeType | undefined): FieldsV1 {
  const result: Record<PathElement, FieldsV1> = {}
  for (const element in set) {
    if (element === SELF) continue
    const old = set[element] ?? NO_FIELDS
    const name = element.startsWith('f:') ? element.slice(2) : undefined
    const isDeclared = name !== undefined && type?.map?.fields.has(name) === true
    const below = withNamedFields(children(old), typeBelow(type, name))
    result[element] = node(isMember(old) || isDeclared, below)
  }
  return result
}

function typeBelow(type: MergeType | undefined, name: string | undefined): MergeType | undefined {
  if (name === undefined) return type?.list?.item
  return type?.map === undefined ? undefined : fieldTypeOf(type.map, name)
}

/** A set that is still being collected, path by path. */
export class FieldSetBuilder {
  readonly #root: Record<PathElement, FieldsV1> = {}

  /** Adds a path; the path of the whole object is no member of any set. */
  add(path: readonly PathElement[]): void {
    const last = path.at(-1)
    if (last === undefined) return
    const parent = this.#parentOf(path)
    const known = parent[last]
    if (known === undefined) parent[last] = NO_FIELDS
    else if (!isMember(known)) parent[last] = node(true, known)
  }

  /** Adds a place with all that is below it; nothing may be there already. */
  addAll(path: readonly PathElement[], place: FieldsV1): void {
    const last = path.at(-1)
    if (last !== undefined) this.#parentOf(path)[last] = place
  }

  /** The private node above the last element. */
  #parentOf(path: readonly PathElement[]): Record<PathElement, FieldsV1> {
    let parent = this.#root
    for (let depth = 0; depth < path.length - 1; depth++) {
      const element = path[depth] ?? ''
      const known = parent[element]
      // A member without children says so with `.` as soon as it gets one.
      if (known === undefined) parent[element] = {}
      else if (known === NO_FIELDS) parent[element] = {[SELF]: NO_FIELDS}
      parent = parent[element] as Record<PathElement, FieldsV1>
    }
    return parent
  }

  get set(): FieldsV1 {
    return this.#root
  }
}

/** The set of the given paths of field names: `fieldSet(['status'], ['metadata', 'labels'])`. */
export function fieldSet(...paths: readonly (readonly string[])[]): FieldsV1 {
  const builder = new FieldSetBuilder()
  for (const path of paths) builder.add(path.map(fieldElement))
  return builder.set
}

/** The set that a client wrote, in canonical form; undefined when it is none. */
export function parseFields(value: unknown): FieldsV1 | undefined {
  if (!isJsonObject(value)) return undefined
  const result: Record<PathElement, FieldsV1> = {}
  for (const [text, below] of Object.entries(value)) {
    if (text === SELF) continue
    const element = parseElement(text)
    const set = parseFields(below)
    if (element === undefined || set === undefined) return undefined
    const member = Object.hasOwn(below as JsonObject, SELF) || isEmptySet(set)
    const parsed = node(member, set)
    const known = result[element]
    result[element] = known === undefined ? parsed : unionOfNodes(known, parsed)
  }
  return result
}

function isMember(set: FieldsV1): boolean {
  return set[SELF] !== undefined || isEmptySet(set)
}

/** The set below a node, without the node itself. Cheap: `.` is skipped by all functions here. */
function children(set: FieldsV1): FieldsV1 {
  if (set[SELF] === undefined) return set
  const {[SELF]: _, ...rest} = set
  return rest
}

function node(member: boolean, below: FieldsV1): FieldsV1 {
  return member && !isEmptySet(below) ? {[SELF]: NO_FIELDS, ...below} : below
}
