import type {KubeObject, OwnerReference} from '../../../api/meta/object.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import {KeyMultimap} from '../../../util/key-multimap.ts'

/** Finalizer: dependents go first. */
export const FOREGROUND = 'foregroundDeletion'
/** Finalizer: dependents stay and lose their reference. */
export const ORPHAN = 'orphan'

/** What the collector knows about one object. */
export interface GraphNode {
  readonly uid: string
  readonly type: ResourceType
  readonly namespace: string | undefined
  readonly name: string
  readonly owners: readonly OwnerReference[]
  readonly finalizers: readonly string[]
  readonly isDeleting: boolean
}

/**
 * Who owns whom, over all kinds, by uid. Finding the dependents of an object costs what it
 * answers.
 *
 * Counterpart of kubernetes `pkg/controller/garbagecollector/graph.go`.
 */
export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>()
  readonly #dependents = new KeyMultimap()

  /** Stores what an object looks like now; answers what was known before. */
  set(type: ResourceType, object: KubeObject): {node: GraphNode; before: GraphNode | undefined} {
    const {metadata} = object
    const node: GraphNode = {
      uid: metadata.uid ?? '',
      type,
      namespace: metadata.namespace,
      name: metadata.name,
      owners: metadata.ownerReferences ?? [],
      finalizers: metadata.finalizers ?? [],
      isDeleting: metadata.deletionTimestamp !== undefined,
    }
    const before = this.#nodes.get(node.uid)
    if (before?.owners !== node.owners) {
      for (const {uid} of before?.owners ?? []) this.#dependents.delete(uid, node.uid)
      for (const {uid} of node.owners) this.#dependents.add(uid, node.uid)
    }
    this.#nodes.set(node.uid, node)
    return {node, before}
  }

  /** Forgets an object that is gone and answers what was known. Its dependents stay linked. */
  delete(uid: string): GraphNode | undefined {
    const node = this.#nodes.get(uid)
    if (node === undefined) return undefined
    this.#nodes.delete(uid)
    for (const owner of node.owners) this.#dependents.delete(owner.uid, uid)
    return node
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid)
  }

  /** The objects that name `uid` as an owner. */
  dependentsOf(uid: string): GraphNode[] {
    const nodes: GraphNode[] = []
    for (const dependent of this.#dependents.get(uid)) {
      const node = this.#nodes.get(dependent)
      if (node !== undefined) nodes.push(node)
    }
    return nodes
  }

  /** Whether any object names `uid` as an owner. */
  hasDependents(uid: string): boolean {
    return this.#dependents.has(uid)
  }
}

/** Whether the object waits until its dependents are deleted. */
export function isDeletingDependents(node: GraphNode): boolean {
  return node.isDeleting && node.finalizers.includes(FOREGROUND)
}

/** Whether the object waits until its dependents are set free. */
export function isOrphaning(node: GraphNode): boolean {
  return node.isDeleting && node.finalizers.includes(ORPHAN)
}

/** The dependents that keep an owner with foreground deletion from going. */
export function blocksDeletionOf(dependent: GraphNode, ownerUid: string): boolean {
  return dependent.owners.some(
    ({uid, blockOwnerDeletion}) => uid === ownerUid && blockOwnerDeletion === true,
  )
}
