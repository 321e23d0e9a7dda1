import {NO_FIELDS, SELF, type FieldsV1} from './fields-v1.ts'
import {compareElements, type PathElement} from './path-element.ts'

/**
 * Sets of fields of which there is one copy each.
 *
 * Objects of one kind that one program writes have the same fields. One copy keeps managed fields
 * small, and makes writing them cheap: what is frozen is in order, and is not looked into again.
 * Each copy is found by the way there, element by element, so that looking for it builds nothing.
 */
export interface Shape {
  readonly parent: Shape | undefined
  /** The last element, or what is below it. */
  readonly step: PathElement | FieldsV1
  next: Map<PathElement | FieldsV1, Shape> | undefined
  made: FieldsV1 | undefined
}

/** So many shapes are remembered; then all are forgotten, and copies begin anew. */
const REMEMBERED = 20_000

let empty = makeShape(undefined, '')
let remembered = 0

/** Where a set begins. */
export function emptyShape(): Shape {
  if (remembered > REMEMBERED) {
    empty = makeShape(undefined, '')
    remembered = 0
  }
  return empty
}

/** The shape with one element more; `below` is a frozen set. */
export function withElement(shape: Shape, element: PathElement, below: FieldsV1): Shape {
  const member = take(shape, element)
  return below === NO_FIELDS ? member : take(member, below)
}

function take(shape: Shape, step: PathElement | FieldsV1): Shape {
  shape.next ??= new Map()
  let next = shape.next.get(step)
  if (next === undefined) {
    next = makeShape(shape, step)
    shape.next.set(step, next)
    remembered++
  }
  return next
}

function makeShape(parent: Shape | undefined, step: PathElement | FieldsV1): Shape {
  return {parent, step, next: undefined, made: undefined}
}

/** The one frozen copy of the set that has this shape, in the order upstream writes it. */
export function setOf(shape: Shape): FieldsV1 {
  return (shape.made ??= build(shape))
}

function build(shape: Shape): FieldsV1 {
  const elements: PathElement[] = []
  const nodes = new Map<PathElement, FieldsV1>()
  let below = NO_FIELDS
  for (let at = shape; at.parent !== undefined; at = at.parent) {
    if (typeof at.step !== 'string') {
      below = at.step
      continue
    }
    elements.push(at.step)
    if (below !== NO_FIELDS) nodes.set(at.step, below)
    below = NO_FIELDS
  }
  if (elements.length === 0) return NO_FIELDS
  const set: Record<PathElement, FieldsV1> = {}
  for (const element of sorted(elements)) set[element] = nodes.get(element) ?? NO_FIELDS
  return Object.freeze(set)
}

/** Fields alone are in the order of their texts, which needs no comparison of ours. */
function sorted(elements: PathElement[]): PathElement[] {
  const isPlain = elements.every((element) => element === SELF || element.startsWith('f:'))
  return isPlain ? elements.sort() : elements.sort(compareWithSelf)
}

/** As {@link compareElements}, with the node itself before what is below it. */
function compareWithSelf(left: PathElement, right: PathElement): number {
  if (left === SELF) return -1
  return right === SELF ? 1 : compareElements(left, right)
}

/** The one frozen copy of a set. Every frozen set comes from here. */
export function sharedFields(set: FieldsV1): FieldsV1 {
  if (Object.isFrozen(set)) return set
  let shape = emptyShape()
  for (const element in set) {
    shape = withElement(shape, element, sharedFields(set[element] ?? NO_FIELDS))
  }
  return setOf(shape)
}
