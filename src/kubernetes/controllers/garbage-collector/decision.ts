import type {OwnerReference} from '../../../api/meta/object.ts'
import {FOREGROUND, type GraphNode, ORPHAN} from './owner-graph.ts'

/** How an owner reference stands. */
export type OwnerState = 'solid' | 'dangling' | 'waiting'

/** What to do with an object that has owners. */
export type GarbageDecision =
  | {readonly action: 'keep'}
  | {readonly action: 'release'; readonly owners: readonly OwnerReference[]}
  | {readonly action: 'delete'; readonly policy: 'Background' | 'Foreground' | 'Orphan'}

/**
 * Decides about an object from how its owners stand: `solid` is there, `dangling` is gone,
 * `waiting` is being deleted in the foreground.
 *
 * | solid | dangling or waiting | has dependents, waiting | decision                        |
 * | ----- | ------------------- | ----------------------- | ------------------------------- |
 * | > 0   | 0                   | any                     | keep                            |
 * | > 0   | > 0                 | any                     | release from those              |
 * | 0     | > 0                 | yes                     | delete, dependents first        |
 * | 0     | > 0                 | no                      | delete, as its finalizers say   |
 * | 0     | 0                   | any                     | keep: it has no owners          |
 */
export function decideGarbage(
  node: GraphNode,
  states: ReadonlyMap<OwnerReference, OwnerState>,
  hasDependents: boolean,
): GarbageDecision {
  const all = [...states.values()]
  if (all.length === 0) return {action: 'keep'}
  if (all.includes('solid')) {
    const owners = [...states].filter(([, state]) => state !== 'solid').map(([owner]) => owner)
    return owners.length === 0 ? {action: 'keep'} : {action: 'release', owners}
  }
  if (all.includes('waiting') && hasDependents) return {action: 'delete', policy: 'Foreground'}
  if (node.finalizers.includes(ORPHAN)) return {action: 'delete', policy: 'Orphan'}
  if (node.finalizers.includes(FOREGROUND)) return {action: 'delete', policy: 'Foreground'}
  return {action: 'delete', policy: 'Background'}
}
